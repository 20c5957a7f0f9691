/* An entry's page, and a procedure's: the values that the address carries, and copying the answer.
   Touches the page; what can be said without it is in values.mjs. */

import { copy, fill } from "./commands.mjs"
import { formatFragment, parseFragment } from "./values.mjs"

for (const button of document.querySelectorAll(".copy-answer"))
  button.addEventListener("click", () => copy(button, document.getElementById("answer").textContent))

/* ---- values ---- */

function apply(values) {
  tell(fill(document, values))
}

function tell(used) {
  const box = document.getElementById("filled")
  if (!box) return
  box.hidden = !used.size
  const parts = [...used].flatMap(([name, value], place) => {
    const code = document.createElement("code")
    code.textContent = value
    return [place ? ", " : "", `${name.replaceAll("_", " ")} `, code]
  })
  const clear = document.createElement("button")
  clear.type = "button"
  clear.textContent = "Show the placeholders"
  clear.addEventListener("click", () => {
    const { anchor } = parseFragment(location.hash)
    history.replaceState(history.state, "", formatFragment({ anchor }) || location.pathname)
    apply({})
  })
  box.replaceChildren("Filled in from the link: ", ...parts, ". ", clear)
}

/* ---- fragments ---- */

function show({ anchor, values }, scroll) {
  apply(values)
  const target = anchor && document.getElementById(anchor)
  for (const old of document.querySelectorAll(".arrived")) old.classList.remove("arrived")
  if (!target) return
  target.classList.add("arrived")
  const folded = target.closest("details:not([open])")
  if (folded) folded.open = true
  if (!scroll && !folded) return
  target.scrollIntoView()
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1
  target.focus({ preventScroll: true })
}

function arrive() {
  const fragment = parseFragment(location.hash)
  /* The browser scrolls to a plain anchor by itself; it knows no anchor with values. */
  show(fragment, location.hash.includes("?"))
}

addEventListener("hashchange", arrive)
arrive()

/* A link within the page keeps the values. */
document.addEventListener("click", event => {
  const link = event.target.closest?.('a[href^="#"]')
  const { values } = parseFragment(location.hash)
  if (!link || !Object.keys(values).length) return
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  const { anchor } = parseFragment(link.getAttribute("href"))
  location.hash = formatFragment({ anchor, values })
})
