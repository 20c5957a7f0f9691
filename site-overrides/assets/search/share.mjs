/* A log in a link, and the form for a new error. The text stands in the fragment, which browsers
   do not send. Pure: no page, no network. */

import { formatFragment, parseFragment } from "../values.mjs"

/* Characters of a link, at most: 8 KB. */
export const MOST_LINK = 8192

/* Characters of a form's address, at most: GitHub refuses more than 8 KB. */
export const MOST_FORM = 8000

const MOST_TEXT = 256 * 1024

/* The fragment that carries a text: `#?log=…`, or `#?logz=…` where deflating makes it shorter. */
export async function pack(text) {
  const plain = formatFragment({ values: { log: text } })
  if (typeof CompressionStream === "undefined") return plain
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  const deflated = formatFragment({ values: { logz: base64(bytes) } })
  return deflated.length < plain.length ? deflated : plain
}

/* The text that a fragment carries; empty where there is none or it cannot be read. */
export async function unpack(fragment) {
  const { values } = parseFragment(fragment)
  if (values.log) return values.log.slice(0, MOST_TEXT)
  if (!values.logz) return ""
  try {
    return await inflated(bytes(values.logz))
  } catch {
    return ""
  }
}

/* The address of the form in which an error is proposed. */
export function proposal(form, text) {
  const line = text.split("\n").find(one => /error/i.test(one)) ?? text.split("\n").find(Boolean) ?? ""
  const title = `New error: ${line.trim().slice(0, 100)}`
  return `${form}&${new URLSearchParams({ title, log: text })}`
}

/* Reads no more than `MOST_TEXT` characters, however far the bytes would inflate. */
async function inflated(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"))
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  let text = ""
  while (text.length < MOST_TEXT) {
    const { done, value } = await reader.read()
    if (done) return text
    text += value
  }
  await reader.cancel()
  return text.slice(0, MOST_TEXT)
}

function base64(data) {
  const text = Array.from(data, byte => String.fromCharCode(byte)).join("")
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")
}

function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), one => one.charCodeAt(0))
}
