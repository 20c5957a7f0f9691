/* Is a pasted text a log, or words to search for? Pure: no page, no network. */

const LONG = 60

/* Is it output of a program: several lines, one long line, or one with a label such as ERROR? */
export function looksLikeLog(text) {
  const lines = text.split(/[\r\n]+/).filter(line => line.trim())
  return (
    lines.length > 1 ||
    text.trim().length >= LONG ||
    /^\W{0,4}(?:\w{1,40}: )?(?:error|warning|deprecation|notice|fatal|traceback|\w{1,40}(?:error|exception|warning))\b ?[:(]/i.test(text)
  )
}
