/** The words of a command line that are numbers of revisions, and the others, which say where the project is. */
export function revisionsIn(words: readonly (string | undefined)[]): {
  revisions: number[]
  places: string[]
} {
  const given = words.filter((word) => word !== undefined)
  const isNumber = (word: string) => /^[1-9]\d{0,8}$/.test(word)
  return {
    revisions: given.filter(isNumber).map(Number),
    places: given.filter((word) => !isNumber(word)),
  }
}
