/* The two ways in which a log leaves the page, both by hand: a link, and a form. The text is
   redacted, shown, and can be edited before. Touches the page. */

import { copy } from "../commands.mjs"
import { MOST_FORM, MOST_LINK, pack, proposal } from "./share.mjs"

const { form } = document.getElementById("search").dataset

/* Open the dialog for a link to this search. */
export function offerLink({ text, hidden, same }) {
  const dialog = start("share-dialog", text, hidden)
  const go = dialog.querySelector(".send__go")
  const link = document.getElementById("share-link")
  const note = same ? "" : " With these lines alone, the search finds less than in the whole log."
  follow(dialog, async current => {
    const url = new URL(await pack(current), location.href).href
    return () => {
      link.value = url
      return limit(url.length, MOST_LINK, "link") + note
    }
  })
  go.onclick = () => {
    link.select()
    copy(go, link.value)
  }
}

/* Open the dialog that leads to the form for a new error. */
export function offerForm({ text, hidden }) {
  const dialog = start("propose-dialog", text, hidden)
  const go = dialog.querySelector(".send__go")
  dialog.querySelector(".send__host").textContent = new URL(form).host
  follow(dialog, async current => {
    const url = proposal(form, current)
    return () => {
      if (current.trim() && url.length <= MOST_FORM) go.href = url
      else go.removeAttribute("href")
      return limit(url.length, MOST_FORM, "form's address")
    }
  })
}

function start(id, text, hidden) {
  const dialog = document.getElementById(id)
  dialog.querySelector("textarea").value = text
  dialog.querySelector(".send__hidden").textContent = replacedWords(hidden)
  dialog.querySelector(".send__close").onclick = () => dialog.close()
  dialog.showModal()
  return dialog
}

/* Do something with the text of a dialog, now and after each change, the last one last. */
function follow(dialog, prepare) {
  const area = dialog.querySelector("textarea")
  const go = dialog.querySelector(".send__go")
  const update = async () => {
    const current = area.value
    const finish = await prepare(current)
    if (area.value !== current) return
    const said = finish()
    const tooLong = said.startsWith("Too long")
    if ("disabled" in go) go.disabled = tooLong || !current.trim()
    const note = dialog.querySelector(".send__note")
    note.textContent = said
    note.classList.toggle("send__note--wrong", tooLong)
  }
  area.oninput = update
  update()
}

function limit(length, most, what) {
  const size = `The ${what} has ${length.toLocaleString("en")} of ${most.toLocaleString("en")} characters.`
  return length > most ? `Too long: take some lines out. ${size}` : size
}

function replacedWords(count) {
  if (!count) return "Nothing private was recognized in them; look for yourself."
  return `${count} private ${count === 1 ? "thing was" : "things were"} replaced in them; look whether that is all.`
}
