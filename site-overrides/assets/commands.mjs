/* What the commands on a page can do: be shown for one system, be copied, and have values put in
   the place of their placeholders. Touches the page. */

import { fitsCommand, validValue } from "./values.mjs"

const root = document.documentElement
const status = document.body.appendChild(document.createElement("p"))
status.className = "status"
status.setAttribute("role", "status")

/* Say something to screen readers alone. */
export function announce(text) {
  status.textContent = text
}

/* ---- systems ---- */

function chooseSystem(os, within = document) {
  root.dataset.os = os
  for (const button of within.querySelectorAll(".os-tabs button"))
    button.setAttribute("aria-pressed", String(button.dataset.os === os))
}

function pressSystem(button) {
  const before = button.getBoundingClientRect().top
  chooseSystem(button.dataset.os)
  scrollBy({ top: button.getBoundingClientRect().top - before, behavior: "instant" })
  try {
    localStorage.setItem("os", button.dataset.os)
  } catch {
    /* kept for this page only */
  }
}

/* Press the buttons of the visitor's system in a part of the page that was just added. */
export function showSystem(within = document) {
  chooseSystem(root.dataset.os, within)
}

/* ---- copying ---- */

/* Copy a text and say on the button, for a moment, whether it worked. */
export async function copy(button, text) {
  const label = button.querySelector("span") ?? button
  label.dataset.label ??= label.textContent
  try {
    await navigator.clipboard.writeText(text)
    label.textContent = "Copied"
    announce("Copied to the clipboard.")
  } catch {
    label.textContent = "Press Ctrl+C"
    announce("The browser did not allow copying.")
  }
  button.classList.add("copied")
  setTimeout(() => {
    label.textContent = label.dataset.label
    announce("")
    button.classList.remove("copied")
  }, 1500)
}

document.addEventListener("click", event => {
  const system = event.target.closest?.(".os-tabs button")
  if (system) pressSystem(system)
  const button = event.target.closest?.(".copy")
  const code = button?.parentElement.querySelector("code")
  if (!code) return
  getSelection().selectAllChildren(code)
  copy(button, code.textContent)
})

/* ---- values ---- */

function textBefore(element, code) {
  const range = document.createRange()
  range.selectNodeContents(code)
  range.setEndBefore(element)
  return range.toString()
}

/* Put values in the place of the placeholders below an element, those that are valid there, and
   examples in the place of the others. Returns what was put in, by name. */
export function fill(within, values) {
  const used = new Map()
  for (const element of within.querySelectorAll("[data-placeholder]")) {
    const { placeholder: name, type } = element.dataset
    element.dataset.example ??= element.textContent
    const plain = element.closest(".code--file, .code--output")
    const code = plain ? null : element.closest("code, pre")
    const value = Object.hasOwn(values, name) ? values[name] : null
    const good =
      value !== null &&
      validValue(type, value) &&
      (!code || fitsCommand(textBefore(element, code), value))
    element.textContent = good ? value : element.dataset.example
    element.classList.toggle("filled-in", good)
    if (good) used.set(name, value)
  }
  return used
}

showSystem()
