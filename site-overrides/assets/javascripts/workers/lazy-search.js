/* The search worker that each page starts: it loads the theme's own worker and the true search
   index when the first word is searched, so that a first visit does not pay for them.

   The theme (Material 9.8) fetches search/search_index.json and starts the worker named in its
   settings on every page that has its search form, whether the search is used or not. The build
   leaves an index without documents in that place (scripts/mkdocs_hooks.py) and names this file
   as the worker, with the name of the theme's worker as its fragment (site-overrides/main.html).

   The messages are the theme's, numbered as in its integrations/search/worker/message:
   SETUP comes once, with the empty index; READY is its answer; QUERY comes with each change of
   the input, at first with an empty one; RESULT is its answer. This file stands in for the
   worker until a word is searched. Then it fetches search/index.json, loads the theme's worker
   into the same scope, hands it a SETUP with the documents, and steps aside. */

"use strict"
;(() => {
  const SETUP = 0
  const READY = 1
  const QUERY = 2
  const RESULT = 3

  const index = new URL("../../../search/index.json", location.href)
  const worker = location.hash.slice(1)

  let options
  let latest
  let state = "idle"

  /* Registered first, so it also runs first, before the theme's own listener. */
  addEventListener("message", event => {
    if (state === "loaded" || !event.isTrusted) return
    event.stopImmediatePropagation()
    const { type, data } = event.data
    if (type === SETUP) {
      options = data.options
      postMessage({ type: READY })
    } else if (type === QUERY) {
      latest = data
      if (!data.trim()) postMessage({ type: RESULT, data: { items: [] } })
      else if (state === "idle") load()
    }
  })

  async function load() {
    state = "loading"
    const wanted = latest
    try {
      const response = await fetch(index)
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
      const { config, docs } = await response.json()
      importScripts(worker)
      hand({ type: SETUP, data: { config, docs, options } })
      setTimeout(() => {
        state = "loaded"
        hand({ type: QUERY, data: latest })
      })
    } catch (error) {
      state = "idle" /* the next change of the input tries again */
      console.warn(`The search index could not be loaded: ${error.message}`)
      postMessage({ type: RESULT, data: { items: [] } })
      if (latest !== wanted) load()
    }
  }

  /* Only what the page sends is trusted; what is handed on here passes our own listener. */
  function hand(data) {
    dispatchEvent(new MessageEvent("message", { data }))
  }
})()
