/* Which names are nearest to one that was typed. Pure: no page, no network. */

/* The number of characters to insert, remove, replace or swap with their neighbour to get from
   one text to the other (optimal string alignment distance). */
export function distance(left, right) {
  let before = []
  let last = []
  let row = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let i = 1; i <= left.length; i += 1) {
    before = last
    last = row
    row = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1]
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1))
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1)
    }
  }
  return row[right.length]
}

/* The nearest names, the nearest first: those that share words or are a few letters away. */
export function nearest(typed, names, most = 5) {
  const wanted = normal(typed)
  if (!wanted) return []
  const words = new Set(wanted.split("_"))
  return names
    .map(name => {
      const shared = name.split("_").filter(word => word.length > 2 && words.has(word)).length
      return { name, score: distance(wanted, name) / Math.max(wanted.length, name.length) - shared / 4 }
    })
    .filter(({ score }) => score < 0.4)
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name)
}

function normal(text) {
  return text
    .slice(0, 100)
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
}
