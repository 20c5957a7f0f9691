/* The page for addresses that do not exist: offers the entries whose ids are nearest. */

import { nearest } from "./nearest.mjs"

const box = document.getElementById("nearest")
const list = document.querySelector("script[data-entries]").dataset.entries

const last = location.pathname.split("/").filter(Boolean).at(-1) ?? ""
const typed = last.replace(/\.\w+$/, "")
const { entries } = await (await fetch(list)).json()
const known = new Map(entries.map(entry => [entry.id, entry]))

for (const id of nearest(typed, [...known.keys()])) {
  const { summary } = known.get(id)
  const link = document.createElement("a")
  link.className = "rows__id"
  link.href = new URL(`../pip/${id}/`, new URL(list, location.href))
  link.textContent = id
  const text = document.createElement("span")
  text.textContent = summary
  const item = document.createElement("li")
  item.append(link, text)
  box.querySelector("ul").append(item)
  box.hidden = false
}
