/* The way from a page to the worker that searches. Neither reads nor changes the page. */

export class Finder {
  #patterns
  #worker
  #number = 0
  #waiting = new Map()

  /* Nothing is loaded before the first call. `patterns` is the address of the patterns. */
  constructor(patterns) {
    this.#patterns = new URL(patterns, location.href).href
  }

  /* Load what a search needs, so that the first one does not wait for it. */
  warm() {
    this.ask("start").catch(() => {}) /* the search that follows says what is wrong */
  }

  /* Have the worker do a task; see worker.mjs. Rejects if it cannot. */
  ask(task, asked = {}) {
    this.#worker ??= this.#start()
    this.#number += 1
    const number = this.#number
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject })
      this.#worker.postMessage({ number, task, patterns: this.#patterns, ...asked })
    })
  }

  #start() {
    const worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" })
    worker.addEventListener("message", ({ data: { number, result, error } }) => {
      const { resolve, reject } = this.#waiting.get(number)
      this.#waiting.delete(number)
      if (error === undefined) resolve(result)
      else reject(new Error(error))
    })
    worker.addEventListener("error", event => {
      event.preventDefault()
      worker.terminate()
      this.#worker = undefined
      for (const { reject } of this.#waiting.values())
        reject(new Error(event.message || "its program could not be loaded"))
      this.#waiting.clear()
    })
    return worker
  }
}
