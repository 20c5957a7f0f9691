/* From a log to what the page shows of it. Pure: no page, no network. */

import { types as fillable, validValue } from "../values.mjs"
import { evidence, excerpt, rows, split, suspicious } from "./log.mjs"
import { redact, replaced } from "./redact.mjs"

const AROUND = [2, 6, 20, 60]
const MOST_SHARED = 5000

/* Search a log with the functions of matcher.mjs. Returns `lines`, how many it has; `matches`, best
   first, and `guesses` where there are none, each with its headline, its values and the line that
   shows it; `rows`, the log as it is shown. */
export function find(matcher, patterns, text) {
  const lines = split(text)
  const known = new Map(patterns.entries.map(entry => [entry.id, entry]))
  const matches = matcher.match(patterns, text).map(match => described(match, known, lines))
  const guesses = matches.length
    ? []
    : matcher.guesses(patterns, text).map(match => described(match, known, lines))
  for (const [index, match] of matches.entries()) {
    const above = new Set(matches.slice(0, index).map(({ id }) => id))
    match.follows = (known.get(match.id).after ?? []).find(id => above.has(id)) ?? ""
  }
  return { lines: lines.length, matches, guesses, rows: rows(lines, matches) }
}

/* What is worth sharing of a log: the lines of its matches with as few others around them as let
   the search find the same again; redacted. `same` says whether it does. */
export function shareable(matcher, patterns, text) {
  const lines = split(text)
  const matches = matcher.match(patterns, text)
  if (!matches.length) {
    const before = clipped(suspicious(lines))
    const shared = redact(before)
    return { text: shared, hidden: replaced(before, shared), same: true }
  }
  const ids = found => found.map(({ id }) => id).join()
  let best
  for (const chosen of [matches, matches.slice(0, 1)]) {
    for (const around of AROUND) {
      const before = excerpt(lines, chosen, around)
      if (before.length > MOST_SHARED && best) break
      const shared = redact(clipped(before))
      const again = matcher.match(patterns, shared)
      const same = ids(again) === ids(matches)
      if (!best || same || (!best.first && again[0]?.id === matches[0].id))
        best = { text: shared, hidden: replaced(before, shared), same, first: again[0]?.id === matches[0].id }
      if (same) return best
    }
    if (best.first) return best
  }
  return best
}

function clipped(text) {
  return text.length > MOST_SHARED ? text.slice(0, MOST_SHARED).replace(/\n[^\n]*$/, "") : text
}

function described(match, known, lines) {
  const entry = known.get(match.id)
  const wording = entry.wordings.find(({ of: number }, index) => (number ?? index) === match.wording)
  const types = placeholders(entry)
  const values = completed(match.values, types)
  const headline = wording.parts[0][1]
  const words = wording.parts
    .flatMap(([, items]) => items)
    .filter(item => typeof item === "string" && item.trim().length > 3)
  return {
    id: match.id,
    role: match.role,
    kind: entry.kind,
    lines: match.lines,
    headline: headline.map(item => (typeof item === "string" ? item : { name: item[0], type: item[1] })),
    values,
    usable: Object.fromEntries(
      Object.entries(values).filter(([name, value]) => validValue(types.get(name) ?? "", value)),
    ),
    words: words.slice(0, 8).map(word => word.trim()),
    shown: evidence(lines, { lines: match.lines, words: words.slice(0, 8) }),
  }
}

/* The types of an entry's placeholders, by name. */
function placeholders(entry) {
  const found = new Map(fillable.map(type => [type, type]))
  for (const { parts } of entry.wordings)
    for (const [, items] of parts)
      for (const item of items) if (Array.isArray(item)) found.set(item[0], item[1])
  return found
}

/* A requirement tells its package, and its version if it names one, where the texts of the entry
   have no place of their own for them. */
function completed(values, types) {
  const found = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?:\[[^\]]*\])?(?: ?==?=? ?([0-9][a-z0-9.+-]*))?/i.exec(
    types.get("requirement") === "requirement" ? (values.requirement ?? "") : "",
  )
  const more = {}
  if (found && !("package" in values)) more.package = found[1]
  if (found?.[2] && !("version" in values)) more.version = found[2]
  return { ...values, ...more }
}
