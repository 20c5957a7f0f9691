/* The lines of a log: how they are shown, and which of them matter. Pure: no page, no network. */

const WHOLE = 80 /* lines up to which a log is shown whole */
const AROUND = 3 /* lines shown around those of a match */
const RUN = 24 /* lines of one match that are shown, before its middle is left out */
const ROWS = 400
const WIDTH = 400 /* characters shown of a line */
const SHORT = 200 /* characters shown of the line that shows a match */
const KEPT = 2000 /* characters of a line that are shared */

/* The lines of a text, numbered as the matcher numbers them. */
export function split(text) {
  const lines = text.split(/\r\n|\r|\n/)
  while (lines.length > 1 && !lines.at(-1).trim()) lines.pop()
  return lines
}

/* A line as it is shown: without terminal codes, and with a mark for what cannot be seen. */
export function visible(line) {
  return line
    .replace(/\x1b(?:\[[0-9;:?]{0,40}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[@-Z_a-z=>])/g, "")
    .replace(/\t/g, "    ")
    .replace(/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu, "\ufffd")
}

/* A long line, cut around the first of some words that it has. */
export function cut(line, words = [], width = WIDTH) {
  if (line.length <= width) return line
  const lower = line.toLowerCase()
  const found = words.map(word => lower.indexOf(word.toLowerCase())).filter(at => at >= 0)
  const start = found.length ? Math.max(0, Math.min(found[0], line.length - width) - width / 8) : 0
  const end = start + width
  return `${start ? "… " : ""}${line.slice(start, end)}${end < line.length ? " …" : ""}`
}

/* The rows of a log as they are shown: `{ number, text, match }`, where match is the index of the
   first match that has the line, or -1; and `{ skipped }` for lines that are left out. */
export function rows(lines, matches) {
  const owner = new Map()
  for (const [index, match] of matches.entries())
    for (const [first, last] of match.lines)
      for (const number of run(first, last)) if (!owner.has(number)) owner.set(number, index)
  const wanted = new Set(owner.keys())
  if (lines.length <= WHOLE) for (let number = 1; number <= lines.length; number += 1) wanted.add(number)
  else if (!matches.length) return []
  else
    for (const number of owner.keys())
      for (let near = number - AROUND; near <= number + AROUND; near += 1) wanted.add(near)
  const numbers = [...wanted]
    .filter(number => number >= 1 && number <= lines.length)
    .sort((a, b) => a - b)
    .slice(0, ROWS)
  const shown = []
  let before = 0
  for (const number of numbers) {
    if (number > before + 1) shown.push({ skipped: number - before - 1 })
    const match = owner.get(number) ?? -1
    const text = cut(visible(lines[number - 1]), matches[match]?.words)
    shown.push({ number, text, match })
    before = number
  }
  if (before < lines.length && shown.length) shown.push({ skipped: lines.length - before })
  return shown
}

/* The line of a match that shows it best: the one of its headline, else its first. */
export function evidence(lines, { lines: ranges, words }) {
  const numbers = ranges.flatMap(([first, last]) => run(first, last))
  const telling = numbers.find(number => {
    const text = squeezed(lines[number - 1])
    return words.some(word => text.includes(squeezed(word)))
  })
  const number = telling ?? numbers[0]
  return { number, text: cut(visible(lines[number - 1]).trim(), words, SHORT) }
}

/* The lines of some matches, with others around them: what is worth sharing. */
export function excerpt(lines, matches, around) {
  const wanted = new Set()
  for (const match of matches)
    for (const [first, last] of match.lines)
      for (const number of run(first, last))
        for (let near = number - around; near <= number + around; near += 1) wanted.add(near)
  return joined(lines, [...wanted].sort((a, b) => a - b))
}

/* What is worth sharing of a log in which nothing was found: lines that speak of errors, or the
   last ones. */
export function suspicious(lines, most = 40) {
  const wanted = new Set()
  for (let number = lines.length; number >= 1 && wanted.size < most; number -= 1)
    if (/\b(error|exception|warning|failed|fatal|cannot|could not|denied|not found)\b/i.test(lines[number - 1].slice(0, KEPT)))
      for (const near of [number + 1, number, number - 1]) wanted.add(near)
  if (!wanted.size)
    for (let number = Math.max(1, lines.length - most); number <= lines.length; number += 1) wanted.add(number)
  return joined(lines, [...wanted].sort((a, b) => a - b))
}

function joined(lines, numbers) {
  const kept = []
  let before = 0
  for (const number of numbers) {
    if (number < 1 || number > lines.length) continue
    if (before && number > before + 1) kept.push("[…]")
    kept.push(cut(visible(lines[number - 1]).trimEnd(), [], KEPT))
    before = number
  }
  return kept.join("\n").replace(/^\n+|\n+$/g, "")
}

function run(first, last) {
  const numbers = []
  for (let number = first; number <= last; number += 1) {
    if (number - first === RUN && last - number > RUN) number = last - RUN
    numbers.push(number)
  }
  return numbers
}

function squeezed(text) {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "")
}
