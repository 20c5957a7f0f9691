/* The filter box above a list of errors: shows the entries that have all its words. */

const input = document.getElementById("filter")
const count = document.getElementById("filter-count")
const rows = [...document.querySelectorAll(".rows > li")].map(element => ({
  element,
  text: element.textContent.toLowerCase().replaceAll("_", " "),
}))
const groups = [...document.querySelectorAll(".letter")]

function filter() {
  const words = input.value.toLowerCase().replaceAll("_", " ").split(/\s+/).filter(Boolean)
  let shown = 0
  for (const { element, text } of rows) {
    element.hidden = !words.every(word => text.includes(word))
    if (!element.hidden) shown += 1
  }
  for (const group of groups) group.hidden = !group.querySelector("li:not([hidden])")
  document.body.classList.toggle("filtered", words.length > 0)
  count.textContent = words.length ? `${shown} of ${rows.length}` : ""
}

input.addEventListener("input", filter)
filter()
