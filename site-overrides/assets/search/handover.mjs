/* Hands a log from the header's search field to the paste box, on this page or on the next one.
   Touches the page. */

const KEY = "pasted-log"
const MOST = 2_000_000 /* characters; browsers keep some 5 million for a site */

/* The log that another page has handed over. It is taken away at once. */
export function take() {
  try {
    const text = sessionStorage.getItem(KEY)
    sessionStorage.removeItem(KEY)
    return text ?? ""
  } catch {
    return ""
  }
}

/* Hand a log to the paste box. `home` is the address of the page that has it. */
export function hand(text, home) {
  if (document.getElementById("paste")) {
    const toggle = document.querySelector('[data-md-toggle="search"]')
    if (toggle?.checked) toggle.click()
    dispatchEvent(new CustomEvent(KEY, { detail: text }))
    document.getElementById("paste").focus()
    return
  }
  /* The errors of a long log stand at its end. */
  sessionStorage.setItem(KEY, text.slice(-MOST))
  location.assign(home)
}
