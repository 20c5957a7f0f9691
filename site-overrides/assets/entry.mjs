/* An entry's page, and a procedure's: the system whose commands are shown, copy buttons, and the
   values that the address carries. Touches the page; what can be said without it is in values.mjs. */

import { fitsCommand, formatFragment, parseFragment, validValue } from "./values.mjs"

const root = document.documentElement
const status = document.body.appendChild(document.createElement("p"))
status.className = "status"
status.setAttribute("role", "status")

/* ---- systems ---- */

function chooseSystem(os) {
  root.dataset.os = os
  for (const button of document.querySelectorAll(".os-tabs button"))
    button.setAttribute("aria-pressed", String(button.dataset.os === os))
}

for (const button of document.querySelectorAll(".os-tabs button"))
  button.addEventListener("click", () => {
    const before = button.getBoundingClientRect().top
    chooseSystem(button.dataset.os)
    scrollBy({ top: button.getBoundingClientRect().top - before, behavior: "instant" })
    try {
      localStorage.setItem("os", button.dataset.os)
    } catch {
      /* kept for this page only */
    }
  })
chooseSystem(root.dataset.os)

/* ---- copying ---- */

async function copy(button, text) {
  const label = button.querySelector("span") ?? button
  const before = label.textContent
  try {
    await navigator.clipboard.writeText(text)
    label.textContent = "Copied"
    status.textContent = "Copied to the clipboard."
  } catch {
    label.textContent = "Press Ctrl+C"
    status.textContent = "The browser did not allow copying."
  }
  button.classList.add("copied")
  setTimeout(() => {
    label.textContent = before
    status.textContent = ""
    button.classList.remove("copied")
  }, 1500)
}

for (const button of document.querySelectorAll(".copy"))
  button.addEventListener("click", () => {
    const code = button.parentElement.querySelector("code")
    getSelection().selectAllChildren(code)
    copy(button, code.textContent)
  })
for (const button of document.querySelectorAll(".copy-answer"))
  button.addEventListener("click", () => copy(button, document.getElementById("answer").textContent))

/* ---- values ---- */

const placeholders = [...document.querySelectorAll("[data-placeholder]")].map(element => ({
  element,
  name: element.dataset.placeholder,
  type: element.dataset.type,
  example: element.textContent,
  code: element.closest(".code--file, .code--output") ? null : element.closest("code, #answer"),
}))

function textBefore({ element, code }) {
  const range = document.createRange()
  range.selectNodeContents(code)
  range.setEndBefore(element)
  return range.toString()
}

function fill(values) {
  const used = new Map()
  for (const placeholder of placeholders) {
    const { element, name, type, example, code } = placeholder
    const value = Object.hasOwn(values, name) ? values[name] : null
    const good =
      value !== null &&
      validValue(type, value) &&
      (!code || fitsCommand(textBefore(placeholder), value))
    element.textContent = good ? value : example
    element.classList.toggle("filled-in", good)
    if (good) used.set(name, value)
  }
  tell(used)
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
    fill({})
  })
  box.replaceChildren("Filled in from the link: ", ...parts, ". ", clear)
}

/* ---- fragments ---- */

function show({ anchor, values }, scroll) {
  fill(values)
  const target = anchor && document.getElementById(anchor)
  for (const old of document.querySelectorAll(".arrived")) old.classList.remove("arrived")
  if (!target) return
  target.classList.add("arrived")
  if (!scroll) return
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
