/** The words of a text as a shell splits it, with quotes and backslashes and without expansions; undefined if a quote is not closed. */
export function shellWords(text: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === "'" || character === '"') {
      const end = text.indexOf(character, at + 1)
      if (end === -1) return undefined
      word = (word ?? '') + text.slice(at + 1, end)
      at = end
    } else if (character === '\\' && at + 1 < text.length) {
      at += 1
      word = (word ?? '') + text[at]
    } else word = (word ?? '') + character
  }
  return word === undefined ? words : [...words, word]
}

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
