/** Longer words are not typed, and of more candidates nobody is asked to choose: both would take seconds. */
const longestWord = 40
const mostCandidates = 300

/** The known word that someone probably meant; undefined where none is near. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined
  const wanted = normal(word)
  const limit = word.length < 4 ? 1 : word.length < 8 ? 2 : 3
  let best: string | undefined
  let bestDistance = limit + 1
  let looked = 0
  for (const candidate of known) {
    if (++looked > mostCandidates) break
    const other = normal(candidate)
    if (Math.abs(other.length - wanted.length) >= bestDistance) continue
    const distance = wanted === other ? 0 : editDistance(wanted, other, bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

const normal = (word: string) =>
  /[^a-z0-9]/.test(word) ? word.toLowerCase().replaceAll(/[-_ ]/g, '') : word

/** Insertions, deletions, replacements and swaps of neighbours; `limit` stands for it and everything above. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let value = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + cost,
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (beforeLast[j - 2] as number) + 1)
      row.push(value)
      least = Math.min(least, value)
    }
    if (least >= limit) return limit
    beforeLast = last
    last = row
  }
  return Math.min(last[b.length] as number, limit)
}
