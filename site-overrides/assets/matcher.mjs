/* Finds the errors in a pasted log: scripts/kb/match.py in JavaScript, to the last field. Pure: no
   page, no network. Both read the patterns document that scripts/kb/patterns.py writes; how it
   works is said in match.py, and each function here has the name it has there. */

const SAMPLE = 8
const STRIDE = 4
const PIECE = SAMPLE + STRIDE - 1

const COMMON = 4
const NOISE = 60
const COMMAND_GAP = 400
const PART_GAP = 4000
const NEAR = 8000
const ACCEPT = 60
const GUESS = 30
const SHOWN = 50
const TRIED = 5
const GUESSES = 5
const TELLING = 24
const SURE = 75
const SHORT = 6
const ALONE = 12
const NOTICE = 4
const BUILD = 1
const FAR = 300
const OPEN = 3
const PLAIN = 24
const OWN = 12
const LABELLED = 14
const LABELS = ["ERROR:", "WARNING:", "DEPRECATION:"]
const LEAD = 100
const WRAPS = 6
const WIDE = 300
const WRONG = 40
const LOOSE = 24
const RETOLD = 6000
const ALIKE = 80
const FEW = 20
const MANY = 40
const ALL = 100
const ALL_BUT = 90
const RARE = 20
const LONG = 4
const STEP = 12
const PAIRS = 200
const BLOCK = 4096
const LINES = 40
const CUT = 4000

const CERTAIN = 40
const OUTSIDE = 0xa0

const ESCAPES = ["\\n", "\\r", "\\t"]
const BLANKS = " \t\n\x0b\x0c\x1f\xa0\u3000"
const QUOTES = "'\"`\u2018\u2019\u201c\u201d"
const MARKS = ":'\"(["
const LEADS = " \t>|*\xa0\xd7\u2502\u2570\u2500"
const BREAK = "\x1f"

const ANSI =
  /\x1b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[@-Z\]_a-z=>])/g
const ANSI_LETTERS = /\\(?:x1[bB]|u001[bB]|033|e)\[[0-9;]*[A-Za-z]/g
const ANSI_BARE = /(?:\^\[)?\[[0-9]{1,3}(?:;[0-9]{1,3}){0,4}m/g
const ESCAPED =
  /(?:\\r)?\\n(?:(?![0-9a-z_])|(?=(?:error|hint|note|warning|pip)(?![0-9A-Za-z_])))/g
const TAG =
  /<\/?(?:a|b|br|code|div|em|font|i|li|p|pre|small|span|strong|sup|table|tbody|td|tr|tt|ul)(?: [^<>\n]*)?\/?>/g
const ENTITY =
  /&(?:amp;)*(?:#(?:[0-9]{2,4}|[xX][0-9A-Fa-f]{2,4})|amp|apos|gt|lt|nbsp|quot);/g
const NAMED = { amp: "&", apos: "'", gt: ">", lt: "<", nbsp: " ", quot: '"' }
const TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
const STAMP =
  "\\[?(?:[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ])?" +
  TIME +
  "(?:Z| ?[+-][0-9]{2}:?[0-9]{2})?\\]?" +
  "(?: *(?:[-|:]|INFO:?|WARN|DEBUG:?|stdout|stderr|\\[[A-Za-z]{4,7}\\]:?)(?![^ \\n]))*" +
  "(?: [FP](?= ))?"
const PREFIX = new RegExp(
  "^(?:[ \\t>|]*(?:#[0-9]{1,4} |[0-9]{1,6}\\.[0-9]{1,6} |" +
    STAMP +
    "(?: |(?![^\\n]))|" +
    "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +[0-9]{1,2} " +
    TIME +
    " [0-9A-Za-z_.-]+ [0-9A-Za-z_./@-]+(?:\\[[0-9]+\\])?: |" +
    "[0-9A-Za-z][0-9A-Za-z_./-]* *\\| |##\\[[a-z]+\\]|==> [0-9A-Za-z_.-]+:(?: |(?![^\\n]))|(?:remote|:?stdout|:?stderr): |" +
    "\\[(?:pip|stdout|stderr|build|app|pod/[0-9A-Za-z_./-]+|[0-9]{1,6}(?:/[0-9]{1,6})?)\\] " +
    ")){1,4}",
)

function entity(found) {
  let name = found.slice(1, -1)
  while (name.startsWith("amp;")) name = name.slice(4)
  if (name[0] !== "#") return NAMED[name]
  const hex = name[1] === "x" || name[1] === "X"
  const code = hex ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10)
  return code >= 32 && code < 127 ? String.fromCharCode(code) : " "
}

/* The lines of a paste without what terminals, loggers and web pages put around its text. */
export function cleanLines(paste) {
  let text = paste.replaceAll("\r\n", "\n").replaceAll("\r", "\n")
  if (text.includes("\x1b")) text = text.replace(ANSI, "")
  if (text.includes("\\")) text = text.replace(ANSI_LETTERS, "").replace(ESCAPED, BREAK)
  if (text.includes("[")) text = text.replace(ANSI_BARE, "")
  if (text.includes("</") || text.includes("<br")) text = text.replace(TAG, "")
  if (text.includes("&")) text = text.replace(ENTITY, entity)
  return text.split("\n").map((line) => line.replace(PREFIX, ""))
}

function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0)
}

function isAlnum(code) {
  return (code > 47 && code < 58) || (code > 64 && code < 91) || (code > 96 && code < 123)
}

/* The byte that stands for a Cyrillic, Japanese, Chinese or Korean letter, which it shares with
   others; 0 for any other character. */
function wideByte(code) {
  const isLetter = (code > 0x3ff && code < 0x500) || (code > 0x303f && code < 0x3100)
    || (code > 0x33ff && code < 0xa000) || (code > 0xabff && code < 0xd7a4)
  if (!isLetter) return 0
  const isCapital = code > 0x40f && code < 0x430
  return OUTSIDE + ((isCapital ? code + 32 : code) % 96)
}

/* Whether a character is left in a squeezed text. */
function isLetter(code) {
  return isAlnum(code) || wideByte(code) > 0
}

/* Write the letters, lower-case, and digits of a text into an array from a place on. */
function squeezeInto(text, array, start) {
  let size = start
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k)
    if (code > 122) {
      const byte = code > 0x3ff ? wideByte(code) : 0
      if (byte) array[size++] = byte
    } else if (code > 96 || (code > 47 && code < 58)) array[size++] = code
    else if (code > 64 && code < 91) array[size++] = code + 32
  }
  return size
}

function squeeze(text) {
  const array = new Uint8Array(text.length)
  return latin(array.subarray(0, squeezeInto(text, array, 0)))
}

function latin(array) {
  return new TextDecoder("latin1").decode(array)
}

/* Python's find and rfind between two places. */
function find(text, part, begin, end) {
  const at = text.slice(begin, Math.max(begin, end)).indexOf(part)
  return at < 0 ? -1 : begin + at
}

function rfind(text, part, begin, end) {
  const at = text.slice(begin, Math.max(begin, end)).lastIndexOf(part)
  return at < 0 ? -1 : begin + at
}

/* The number of sorted values, of the first `count`, that are not above a value. */
function bisectRight(values, value, count) {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] > value) high = middle
    else low = middle + 1
  }
  return low
}

class Paste {
  constructor(text) {
    this.lines = cleanLines(wellFormed(text))
    const length = this.lines.reduce((sum, line) => sum + line.length, 0)
    this.codes = new Uint8Array(length)
    this.starts = [0]
    let size = 0
    for (const line of this.lines) {
      size = squeezeInto(line, this.codes, size)
      this.starts.push(size)
    }
    this.codes = this.codes.subarray(0, size)
    this.text = latin(this.codes)
    this.sums = new Map()
    this.columns = new Map()
  }

  line(at) {
    return bisectRight(this.starts, at, this.lines.length) - 1
  }

  place(at) {
    const number = this.line(at)
    let rest = at - this.starts[number]
    const line = this.lines[number]
    let block = 0
    if (line.length > BLOCK) {
      let sums = this.sums.get(number)
      if (!sums) {
        sums = [0]
        for (let k = 0; k < line.length; k += BLOCK) {
          sums.push(sums.at(-1) + squeeze(line.slice(k, k + BLOCK)).length)
        }
        this.sums.set(number, sums)
      }
      block = bisectRight(sums, rest, sums.length - 1) - 1
      rest -= sums[block]
    }
    const key = `${number} ${block}`
    let columns = this.columns.get(key)
    if (!columns) {
      columns = []
      const end = Math.min(line.length, (block + 1) * BLOCK)
      for (let k = block * BLOCK; k < end; k++) {
        if (isLetter(line.charCodeAt(k))) columns.push(k)
      }
      this.columns.set(key, columns)
    }
    return [number, columns[rest]]
  }

  around(begin, end) {
    let [line, column] = this.place(begin)
    const before = this.lines[line].slice(Math.max(0, column - 2), column)
    ;[line, column] = this.place(end - 1)
    return [before, this.lines[line].slice(column + 1, column + 3)]
  }

  between(begin, end) {
    const lines = this.lines
    if (begin[0] === end[0]) return lines[begin[0]].slice(begin[1], Math.max(begin[1], end[1]))
    const middle = lines.slice(begin[0] + 1, Math.min(end[0], begin[0] + 1 + LINES))
    return [lines[begin[0]].slice(begin[1]), ...middle, lines[end[0]].slice(0, end[1])].join("\n")
  }
}

/* Samples of eight bytes as keys of a table: two numbers of four bytes each, hashed. */
class Grams {
  constructor(pieces) {
    const found = new Map()
    for (const [piece, start] of windows(pieces)) {
      for (let offset = start; offset < start + STRIDE; offset++) {
        const gram = piece.slice(offset, offset + SAMPLE)
        if (!found.has(gram)) found.set(gram, [])
        found.get(gram).push([offset, piece])
      }
    }
    let size = 1024
    while (size < found.size * 4) size *= 2
    this.mask = size - 1
    this.low = new Int32Array(size)
    this.high = new Int32Array(size)
    this.slots = new Array(size).fill(null)
    for (const [gram, uses] of found) {
      const codes = Array.from(gram, (letter) => letter.charCodeAt(0))
      const low = codes[0] | (codes[1] << 8) | (codes[2] << 16) | (codes[3] << 24)
      const high = codes[4] | (codes[5] << 8) | (codes[6] << 16) | (codes[7] << 24)
      let slot = hash(low, high) & this.mask
      while (this.slots[slot]) slot = (slot + 1) & this.mask
      this.low[slot] = low
      this.high[slot] = high
      this.slots[slot] = uses
    }
    this.used = new Uint8Array(size)
    this.slots.forEach((uses, slot) => {
      if (uses) this.used[slot] = 1
    })
  }

  /* Call back with every place of a sample of the table, and its uses. */
  scan(codes, found) {
    const { low, high, used, slots, mask } = this
    for (let at = 0; at + SAMPLE <= codes.length; at += STRIDE) {
      const a = codes[at] | (codes[at + 1] << 8) | (codes[at + 2] << 16) | (codes[at + 3] << 24)
      const b =
        codes[at + 4] | (codes[at + 5] << 8) | (codes[at + 6] << 16) | (codes[at + 7] << 24)
      let slot = hash(a, b) & mask
      while (used[slot]) {
        if (low[slot] === a && high[slot] === b) {
          found(at, slots[slot])
          break
        }
        slot = (slot + 1) & mask
      }
    }
  }
}

/* Each piece with the start of its part whose samples the fewest pieces share. */
function* windows(pieces) {
  const counts = new Map()
  const all = [...pieces].map((piece) => {
    const each = []
    for (let k = 0; k + SAMPLE <= piece.length; k++) {
      const sample = piece.slice(k, k + SAMPLE)
      each.push(sample)
      counts.set(sample, (counts.get(sample) ?? 0) + 1)
    }
    return [piece, each]
  })
  for (const [piece, each] of all) {
    const shared = each.map((sample) => counts.get(sample))
    const sums = shared
      .slice(STRIDE - 1)
      .map((_, k) => shared.slice(k, k + STRIDE).reduce((sum, one) => sum + one))
    yield [piece, sums.indexOf(Math.min(...sums))]
  }
}

function hash(low, high) {
  let mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}

/* The patterns, indexed. Building one takes longer than a match: keep it. */
export class Matcher {
  constructor(document) {
    this.document = document
    this.wordings = []
    this.users = new Map()
    this.shorts = new Map()
    for (const entry of document.entries) {
      entry.wordings.forEach((wording, number) => this.#add(entry, number, wording))
    }
    this.grams = new Grams(this.users.keys())
  }

  #add(entry, number, wording) {
    const pieces = []
    const groups = groupsOf(wording.parts)
    const totals = new Array(groups.at(-1) + 1).fill(0)
    let nth = 0
    let reach = 0
    wording.parts.forEach(([, items], part) => {
      let gap = 0
      if (part) gap = groups[part] === groups[part - 1] ? COMMAND_GAP : PART_GAP
      items.forEach((item, place) => {
        if (typeof item !== "string") {
          gap += this.document.types[item[1]].gap
          return
        }
        const weight = wording.weights[nth++]
        const text = squeeze(item)
        if (!text) return
        reach += gap
        const group = groups[part]
        pieces.push({
          text,
          weight,
          part,
          group,
          item: place,
          reach,
          first: !(place && typeof items[place - 1] === "string"),
          last: !(place + 1 < items.length && typeof items[place + 1] === "string"),
          words: item.split(" ").map(squeeze).filter(Boolean),
        })
        reach += text.length
        totals[group] += weight
        gap = NOISE
      })
    })
    if (!pieces.length) return
    const here = this.wordings.length
    this.wordings.push({
      entry,
      number: wording.of ?? number,
      parts: wording.parts,
      pieces,
      totals,
      near: (wording.near ?? []).map(squeeze),
      unless: (wording.unless ?? []).map(squeeze),
      names: (wording.names ?? []).map(squeeze),
      foreign: wording.foreign ?? 0,
      isOwn: "own" in wording,
    })
    let wanted = pieces.map((_, k) => k).filter((k) => pieces[k].text.length >= PIECE)
    const telling = wanted.filter(
      (k) => pieces[k].weight * COMMON >= pieces[k].text.length * this.document.unit,
    )
    const told = new Set(telling.map((k) => pieces[k].group))
    wanted = wanted.filter((k) => telling.includes(k) || !told.has(pieces[k].group))
    let users = this.users
    if (!wanted.length) {
      let longest = 0
      pieces.forEach((piece, k) => {
        if (piece.text.length > pieces[longest].text.length) longest = k
      })
      wanted = [longest]
      users = this.shorts
    }
    this.wordings[here].wanted = new Set(wanted)
    this.wordings[here].rest = totals.map((_, group) =>
      pieces.reduce((sum, piece, k) => {
        const counts = piece.group === group && !wanted.includes(k)
        return counts ? sum + piece.weight : sum
      }, 0),
    )
    for (const k of wanted) {
      const text = pieces[k].text
      if (!users.has(text)) users.set(text, new Map())
      const uses = users.get(text)
      if (!uses.has(here)) uses.set(here, [])
      uses.get(here).push(k)
    }
  }

  match(text) {
    const paste = new Paste(text)
    const found = this.#search(paste).filter((one) => one.confidence >= ACCEPT)
    const causes = found.some((one) => roleOf(one.entry) === "cause")
    return rank(paste, found).map((one) => result(paste, one, causes))
  }

  guesses(text) {
    const paste = new Paste(text)
    const found = this.#search(paste).filter((one) => one.confidence < ACCEPT)
    const keys = (one) => [-one.confidence, -one.best.weight, one.entry.id]
    found.sort((one, other) => compare(keys(one), keys(other)))
    return found.slice(0, GUESSES).map((one) => result(paste, one, true))
  }

  #search(paste) {
    const best = new Map()
    const found = [...this.#occurrences(paste)].sort((one, other) => one[0] - other[0])
    for (const [number, occurrences] of found) {
      const one = this.#weigh(paste, this.wordings[number], occurrences)
      if (!one) continue
      const old = best.get(one.entry.id)
      best.set(one.entry.id, old ? join(old, one) : one)
    }
    const answers = [...best.values()].filter((one) => one.confidence >= ACCEPT)
    if (answers.every((one) => roleOf(one.entry) !== "cause")) {
      for (const one of this.#retold(paste, answers.length > 0)) {
        const old = best.get(one.entry.id)
        best.set(one.entry.id, old ? join(old, one) : one)
      }
    }
    return [...best.values()]
  }

  *#retold(paste, answers) {
    if (paste.text.length > RETOLD) return
    this.words ??= new Words(this.wordings, this.document.unit)
    const found = [...this.words.pairs(tokens(paste))].sort((one, other) => one[0] - other[0])
    const told = []
    for (const [number, pairs] of found) {
      const wording = this.wordings[number]
      const [size, words] = longest(pairs)
      if (!this.words.suffice(number, size, words, answers)) continue
      if (words[0][1] && isLedUpTo(paste, words[0][0])) continue
      const spans = words.map(([at, , length]) => [at, at + length])
      const confidence = Math.min(SURE - 1, ACCEPT + Math.floor((size - FEW) / 3))
      const weight = size * this.document.unit
      const values = { values: {}, found: new Map(), words: spans }
      const chain = { wording, confidence, weight, extent: size, ...values }
      const isWhole = words.length === this.words.worth[number].length
      told.push([chain, isWhole, new Set(spans.map(String))])
    }
    for (const [chain, isWhole, words] of told) {
      const { entry } = chain.wording
      const isShared =
        !isWhole &&
        told.some(
          ([other, , others]) =>
            other.wording.entry.id !== entry.id && [...words].every((word) => others.has(word)),
        )
      if (isShared || !this.#credibleRetold(paste, chain)) chain.confidence = ACCEPT - 1
      yield { entry, confidence: chain.confidence, best: chain, chains: [chain] }
    }
  }

  #occurrences(paste) {
    const text = paste.text
    const found = []
    this.grams.scan(paste.codes, (place, uses) => {
      for (const [offset, piece] of uses) {
        const at = place - offset
        if (at >= 0 && text.startsWith(piece, at)) found.push([at, piece])
      }
    })
    for (const piece of this.shorts.keys()) {
      let at = text.indexOf(piece)
      while (at >= 0) {
        found.push([at, piece])
        at = text.indexOf(piece, at + piece.length)
      }
    }
    const occurrences = new Map()
    for (const [at, piece] of found.sort(compare)) {
      for (const [wording, numbers] of this.users.get(piece) ?? this.shorts.get(piece)) {
        if (!occurrences.has(wording)) occurrences.set(wording, [])
        occurrences.get(wording).push([at, numbers])
      }
    }
    return occurrences
  }

  #weigh(paste, wording, occurrences) {
    const chains = heaviest(wording, occurrences)
      .filter((pieces) => this.#isWorthIt(wording, pieces))
      .map((pieces) => this.#judge(paste, wording, pieces))
      .filter((one) => one && one.confidence >= GUESS)
    if (!chains.length) return null
    const keys = (one) => [-one.confidence, -one.weight, -Object.keys(one.values).length]
    chains.sort((one, other) => compare(keys(one), keys(other)))
    for (const chain of chains.slice(0, TRIED)) {
      if (this.#credible(paste, chain)) {
        const good = chains.filter((one) => one.confidence >= ACCEPT)
        const { confidence } = chain
        return { entry: wording.entry, confidence, best: chain, chains: good.length ? good : [chain] }
      }
    }
    const [first] = chains
    if (first.extent < SHORT) return null
    const confidence = Math.min(first.confidence, ACCEPT - 1)
    return { entry: wording.entry, confidence, best: first, chains: [first] }
  }

  #isWorthIt(wording, rough) {
    const { pieces, totals, wanted, rest } = wording
    const told = [...rest]
    for (const k of rough.keys()) told[pieces[k].group] += pieces[k].weight
    const open = new Set()
    for (const k of wanted) if (!rough.has(k)) open.add(pieces[k].group)
    let covered = 0
    for (const [group, total] of totals.entries()) {
      if (!open.has(group)) return true
      const share = total ? Math.floor((48 * told[group] * told[group]) / (total * total)) : 0
      covered = Math.max(covered, share)
    }
    const extent = Math.floor(told.reduce((sum, one) => sum + one, 0) / this.document.unit)
    return covered + Math.floor((extent * 3) / 2) >= Math.floor(GUESS / 2)
  }

  #judge(paste, wording, rough) {
    const { pieces, totals } = wording
    let found = new Map()
    for (const [k, at] of fill(wording, rough, paste.text)) {
      if (stands(paste, wording, k, at)) found.set(k, at)
    }
    found = nearLines(paste, wording, found)
    const told = totals.map(() => 0)
    const size = totals.map(() => 0)
    const whole = totals.map(() => true)
    pieces.forEach((piece, k) => {
      if (found.has(k)) {
        told[piece.group] += piece.weight
        size[piece.group] += piece.text.length
      } else whole[piece.group] = false
    })
    for (const [k, gained] of retyped(wording, found, paste.text)) told[pieces[k].group] += gained
    let covered = 0
    totals.forEach((total, group) => {
      let share
      if (whole[group]) {
        share = wording.near.length ? 60 : Math.floor((60 * Math.min(size[group], SHORT)) / SHORT)
      } else {
        share = total ? Math.floor((48 * told[group] * told[group]) / (total * total)) : 0
      }
      covered = Math.max(covered, group ? Math.floor((share * 4) / 5) : share)
    })
    const weight = told.reduce((sum, one) => sum + one, 0)
    const extent = Math.max(Math.floor(weight / this.document.unit), whole[0] ? size[0] : 0)
    if (!extent) return null
    const [values, wrong] = valuesOf(paste, wording, found, this.document.types)
    let confidence = Math.min(99, covered + Math.min(60, Math.floor((extent * 3) / 2)))
    if (wrong && extent < CERTAIN) confidence -= WRONG
    return { wording, confidence, weight, extent, values, found, words: [] }
  }

  #credible(paste, chain) {
    const { wording, extent } = chain
    const spans = spansOf(chain)
    const around = paste.text.slice(Math.max(0, spans[0][0] - NEAR), spans.at(-1)[1] + NEAR)
    if (wording.unless.some((text) => around.includes(text))) return false
    if (wording.names.length && !isNamed(paste, wording, spans)) return false
    if (wording.foreign && !spansOf(chain, true).length) return false
    if (wording.near.length) {
      const others = wording.foreign && this.#any("foreign", around)
      if (extent < SHORT || (others && !this.#any("context", around))) return false
      return wording.near.some((text) => around.includes(text))
    }
    if (this.#any("context", around)) return true
    if (!wording.foreign) {
      const isPlain = extent >= (wording.isOwn ? OWN : PLAIN)
      if (extent >= LABELLED && labelled(paste, spans[0][0], { chain })) return true
      if (isPlain && !this.#any("rivals", around)) return true
    }
    if (this.#any("foreign", around)) {
      return this.#namesAFile(paste, spans, LABELS) && !this.#any("rivals", around)
    }
    if (wording.foreign === BUILD && (extent >= TELLING || this.#any("build", around))) return true
    return this.#any("command", around) || this.#namesAFile(paste, spans)
  }

  #namesAFile(paste, spans, labels = [""]) {
    const first = paste.line(spans[0][0])
    const last = paste.line(spans.at(-1)[1] - 1)
    const lines = paste.lines
      .slice(first, Math.min(last + 1, first + LINES) + 1)
      .map((line) => line.slice(0, CUT))
    return lines.some(
      (line) =>
        this.document.files.some((mark) => line.includes(mark)) &&
        labels.some((label) => line.includes(label)),
    )
  }

  #credibleRetold(paste, chain) {
    const spans = spansOf(chain)
    const around = paste.text.slice(Math.max(0, spans[0][0] - NEAR), spans.at(-1)[1] + NEAR)
    if (!this.#credible(paste, chain) || this.#any("foreign", around)) return false
    if (chain.extent >= CERTAIN || labelled(paste, spans[0][0], { anyCase: true })) return true
    if (this.#any("context", around)) return true
    return !chain.wording.foreign && this.#any("command", around)
  }

  #any(kind, around) {
    return this.document[kind].some((text) => around.includes(text))
  }
}

function labelled(paste, at, { chain, anyCase }) {
  const [line, column] = paste.place(at)
  const lead = paste.lines[line].slice(Math.max(0, column - LEAD), column)
  if (chain?.found.has(0) && chain.wording.pieces[0].item) {
    return LABELS.some((label) => lead.includes(label))
  }
  const text = strip(lead, " \t\"'", false)
  const before = anyCase ? text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : text
  return LABELS.some((label) => before.endsWith(label))
}

/* Whether other words than a label stand before a text on its line. */
function isLedUpTo(paste, at) {
  const [line, column] = paste.place(at)
  const before = paste.lines[line].slice(Math.max(0, column - LEAD), column)
  return squeeze(before) !== "" && !labelled(paste, at, { anyCase: true })
}

function roleOf(entry) {
  return entry.role ?? "cause"
}

function result(paste, found, causes) {
  const { wording } = found.best
  const lines = found.chains.flatMap((chain) =>
    spansOf(chain).map(([begin, end]) => [paste.line(begin) + 1, paste.line(end - 1) + 1]),
  )
  const parts = [...new Set([...found.best.found.keys()].map((k) => wording.pieces[k].part))]
  if (!parts.length) parts.push(0)
  parts.sort((one, other) => one - other)
  return {
    id: found.entry.id,
    wording: wording.number,
    role: roleOf(found.entry),
    confidence: found.confidence / 100,
    needs_more: !causes && found.entry.role === "wrapper",
    lines: merge(lines),
    values: found.best.values,
    parts: parts.map((part) => wording.parts[part][0]),
  }
}

/* The words of the headlines, to find a text that was retyped. */
class Words {
  constructor(wordings, unit) {
    this.sizes = []
    this.worth = []
    this.uses = new Map()
    this.alike = new Map()
    const owners = new Map()
    const texts = wordings.map(({ pieces }) =>
      pieces.filter((piece) => !piece.group).flatMap((piece) => piece.words),
    )
    wordings.forEach((wording, number) => {
      const words = texts[number]
      const sizes = [0]
      words.forEach((word, place) => {
        sizes.push(sizes.at(-1) + word.length)
        if (!this.uses.has(word)) this.uses.set(word, [])
        this.uses.get(word).push([number, place])
        if (!owners.has(word)) owners.set(word, new Set())
        owners.get(word).add(wording.entry.id)
      })
      this.sizes.push(sizes)
    })
    for (const words of texts) {
      const told = (word) => Math.floor((word.length * unit) / owners.get(word).size)
      this.worth.push(words.map(told))
    }
    for (const word of this.uses.keys()) {
      for (const form of forms(word)) {
        if (!this.alike.has(form)) this.alike.set(form, new Set())
        this.alike.get(form).add(word)
      }
    }
    const rare = [...owners].filter(([word, ids]) => ids.size <= RARE && word.length >= LONG)
    this.rare = new Set(rare.map(([word]) => word))
  }

  suffice(number, size, words, answers) {
    const first = words[0][1]
    const last = words.at(-1)[1]
    const whole = this.sizes[number]
    const worth = this.worth[number]
    const told = sum(words.map(([, place]) => worth[place]))
    const share = Math.floor((100 * size) / (whole[last + 1] - whole[first]))
    if (share < (answers || whole.at(-1) < MANY ? ALL_BUT : ALIKE)) return false
    if (100 * told < ALIKE * sum(worth.slice(first, last + 1))) return false
    const isAll = share === ALL && words.length === last + 1 - first
    const isCut = isAll && 2 * told >= sum(worth) && !answers && runsOn(words)
    const enough = whole.at(-1) < MANY ? ALL_BUT : ALIKE
    return size >= (Math.floor((100 * size) / whole.at(-1)) >= enough || isCut ? FEW : MANY)
  }

  pairs(tokens) {
    const found = new Map()
    const rare = new Map()
    for (const [n, [token, at]] of tokens.entries()) {
      const words = new Set()
      for (const form of forms(token)) for (const word of this.alike.get(form) ?? []) words.add(word)
      for (const word of words) {
        for (const [number, place] of this.uses.get(word)) {
          if (!found.has(number)) found.set(number, [])
          found.get(number).push([n, place, at, token.length])
          if (this.rare.has(word)) {
            if (!rare.has(number)) rare.set(number, new Set())
            rare.get(number).add(word)
          }
        }
      }
    }
    const chosen = [...found].filter(([number]) => (rare.get(number)?.size ?? 0) > 1)
    return chosen.map(([number, pairs]) => [number, pairs.sort(compare).slice(0, PAIRS)])
  }
}

function* forms(word) {
  yield word
  if (word.length <= LONG) return
  for (let k = 0; k < word.length; k++) yield word.slice(0, k) + word.slice(k + 1)
}

function tokens(paste) {
  const found = []
  paste.lines.forEach((line, number) => {
    let at = paste.starts[number]
    for (const word of line.split(/[ \t\n\x0b\x0c\x1f\xa0\u3000]/)) {
      const squeezed = squeeze(word)
      if (squeezed) {
        found.push([squeezed, at])
        at += squeezed.length
      }
    }
  })
  return found
}

function longest(pairs) {
  const best = []
  const before = []
  pairs.forEach(([token, place, , length], n) => {
    let size = length
    let link = -1
    for (let k = 0; k < n; k++) {
      const words = token - pairs[k][0]
      const places = place - pairs[k][1]
      const near = words > 0 && words <= STEP && places > 0 && places <= STEP
      if (near && best[k] + length >= size) {
        size = best[k] + length
        link = k
      }
    }
    best.push(size)
    before.push(link)
  })
  let n = 0
  best.forEach((size, k) => {
    if (size > best[n]) n = k
  })
  const size = best[n]
  const words = []
  while (n >= 0) {
    words.push([pairs[n][2], pairs[n][1], pairs[n][3]])
    n = before[n]
  }
  return [size, words.reverse()]
}

function runsOn(words) {
  const gaps = words.slice(1).map(([at], k) => at - words[k][0] - words[k][2])
  return gaps.every((gap) => gap <= NOISE) && gaps.filter((gap) => !gap).length * 2 >= gaps.length
}

function groupsOf(parts) {
  const groups = [0]
  for (let part = 1; part < parts.length; part++) {
    const same = parts[part][0] === "message" && !groups.at(-1)
    groups.push(same ? groups.at(-1) : groups.at(-1) + 1)
  }
  return groups
}

/* Where the pieces of a chain, or those of its headline, stand in the squeezed paste. */
function spansOf(chain, headline = false) {
  if (chain.words.length) return chain.words
  const { pieces } = chain.wording
  const spans = []
  for (const [k, at] of chain.found) {
    if (!(headline && pieces[k].group)) spans.push([at, at + pieces[k].text.length])
  }
  return spans.sort(compare)
}

function* chainsOf(wording, occurrences) {
  const { pieces } = wording
  const open = []
  for (const [at, numbers] of occurrences) {
    let best = null
    for (const chain of open) {
      const last = Math.max(...chain.keys())
      const length = pieces[last].text.length
      const end = chain.get(last) + length
      for (const number of numbers) {
        if (number > last && at >= end) {
          const reach = pieces[number].reach - pieces[last].reach - length
          if (at - end <= reach && (!best || chain.size >= best[0])) {
            best = [chain.size, number, chain]
            break
          }
        }
      }
    }
    if (best) {
      best[2].set(best[1], at)
      continue
    }
    if (open.length === OPEN) yield open.shift()
    open.push(new Map([[numbers[0], at]]))
  }
  yield* open
}

function heaviest(wording, occurrences) {
  const chains = [...chainsOf(wording, occurrences)]
  if (chains.length <= SHOWN) return chains
  const { pieces } = wording
  const weights = chains.map((chain) => {
    let weight = 0
    for (const k of chain.keys()) weight += pieces[k].weight
    return weight
  })
  const least = weights.toSorted((one, other) => other - one)[SHOWN - 1]
  const numbers = weights.map((_, n) => n)
  const more = numbers.filter((n) => weights[n] > least)
  const same = numbers.filter((n) => weights[n] === least)
  const room = SHOWN - more.length
  const first = Math.floor(room / 2)
  const chosen = [...more, ...same.slice(0, first), ...same.slice(same.length - room + first)]
  return chosen.sort((one, other) => one - other).map((n) => chains[n])
}

function fill(wording, rough, text) {
  const { pieces } = wording
  const chain = new Map(rough)
  const lowest = Math.min(...rough.keys())
  for (let k = lowest - 1; k >= 0; k--) {
    if (!chain.has(k + 1) || wording.wanted.has(k)) break
    const end = chain.get(k + 1)
    const begin = Math.max(0, end - (pieces[k + 1].reach - pieces[k].reach))
    const at = rfind(text, pieces[k].text, begin, end)
    if (at >= 0) chain.set(k, at)
  }
  let last = lowest
  for (let k = lowest + 1; k < pieces.length; k++) {
    if (!chain.has(k) && !wording.wanted.has(k)) {
      const begin = chain.get(last) + pieces[last].text.length
      let end = chain.get(last) + pieces[k].reach - pieces[last].reach + pieces[k].text.length
      for (const [n, at] of rough) if (n > k) end = Math.min(end, at)
      const at = find(text, pieces[k].text, begin, end)
      if (at >= 0) chain.set(k, at)
    }
    if (chain.has(k)) last = k
  }
  return chain
}

function nearLines(paste, wording, chain) {
  const { pieces } = wording
  const runs = []
  let last = 0
  const headline = [...chain.keys()].filter((k) => !pieces[k].group).sort((a, b) => a - b)
  for (const k of headline) {
    if (runs.length && paste.line(chain.get(k)) - last <= WRAPS) runs.at(-1).push(k)
    else runs.push([k])
    last = paste.line(chain.get(k) + pieces[k].text.length - 1)
  }
  if (runs.length <= 1) return chain
  const worth = (run) => run.reduce((sum, k) => sum + pieces[k].weight, 0)
  let best = runs[0]
  for (const run of runs) if (worth(run) > worth(best)) best = run
  return new Map([...chain].filter(([k]) => pieces[k].group || best.includes(k)))
}

function letters(words, text, begin, end) {
  let size = 0
  for (const word of words) {
    const at = find(text, word, begin, end)
    if (at >= 0) {
      size += word.length
      begin = at + word.length
    } else if (isCutOff(word, text, begin, end)) return size + text.length - begin
  }
  return size
}

function isCutOff(word, text, begin, end) {
  const size = text.length - begin
  const fits = size > SHORT / 2 && size <= word.length
  return end >= text.length && fits && word.startsWith(text.slice(begin))
}

function* retyped(wording, chain, text) {
  const { pieces } = wording
  const known = [...chain.keys()].sort((a, b) => a - b)
  for (const [k, piece] of pieces.entries()) {
    if (chain.has(k) || piece.words.length < 2) continue
    const below = known.filter((n) => n < k).at(-1)
    const above = known.find((n) => n > k)
    const room = piece.text.length + NOISE
    let begin
    let end
    if (below !== undefined) {
      const length = pieces[below].text.length
      begin = chain.get(below) + length
      end = begin + piece.reach - pieces[below].reach - length + room
      if (above !== undefined) end = Math.min(end, chain.get(above))
    } else if (above !== undefined) {
      end = chain.get(above)
      begin = Math.max(0, end - (pieces[above].reach - piece.reach) - NOISE)
    } else continue
    if (end - begin > FAR) continue
    const size = letters(piece.words, text, begin, end)
    const length = piece.text.length
    if (2 * size > length) yield [k, Math.floor((piece.weight * size * 3) / (length * 4))]
  }
}

function stands(paste, wording, number, at) {
  const piece = wording.pieces[number]
  if (piece.text.length > LOOSE) return true
  const items = wording.parts[piece.part][1]
  const item = items[piece.item]
  const [before, after] = paste.around(at, at + piece.text.length)
  const alone = wording.pieces.length === 1
  const end = piece.item === items.length - 1
  if (piece.first && before && (piece.item === 0 || !isWord(item[0]))) {
    const previous = before.at(-1)
    const capital = item[0] >= "A" && item[0] <= "Z" && previous >= "0" && previous <= "9"
    const runs = isWord(item[0]) && isWord(previous) && !capital
    if (runs && !ESCAPES.includes(before)) return false
    const isPlain = !/[A-Z]/.test(item.slice(1))
    if (alone && isPlain && piece.text.length < ALONE && talk(before)) return false
  }
  const isShort = sum(wording.pieces.map((one) => one.text.length)) < PLAIN
  if (piece.last && isShort && tail(item) && MARKS.includes(tail(item)[0])) {
    const next = strip(after, BLANKS, true)
    if (next && isAlnum(next.charCodeAt(0))) return false
  }
  const following = wording.pieces[number + 1]
  const next = at + piece.text.length
  if (!piece.last && following && paste.text.startsWith(following.text, next)) return true
  if (after && after[0] !== item.at(-1)) {
    if ((end || !isWord(item.at(-1))) && isWord(after[0])) return false
    if (end && ".-".includes(after[0]) && after.length > 1 && isWord(after[1])) return false
  }
  return true
}

function isNamed(paste, wording, spans) {
  const size = sum(wording.pieces.map((one) => one.text.length))
  const begin = Math.max(0, spans[0][0] - size - NOISE)
  const end = spans.at(-1)[1] + size
  return wording.names.some((name) => {
    let at = paste.text.indexOf(name, begin)
    for (; at >= 0 && at + name.length <= end; at = paste.text.indexOf(name, at + 1)) {
      const [before, after] = paste.around(at, at + name.length)
      const isInside = before && isWord(before.at(-1)) && !ESCAPES.includes(before)
      const runsOn = after && isWord(after[0])
      if (!(name.startsWith("pip") && isInside) && !(/pip[23]?$/.test(name) && runsOn)) return true
    }
    return false
  })
}

function talk(before) {
  const lead = strip(before, BLANKS, false)
  return lead !== "" && /[,A-Za-z]/.test(lead.at(-1))
}

function isWord(letter) {
  return letter === "_" || isAlnum(letter.charCodeAt(0))
}

function valuesOf(paste, wording, chain, types) {
  const at = new Map()
  wording.pieces.forEach((piece, k) => at.set(`${piece.part} ${piece.item}`, chain.get(k)))
  const values = new Map()
  let wrong = 0
  wording.parts.forEach(([, items], part) => {
    const fixed = [-1]
    items.forEach((_, n) => {
      if (at.has(`${part} ${n}`)) fixed.push(n)
    })
    fixed.push(items.length)
    for (let k = 0; k + 1 < fixed.length; k++) {
      const left = fixed[k]
      const right = fixed[k + 1]
      if (right - left < 2) continue
      const run = items.slice(left + 1, right)
      const begin = at.get(`${part} ${left}`)
      const end = at.get(`${part} ${right}`)
      let found
      if (begin !== undefined) {
        const text = items[left]
        const [first, column] = paste.place(begin + squeeze(text).length - 1)
        let region
        if (end !== undefined) {
          region = paste.between([first, column + 1], paste.place(end))
          region = dropEnd(region, head(items[right]))
        } else {
          region = paste.lines[first].slice(column + 1, column + 1 + CUT)
          region = dropStart(region, tail(text))
          if (!strip(region, BLANKS) && first + 1 < paste.lines.length) {
            region = paste.lines[first + 1].slice(0, CUT)
          }
        }
        region = dropStart(region, tail(text))
        found = forwards(region, run, types, end === undefined)
      } else if (left < 0 && end !== undefined) {
        const [last, column] = paste.place(end)
        const region = paste.lines[last].slice(Math.max(0, column - CUT), column)
        found = backwards(dropEnd(region, head(items[right])), run, types)
      } else continue
      for (const [name, kind, value] of found) {
        if (value) {
          if (!values.has(name) && fits(types[kind], value)) values.set(name, value)
        } else if (types[kind].strict) wrong += 1
      }
    }
  })
  return [Object.fromEntries([...values].sort(([one], [other]) => (one < other ? -1 : 1))), wrong]
}

function* forwards(text, run, types, isOpen) {
  let region = text
  for (const [n, item] of run.entries()) {
    if (typeof item === "string") {
      region = dropStart(region, strip(item, BLANKS))
      continue
    }
    region = strip(region, BLANKS, true)
    const after = run[n + 1]
    let value = region
    let isLast = n + 2 >= run.length
    if (typeof after === "string") {
      const mark = strip(after, BLANKS)
      const size = mark ? region.indexOf(mark) : blank(region)
      if (size >= 0) {
        value = region.slice(0, size)
        region = region.slice(size)
      } else if (isOpen) isLast = true
      else if (!isLast) {
        for (const one of run.slice(n)) if (typeof one !== "string") yield [one[0], one[1], ""]
        return
      }
    } else if (after !== undefined) return
    const kind = value || !isOpen ? item[1] : "text"
    yield [item[0], kind, valueOf(types[item[1]], value, isOpen && isLast)]
    if (isLast) return
  }
}

function* backwards(text, run, types) {
  let region = text
  for (const item of run.toReversed()) {
    if (typeof item === "string") {
      region = dropEnd(region, strip(item, BLANKS))
      continue
    }
    region = strip(region, BLANKS, false)
    const rule = types[item[1]]
    let size = 0
    if (rule.ranges || rule.also) {
      while (size < region.length && allowed(rule, region[region.length - 1 - size])) {
        size += 1
        if (size > rule.most) return
      }
    } else size = region.length
    let value = region.slice(region.length - size)
    region = region.slice(0, region.length - size)
    if (!strip(region, BLANKS)) {
      value = strip(value, LEADS, true)
      for (const label of LABELS) if (value.startsWith(label)) value = value.slice(label.length)
    }
    yield [item[0], item[1], valueOf(rule, value, false)]
  }
}

function valueOf(rule, value, isOpen) {
  const also = rule.also ?? ""
  if (!(rule.ranges || also)) {
    let shown = ""
    for (const letter of head4(value, 4 * rule.most)) shown += hidden(letter) ? " " : letter
    const words = shown.split(" ").filter(Boolean).join(" ")
    return strip(head4(words, rule.most).join(""), " ")
  }
  let text = strip(value.replaceAll("\n", "").replaceAll(BREAK, ""), BLANKS)
  if (!also.includes(" ")) {
    text = text.split(" (")[0]
    if (!isOpen) text = Array.from(text, (one) => (BLANKS.includes(one) ? "" : one)).join("")
  }
  if (isOpen) {
    let size = 0
    while (size < text.length && size <= rule.most && allowed(rule, text[size])) size += 1
    text = text.slice(0, size)
  }
  text = strip(text, BLANKS)
  if (also.includes("\\")) text = strip(text.replaceAll("\\\\", "\\"), "\\", false)
  if (rule.cut) text = text.split(rule.cut)[0]
  const last = rule.last_also
  while (last !== undefined && text) {
    if (isAlnum(text.charCodeAt(text.length - 1)) || last.includes(text.at(-1))) break
    text = text.slice(0, -1)
  }
  if (text.length < (rule.least ?? 1) || text.length > rule.most) return ""
  if (!text.includes(rule.needs ?? "")) return ""
  const first = rule.first ?? ""
  const firstAlso = rule.first_also ?? ""
  if ((first || firstAlso) && !among(first, firstAlso, text[0])) return ""
  for (let k = 0; k < text.length; k++) if (!allowed(rule, text[k])) return ""
  return text
}

/* The first characters of a text, a surrogate pair counting as one. */
function head4(text, count) {
  const letters = []
  for (const letter of text) {
    if (letters.length === count) break
    letters.push(letter)
  }
  return letters
}

function fits(rule, value) {
  return !rule.value || new RegExp(`^(?:${rule.value})$`, rule.cased ? "" : "i").test(value)
}

function allowed(rule, letter) {
  return among(rule.ranges ?? "", rule.also ?? "", letter)
}

function among(ranges, also, letter) {
  if (also.includes(letter)) return true
  for (let k = 0; k < ranges.length; k += 2) {
    if (ranges[k] <= letter && letter <= ranges[k + 1]) return true
  }
  return false
}

function hidden(letter) {
  const code = letter.codePointAt(0)
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    [0x200e, 0x200f, 0xfeff].includes(code) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  )
}

function blank(text) {
  for (let k = 0; k < text.length; k++) {
    if (text[k] !== "\n" && BLANKS.includes(text[k])) return k
  }
  return text.indexOf("\n")
}

/* A text without certain characters at its start (true), its end (false) or both. */
function strip(text, characters, atStart) {
  let begin = 0
  let end = text.length
  if (atStart !== false) while (begin < end && characters.includes(text[begin])) begin += 1
  if (atStart !== true) while (end > begin && characters.includes(text[end - 1])) end -= 1
  return text.slice(begin, end)
}

function tail(text) {
  let size = text.length
  while (size && !isLetter(text.charCodeAt(size - 1))) size -= 1
  return strip(text.slice(size), BLANKS)
}

function head(text) {
  let size = 0
  while (size < text.length && !isLetter(text.charCodeAt(size))) size += 1
  return strip(text.slice(0, size), BLANKS)
}

function dropStart(text, mark) {
  let rest = text
  for (const letter of mark.replaceAll(" ", "")) {
    rest = strip(rest, BLANKS, true)
    if (!rest || !same(rest[0], letter)) break
    rest = rest.slice(1)
  }
  return rest
}

function dropEnd(text, mark) {
  let rest = text
  for (const letter of [...mark.replaceAll(" ", "")].reverse()) {
    rest = strip(rest, BLANKS, false)
    if (!rest || !same(rest.at(-1), letter)) break
    rest = rest.slice(0, -1)
  }
  return rest
}

function same(one, other) {
  return one === other || (QUOTES.includes(one) && QUOTES.includes(other))
}

function join(one, other) {
  const worth = (found) => [
    found.confidence,
    found.best.weight,
    Object.keys(found.best.values).length,
  ]
  const [better, worse] = compare(worth(one), worth(other)) >= 0 ? [one, other] : [other, one]
  if (worse.confidence < ACCEPT) return better
  return { ...better, chains: [...better.chains, ...worse.chains] }
}

/* Order two lists by their first items that differ. */
function compare(one, other) {
  for (let k = 0; k < one.length; k++) {
    if (one[k] !== other[k]) return one[k] < other[k] ? -1 : 1
  }
  return 0
}

function covers(outer, inner) {
  let k = 0
  for (const [begin, end] of inner) {
    while (k < outer.length && outer[k][1] < end) k += 1
    if (k === outer.length || outer[k][0] > begin) return false
  }
  return true
}

function stretches(found, whole) {
  let spans = found.chains
    .filter((chain) => chain.wording.parts[0][0] !== "slug")
    .flatMap((chain) => spansOf(chain, true))
  if (whole || !spans.length) spans = found.chains.flatMap((chain) => spansOf(chain))
  const merged = []
  for (const [begin, end] of spans.sort(compare)) {
    if (merged.length && begin <= merged.at(-1)[1]) {
      merged.at(-1)[1] = Math.max(end, merged.at(-1)[1])
    } else merged.push([begin, end])
  }
  return merged
}

function isNoted(one, all) {
  if (one.chains.some((chain) => spansOf(chain, true).length)) return false
  const notes = stretches(one)
  const others = all.filter((other) => other !== one && other.confidence >= SURE)
  return others.some((other) => covers(stretches(other, true), notes))
}

function rank(paste, all) {
  const spans = new Map(all.map((one) => [one.entry.id, stretches(one)]))
  const sizes = new Map()
  for (const [id, ranges] of spans) {
    sizes.set(id, ranges.reduce((sum, [begin, end]) => sum + end - begin, 0))
  }
  const wider = new Map(all.map((one) => [one.entry.id, widerThan(one, all, spans, sizes)]))
  const told = all.filter((one) => one.confidence >= SURE || !wider.get(one.entry.id).length)
  const found = told.filter((one) => !isNoted(one, told))
  const levels = new Map(found.map((one) => [one.entry.id, level(one.entry)]))
  const causes = new Map(found.map((one) => [one.entry.id, present(one, found)]))
  const follows = new Map([...causes].map(([id, names]) => [id, [...names, ...wider.get(id)]]))
  const depths = new Map()
  for (const id of levels.keys()) depth(id, follows, depths)
  const raised = new Set()
  const deepest = [...levels.keys()].sort((one, other) =>
    compare([-depths.get(one), one], [-depths.get(other), other]),
  )
  for (const id of deepest) {
    for (const cause of causes.get(id)) {
      if (levels.get(id) < levels.get(cause)) {
        levels.set(cause, levels.get(id))
        raised.add(cause)
      }
    }
  }
  for (const id of levels.keys()) {
    const outer = [id, ...wider.get(id)].filter((name) => levels.has(name))
    levels.set(id, Math.max(...outer.map((name) => levels.get(name))))
  }
  const key = (one) => {
    const { id } = one.entry
    const range = spans.get(id)
    const first = paste.line(range[0][0])
    const within = Math.floor((range[0][0] - paste.starts[first]) / WIDE)
    const last = paste.line(range.at(-1)[1] - 1)
    return [
      levels.get(id),
      depths.get(id),
      raised.has(id),
      !one.chains.some((chain) => spansOf(chain, true).length),
      roleOf(one.entry) !== "cause",
      one.confidence < SURE,
      one.entry.role === "wrapper" && !one.best.wording.foreign,
      one.entry.role === "wrapper" ? first : -last,
      one.entry.role === "wrapper" ? within : 0,
      -sizes.get(id),
      id,
    ]
  }
  const keys = new Map(found.map((one) => [one, key(one)]))
  return found.sort((one, other) => compare(keys.get(one), keys.get(other)))
}

function widerThan(one, found, spans, sizes) {
  const { id } = one.entry
  const size = [sizes.get(id), one.best.wording.near.length]
  return found
    .filter((other) => {
      const outer = other.entry.id
      if (one.confidence >= SURE && (other.entry.after ?? []).includes(id)) return false
      const more = compare([sizes.get(outer), other.best.wording.near.length], size) > 0
      return more && other.confidence >= SURE && covers(spans.get(outer), spans.get(id))
    })
    .map((other) => other.entry.id)
}

function present(one, found) {
  const after = one.entry.after ?? []
  return found
    .filter(
      (other) =>
        after.includes(other.entry.id) &&
        level(other.entry) < NOTICE &&
        (other.confidence >= SURE || one.confidence < SURE),
    )
    .map((other) => other.entry.id)
}

function depth(id, follows, depths) {
  if (!depths.has(id)) {
    depths.set(id, 0)
    const known = follows.get(id).filter((other) => follows.has(other))
    const each = known.map((other) => depth(other, follows, depths))
    depths.set(id, each.length ? 1 + Math.max(...each) : 0)
  }
  return depths.get(id)
}

function level(entry) {
  if (entry.role === "notice") return NOTICE
  if (entry.kind === "error") return entry.role === "wrapper" ? 1 : 0
  return entry.kind === "warning" ? 2 : 3
}

function merge(lines) {
  const merged = []
  for (const [first, last] of lines.sort(compare)) {
    if (merged.length && first <= merged.at(-1)[1] + 1) {
      merged.at(-1)[1] = Math.max(merged.at(-1)[1], last)
    } else merged.push([first, last])
  }
  return merged
}

/* A text in which half a surrogate pair is U+FFFD, as it is in Python. */
function wellFormed(text) {
  return text.isWellFormed() ? text : text.toWellFormed()
}

let latest = null

function matcher(document) {
  if (latest?.document !== document) latest = new Matcher(document)
  return latest
}

/* The errors in a paste, the one to read first in front. */
export function match(document, text) {
  return matcher(document).match(text)
}

/* Near misses, best first: worth a look, but no answers. */
export function guesses(document, text) {
  return matcher(document).guesses(text)
}
