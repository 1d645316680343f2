/** Longer words are not typed, and of more candidates nobody is asked to choose: both would take seconds. */
const longestWord = 40
const mostCandidates = 200

/** The known word that someone probably meant; undefined where none is near. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined
  const wanted = normal(word)
  const limit = word.length < 4 ? 1 : word.length < 8 ? 2 : 3
  let best: string | undefined
  let bestDistance = limit + 1
  const candidates: string[] = []
  for (const candidate of known) if (candidates.push(candidate) === mostCandidates) break
  for (const candidate of candidates) {
    const other = normal(candidate)
    if (Math.abs(other.length - wanted.length) >= bestDistance) continue
    const distance = wanted === other ? 0 : editDistance(wanted, other, bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best ?? onlyLonger(wanted, candidates)
}

/** The one known word that a word is a part of (`healthy`), or short for (`src`). */
function onlyLonger(wanted: string, known: readonly string[]): string | undefined {
  if (wanted.length < 3 || known.length === mostCandidates) return undefined
  const longer = known.filter((word) => {
    const other = normal(word)
    return (wanted.length > 4 && other.includes(wanted)) || isShortFor(wanted, other)
  })
  return longer.length === 1 ? longer[0] : undefined
}

/** Whether a word is another one with letters left out after the first. */
function isShortFor(short: string, word: string): boolean {
  if (short[0] !== word[0]) return false
  let at = 0
  for (const char of word) if (char === short[at]) at++
  return at === short.length
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
