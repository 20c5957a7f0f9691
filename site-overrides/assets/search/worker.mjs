/* Searches logs beside the page, so that the page never waits. The patterns are fetched once, when
   the first message comes; no log leaves this file but to the page that sent it. */

import { MOST_BYTES, decode } from "./decode.mjs"
import { find, shareable } from "./find.mjs"
import * as matcher from "../matcher.mjs"

let address
let patterns
let text = ""

async function load() {
  patterns ??= fetch(address).then(response => {
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
    return response.json()
  })
  try {
    return await patterns
  } catch (error) {
    patterns = undefined
    throw error
  }
}

async function read(file) {
  const bytes = new Uint8Array(await file.slice(Math.max(0, file.size - MOST_BYTES)).arrayBuffer())
  return { ...decode(bytes), cut: file.size > MOST_BYTES }
}

const tasks = {
  start: load,
  async find(asked) {
    const source = asked.file ? await read(asked.file) : { text: asked.text }
    const document = await load()
    text = source.text
    const result = find(matcher, document, text)
    return { ...result, characters: text.length, cut: source.cut, binary: source.binary }
  },
  async share() {
    return shareable(matcher, await load(), text)
  },
}

addEventListener("message", async ({ data: { number, task, ...asked } }) => {
  address = asked.patterns
  try {
    postMessage({ number, result: await tasks[task](asked) })
  } catch (error) {
    postMessage({ number, error: String(error.message ?? error) })
  }
})
