/* The paste box on the home page: takes a log from the keyboard, the clipboard, a file, a link or
   another page's search field, has it searched, and says what was found. Touches the page. */

import { MOST_BYTES } from "./decode.mjs"
import { Finder } from "./finder.mjs"
import { take } from "./handover.mjs"
import { show } from "./results.mjs"
import { summary } from "./roles.mjs"
import { offerForm, offerLink } from "./send.mjs"
import { unpack } from "./share.mjs"

const LARGE = 50_000 /* characters from which on a text area makes the page wait */
const PAUSE = 150 /* milliseconds without a key before a search */

const box = document.getElementById("search")
const area = document.getElementById("paste")
const chip = document.getElementById("paste-file")
const clearButton = document.getElementById("clear")
const pasteButton = document.getElementById("paste-button")
const chooser = document.getElementById("file")
const failed = document.getElementById("failed")
const finder = new Finder(box.dataset.patterns)

/* ---- searching ---- */

let source = null /* what is searched: { text } or { file } */
let next = null
let busy = false
let timer

async function search(wanted) {
  clearTimeout(timer)
  source = wanted
  next = wanted
  if (busy) return
  busy = true
  while (next) {
    const now = next
    next = null
    state("working", "Searching …")
    try {
      const result = await finder.ask("find", now)
      if (!next && source === now) present(now, result)
    } catch (error) {
      if (!next && source === now) state("failed", `The search does not work: ${error.message}.`)
    }
  }
  busy = false
}

function present(now, result) {
  const notes = [
    result.binary && "This hardly looks like text.",
    result.cut && `Only the last ${MOST_BYTES >> 20} MB of the file were read; lines are counted from there.`,
  ].filter(Boolean)
  if (now.name) describe(now, result)
  show(result)
  state(result.matches.length ? "found" : "none", [summary(result), ...notes].join(" "))
}

function state(name, text) {
  const said = document.getElementById("found")
  if (said.textContent !== text) said.textContent = text
  box.dataset.state = name
  document.body.dataset.search = name
  failed.hidden = name !== "failed"
  clearButton.hidden = name === "empty"
  if (name === "empty" || name === "failed") show(null)
}

function reset() {
  clearTimeout(timer)
  source = null
  next = null
  chip.hidden = true
  state("empty", "")
}

/* ---- what is searched ---- */

/* Search a text: in the text area, or beside it if it is so long that the area would make the
   page wait. */
function searchText(text, name) {
  arrived()
  if (text.length > LARGE) {
    area.value = ""
    hold({ text, name, size: text.length })
  } else {
    area.value = text
    chip.hidden = true
    if (text.trim()) search({ text })
    else reset()
  }
}

function searchFile(file) {
  arrived()
  area.value = ""
  hold({ file, name: file.name, size: file.size })
}

function hold(wanted) {
  chip.hidden = false
  describe(wanted)
  search(wanted)
}

function describe({ name, size }, result) {
  chip.querySelector("b").textContent = name.replace(/[^\x20-\x7e\u00a1-\u1fff\u2c00-\ud7ff]/gu, "\ufffd")
  const lines = result ? `, ${result.lines.toLocaleString("en")} lines` : ""
  chip.querySelector("span").textContent = bytes(size) + lines
}

function bytes(count) {
  if (count < 1000) return `${count} bytes`
  return count < 1e6 ? `${Math.round(count / 1e3)} KB` : `${(count / 1e6).toFixed(1)} MB`
}

/* A log that did not come from the keys: the box comes into sight. */
function arrived() {
  forget()
  area.parentElement.scrollIntoView({ block: "nearest" })
}

/* The address carries a log only as long as it is the one that is searched. */
function forget() {
  if (/^#\?logz?=/.test(location.hash)) history.replaceState(history.state, "", location.pathname)
}

function clear() {
  forget()
  area.focus()
  area.select()
  /* Unlike a new value, this can be undone with the keyboard. */
  if (area.value && !document.execCommand("delete")) area.value = ""
  reset()
}

/* ---- typing and pasting ---- */

/* A long text that does not come from the clipboard, as from an input method. */
area.addEventListener("beforeinput", event => {
  if (!event.data || event.data.length <= LARGE) return
  event.preventDefault()
  searchText(event.data, "Pasted text")
})

area.addEventListener("input", event => {
  forget()
  clearTimeout(timer)
  chip.hidden = true
  const text = area.value
  if (!text.trim()) return reset()
  if (text.length > LARGE) return searchText(text, "Pasted text")
  if (event.inputType?.startsWith("insertFrom")) return search({ text })
  timer = setTimeout(() => search({ text }), PAUSE)
})

area.addEventListener("keydown", event => {
  if (event.key !== "Escape" || event.isComposing || (!area.value && !source)) return
  event.preventDefault()
  clear()
})
clearButton.addEventListener("click", clear)

document.addEventListener("paste", event => {
  const elsewhere = event.target.closest?.("input, textarea, [contenteditable]")
  if (event.defaultPrevented || (elsewhere && elsewhere !== area)) return
  const [file] = event.clipboardData.files
  const text = event.clipboardData.getData("text/plain")
  if (file && !text) searchFile(file)
  else if (text.length > LARGE || (text && !elsewhere)) searchText(text, "Pasted text")
  else return
  event.preventDefault()
})

pasteButton.hidden = !navigator.clipboard?.readText
pasteButton.addEventListener("click", async () => {
  finder.warm()
  try {
    searchText(await navigator.clipboard.readText(), "Pasted text")
  } catch {
    document.getElementById("found").textContent =
      "The browser did not allow reading the clipboard. Paste into the box with Ctrl+V, or Command+V on a Mac."
  }
  area.focus()
})

/* ---- files ---- */

document.getElementById("choose").addEventListener("click", () => chooser.click())
chooser.addEventListener("change", () => {
  if (chooser.files.length) searchFile(chooser.files[0])
  chooser.value = ""
})

let depth = 0
const carries = event => [...(event.dataTransfer?.types ?? [])].some(type => /^(Files|text\/plain)$/.test(type))
const dragging = on => {
  depth = on ? depth + 1 : Math.max(0, depth - 1)
  box.classList.toggle("search--drop", depth > 0)
}
addEventListener("dragenter", event => {
  if (!carries(event)) return
  finder.warm()
  dragging(true)
})
addEventListener("dragleave", event => carries(event) && dragging(false))
addEventListener("dragover", event => {
  if (!carries(event) || event.target.closest?.("dialog, input")) return
  event.preventDefault()
  event.dataTransfer.dropEffect = "copy"
})
addEventListener("drop", event => {
  depth = 0
  box.classList.remove("search--drop")
  if (!carries(event) || event.target.closest?.("dialog, input")) return
  event.preventDefault()
  const [file] = event.dataTransfer.files
  if (file) searchFile(file)
  else searchText(event.dataTransfer.getData("text/plain"), "Dropped text")
})

/* ---- sending ---- */

async function offer(dialog) {
  dialog(await finder.ask("share"))
}
document.getElementById("share").addEventListener("click", () => offer(offerLink))
document.getElementById("propose").addEventListener("click", () => offer(offerForm))
failed.querySelector("button").addEventListener("click", () => source && search({ ...source }))

/* ---- arriving ---- */

for (const type of ["focusin", "pointerover"])
  box.addEventListener(type, () => finder.warm(), { once: true })

addEventListener("pasted-log", event => searchText(event.detail, "Pasted text"))

async function arrive() {
  const text = await unpack(location.hash)
  if (!text) return
  area.value = text
  chip.hidden = true
  search({ text })
}
addEventListener("hashchange", arrive)

document.documentElement.dataset.search = "ready"
const handed = take()
if (handed) searchText(handed, "Pasted text")
else await arrive()
