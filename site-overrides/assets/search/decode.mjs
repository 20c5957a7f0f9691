/* The text of a file that was dropped or chosen. Pure: no page, no network. */

/* Bytes that are read of a file; of a longer one the end, since errors stand there. */
export const MOST_BYTES = 24 * 1024 * 1024

const SAMPLE = 4096

/* Decode bytes forgivingly: UTF-8; UTF-16, which PowerShell writes, with its mark or without;
   anything else as Windows-1252. NULs are taken out. `binary` says that it is hardly a text. */
export function decode(bytes) {
  const text = decoded(bytes).replaceAll("\0", "")
  const sample = text.slice(0, SAMPLE)
  const odd = sample.match(/[\x01-\x06\x0e-\x1a\x1c-\x1f\x80-\x9f\ufffd]/g)?.length ?? 0
  return { text, binary: odd * 10 > sample.length }
}

function decoded(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return read("utf-16le", bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return read("utf-16be", bytes)
  const [even, odd] = nulls(bytes.subarray(0, SAMPLE))
  if (odd > 0.3 && even < 0.1) return read("utf-16le", bytes)
  if (even > 0.3 && odd < 0.1) return read("utf-16be", bytes)
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return read(cutInside(bytes) ? "utf-8" : "windows-1252", bytes)
  }
}

/* The end of a long file can begin in the middle of a character. */
function cutInside(bytes) {
  const start = bytes.findIndex(byte => (byte & 0xc0) !== 0x80)
  if (start < 1 || start > 3) return false
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(start))
    return true
  } catch {
    return false
  }
}

function read(encoding, bytes) {
  return new TextDecoder(encoding).decode(bytes)
}

/* How many of the bytes at even and at odd places are 0. */
function nulls(bytes) {
  const counts = [0, 0]
  for (let at = 0; at < bytes.length; at += 1) if (!bytes[at]) counts[at % 2] += 1
  return counts.map(count => (2 * count) / Math.max(1, bytes.length))
}
