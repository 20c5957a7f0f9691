/* What an error is to the others of a log, in words. Pure: no page, no network. */

/* The words for a match at a place of the ranking, and the tone in which they are set. */
export function role(match, place) {
  const kind = match.role === "notice" ? "notice" : match.kind
  const minor = match.role === "notice" || match.kind !== "error"
  if (!place) {
    if (match.role === "wrapper") return { tone: "wrapper", text: "Only the wrapper: the cause is not in what you pasted" }
    if (minor) return { tone: "notice", text: `A ${kind}: pip can go on after it` }
    return { tone: "cause", text: "Read this first" }
  }
  if (minor) return { tone: "notice", text: `${kind[0].toUpperCase()}${kind.slice(1)}: matters less` }
  if (match.role === "wrapper") return { tone: "wrapper", text: "The wrapper around it: matters less" }
  if (match.follows) return { tone: "follows", text: `Follows from ${match.follows}` }
  return { tone: "next", text: "Another error: read it next" }
}

/* What was found, in a sentence or two for those who do not see the page. */
export function summary({ matches, guesses, lines }) {
  const size = `${lines.toLocaleString("en")} ${lines === 1 ? "line" : "lines"}`
  if (!matches.length) {
    const near = guesses.length ? ` ${guesses.length} ${guesses.length === 1 ? "page is" : "pages are"} near to it, as a guess.` : ""
    return `No pip error found here, in ${size}.${near}`
  }
  const [first, ...others] = matches
  const lead = {
    cause: `Read ${first.id} first, line ${first.shown.number.toLocaleString("en")} of ${size}.`,
    wrapper: `Only the wrapper ${first.id} was found, in ${size}: the cause is not in what you pasted.`,
    notice: `Found ${first.id}, in ${size}. Nothing worse is in it.`,
  }[role(first, 0).tone]
  if (!others.length) return lead
  return `${lead} ${others.length} more found, ${others.length === 1 ? "it matters" : "they matter"} less.`
}
