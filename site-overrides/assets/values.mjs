/* Values for placeholders, and the fragment that carries them. Pure: no page, no network.

   A fragment is `#<anchor>`, `#<anchor>?<name>=<value>&…` or `#?<name>=<value>…`. The part behind
   the question mark is encoded as in a query.

   A value may come out of a stranger's log or link, and ends up in a command that is copied into
   a shell. So each type has a list of what its values may look like, and what does not fit is not
   used. No value can hold a quote, a backtick, $, ;, |, &, a line break or a character that
   is not ASCII. Types that are missing here are never filled in. */

const MOST = 200

const TYPES = {
  package: /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i,
  version: /^v?[0-9][a-z0-9._+-]*$/i,
  requirement:
    /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(\[[a-z0-9._, -]+\])?( ?(===?|~=|!=|<=?|>=?) ?[a-z0-9][a-z0-9.*_+-]*( ?, ?(===?|~=|!=|<=?|>=?) ?[a-z0-9][a-z0-9.*_+-]*)*)?$/i,
  specifier:
    /^(===?|~=|!=|<=?|>=?) ?[a-z0-9][a-z0-9.*_+-]*( ?, ?(===?|~=|!=|<=?|>=?) ?[a-z0-9][a-z0-9.*_+-]*)*$/i,
  extra: /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i,
  module: /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/i,
  python_version: /^[0-9]{1,2}(\.[0-9]{1,3}){0,2}$/,
  number: /^[0-9]{1,10}$/,
  option: /^--?[a-z][a-z0-9-]*$/,
  hash: /^(sha(1|224|256|384|512):|md5:)?[0-9a-f]{32,128}$/,
  path: /^(?!-)(?!.*\\\\)([a-z]:(?=[/\\]))?[a-z0-9._~+@/\\ ()-]*[a-z0-9._~+@/)]$/i,
  filename: /^(?!-)[a-z0-9._+ -]*[a-z0-9_]$/i,
  url: /^(git\+)?https?:\/\/[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(\/[a-z0-9._~+/=-]*)?$/i,
  host: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/i,
}

/* What a shell takes literally without quotes around it. */
const BARE = /^[a-z0-9._+:/=-]+$/i

/* The types that can be filled in at all. */
export const types = Object.keys(TYPES)

/* May this value stand in the place of a placeholder of this type? */
export function validValue(type, value) {
  return (
    Object.hasOwn(TYPES, type) &&
    typeof value === "string" &&
    value.length <= MOST &&
    TYPES[type].test(value)
  )
}

/* May it stand at the end of this text of a command? Within double quotes a valid value always
   may, elsewhere only one that needs no quotes. */
export function fitsCommand(before, value) {
  const line = before.slice(before.lastIndexOf("\n") + 1)
  return line.split('"').length % 2 === 0 || BARE.test(value)
}

/* Take a fragment apart: its anchor, and its values by name. */
export function parseFragment(hash) {
  const text = hash.replace(/^#/, "")
  const mark = text.indexOf("?")
  const anchor = mark < 0 ? text : text.slice(0, mark)
  const values = mark < 0 ? {} : Object.fromEntries(new URLSearchParams(text.slice(mark + 1)))
  return { anchor: decoded(anchor), values }
}

/* Put a fragment together; empty where there is neither an anchor nor a value. */
export function formatFragment({ anchor = "", values = {} }) {
  const query = new URLSearchParams(values).toString()
  const text = encodeURIComponent(anchor) + (query && `?${query}`)
  return text && `#${text}`
}

function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
