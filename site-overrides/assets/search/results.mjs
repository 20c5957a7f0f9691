/* Shows what was found: the errors of a log, the fix of the first one, the log itself. Touches the
   page. Whatever comes out of a log goes into text nodes only. */

import { announce, copy, fill, showSystem } from "../commands.mjs"
import { formatFragment } from "../values.mjs"
import { harmless, withLine } from "./answer.mjs"
import { cut } from "./log.mjs"
import { role } from "./roles.mjs"

const MOST_VALUE = 80 /* characters of a value in a headline */

const box = document.getElementById("search")
const pages = box.dataset.pages
const answers = new Map()

/* Show a result of find.mjs, or take away the last one if there is none. */
export function show(result) {
  document.getElementById("results").hidden = !result
  document.getElementById("matches").replaceChildren(...(result?.matches ?? []).map(card))
  document.getElementById("none").hidden = !result || result.matches.length > 0
  document.getElementById("log").hidden = !result?.matches.length
  showGuesses(result?.guesses ?? [])
  showLog(result)
}

/* ---- one error ---- */

function card(match, place) {
  const { tone, text } = role(match, place)
  const item = make("li", { class: `match match--${tone}`, "data-entry-id": match.id })
  const label = make("p", { class: "match__role" }, text)
  const title = make("h2", { class: "match__headline" }, ...headline(match))
  const body = make("div", { class: "match__body" })
  if (place) {
    const more = make("details")
    more.append(make("summary", {}, label, title, make("span", { class: "match__id" }, match.id)), body)
    more.addEventListener("toggle", () => more.open && !body.children.length && fillBody(body, match, tone))
    item.append(more)
  } else {
    item.append(make("div", { class: "match__top" }, label, make("span", { class: "match__id" }, match.id)), title, body)
    fillBody(body, match, tone)
  }
  return item
}

async function fillBody(body, match, tone) {
  const answer = make("div", { class: "answer", "aria-busy": "true" })
  const open = make("a", { class: "button button--main", href: page(match) }, "Open the page")
  const tools = make("p", { class: "match__tools" }, open)
  body.append(where(match), ...taken(match), answer, tools)
  try {
    answer.append(...(await answerOf(match.id)))
  } catch {
    answer.append(make("p", { class: "answer__failed" }, "The fix could not be loaded. It stands on the page."))
    return
  } finally {
    answer.removeAttribute("aria-busy")
  }
  if (tone === "wrapper" && body.closest("details") === null)
    answer.querySelector(".answer__summary").after(document.getElementById("wrapper-help").content.cloneNode(true))
  fill(answer, match.usable)
  showSystem(answer)
  for (const link of answer.querySelectorAll(`a[href^="${page({ id: match.id, usable: {} })}"]`))
    link.href = page(match, link.hash.slice(1))
  const button = make("button", { class: "button", type: "button" }, make("span", {}, "Copy the answer"))
  button.addEventListener("click", () => copy(button, markdown(answer, match)))
  tools.append(button)
}

function page({ id, usable }, anchor = "") {
  return `${pages}pip/${id}/${formatFragment({ anchor, values: usable })}`
}

function headline({ headline: items, values }) {
  return items.map(item => {
    if (typeof item === "string") return item
    const value = Object.hasOwn(values, item.name) ? values[item.name] : ""
    const shown = value ? cut(value, [], MOST_VALUE) : item.name.replaceAll("_", " ")
    return make("var", { class: `placeholder${value ? " filled-in" : ""}` }, shown)
  })
}

/* The line that shows the error, and the way to it in the log. */
function where({ shown: { number, text } }) {
  const line = make("button", { type: "button", class: "match__number" }, `Line ${number.toLocaleString("en")}`)
  line.addEventListener("click", () => goTo(number))
  return make("p", { class: "match__line" }, line, make("code", {}, text))
}

function taken({ usable }) {
  const rows = Object.entries(usable).filter(([, value]) => /\D/.test(value)).map(([name, value]) =>
    make("div", {}, make("dt", {}, name.replaceAll("_", " ")), make("dd", {}, value)),
  )
  if (!rows.length) return []
  return [make("div", { class: "values" }, make("p", {}, "From your log:"), make("dl", {}, ...rows))]
}

/* Our own text, laid out when the site was built; the parser runs no script. */
async function answerOf(id) {
  if (!answers.has(id))
    answers.set(
      id,
      fetch(`${pages}answers/${id}.json`).then(response => {
        if (!response.ok) throw new Error(response.statusText)
        return response.json()
      }),
    )
  try {
    const { html } = await answers.get(id)
    return new DOMParser().parseFromString(html, "text/html").body.childNodes
  } catch (error) {
    answers.delete(id)
    throw error
  }
}

function markdown(answer, { usable, shown }) {
  const text = make("div", {}, answer.querySelector(".answer__markdown").cloneNode(true))
  fill(text, harmless(usable))
  return withLine(text.textContent, shown)
}

/* ---- no error ---- */

function showGuesses(guesses) {
  const items = guesses.map(guess =>
    make(
      "li",
      {},
      make("a", { class: "rows__id", href: page({ ...guess, usable: {} }) }, guess.id),
      make("code", { class: "rows__headline" }, ...headline({ ...guess, values: {} })),
    ),
  )
  document.getElementById("guesses").hidden = !items.length
  document.querySelector("#guesses ul").replaceChildren(...items)
}

/* ---- the log ---- */

function showLog(result) {
  const rows = (result?.rows ?? []).map(row => {
    if (row.skipped) return make("p", { class: "log__gap" }, skipped(row.skipped))
    const match = result.matches[row.match]
    const text = make(match ? "mark" : "span", {}, row.text || " ")
    const tone = match ? ` log__row--${role(match, row.match).tone}` : ""
    const number = make("span", { class: "log__number" }, String(row.number))
    return make("div", { class: `log__row${tone}`, "data-line": row.number }, number, text)
  })
  const list = document.getElementById("rows")
  list.style.setProperty("--digits", String(result?.lines ?? 0).length)
  list.replaceChildren(...rows)
  const first = list.querySelector(`[data-line="${result?.matches[0]?.shown.number}"]`)
  if (first) list.scrollTop = first.offsetTop - list.clientHeight / 2
}

function goTo(number) {
  const list = document.getElementById("rows")
  const row = list.querySelector(`[data-line="${number}"]`)
  if (!row) return
  for (const old of list.querySelectorAll(".arrived")) old.classList.remove("arrived")
  row.classList.add("arrived")
  list.scrollTop = row.offsetTop - list.clientHeight / 2
  list.scrollIntoView({ block: "nearest" })
  list.focus({ preventScroll: true })
  announce(`Line ${number} of your log.`)
}

function skipped(count) {
  return `${count.toLocaleString("en")} ${count === 1 ? "line" : "lines"} left out`
}

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}
