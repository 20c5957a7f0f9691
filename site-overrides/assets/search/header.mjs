/* On every page: notices a log that is pasted into the header's search field. The field has one
   line and would lose the line breaks; the clipboard event still has them. Touches the page. */

import { hand } from "./handover.mjs"
import { looksLikeLog } from "./looks.mjs"

const { home } = document.querySelector("script[data-home]").dataset

document.querySelector("[data-md-component=search-query]")?.addEventListener("paste", event => {
  const text = event.clipboardData.getData("text/plain")
  if (!looksLikeLog(text)) return
  event.preventDefault()
  hand(text, home)
})
