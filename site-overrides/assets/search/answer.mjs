/* The answer as text for a chat or a tracker. Pure: no page, no network. */

import { redact } from "./redact.mjs"

/* Those of some values that tell nothing private. */
export function harmless(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => redact(value) === value))
}

/* An answer in Markdown with the line of the log that led to it, redacted, below its headline. */
export function withLine(answer, { number, text }) {
  const line = redact(text)
  const fence = "`".repeat(Math.max(3, ...(line.match(/`+/g) ?? []).map(run => run.length + 1)))
  const [headline, ...rest] = answer.trim().split("\n\n")
  const shown = `Line ${number} of the log:\n\n${fence}\n${line}\n${fence}`
  return `${[headline, shown, ...rest].join("\n\n")}\n`
}
