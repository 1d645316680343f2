import { UsageError } from '../../errors.ts'

/** The most pods that one command sets: more are a typing error. */
const MOST = 1000

/**
 * The words of a command line that give services a number of pods, `web=3`, and the others, which say where the project is. Throws a UsageError
 * for a number that is none, and for a service that has two.
 */
export function copiesIn(words: readonly string[]): {
  copies: Map<string, number>
  places: string[]
} {
  const copies = new Map<string, number>()
  const places: string[] = []
  for (const word of words) {
    const at = word.lastIndexOf('=')
    // a path may have an equals sign, but the name of a service has no slash
    if (at < 1 || word.includes('/')) {
      places.push(word)
      continue
    }
    const [service, number] = [word.slice(0, at), word.slice(at + 1)]
    if (!/^\d{1,6}$/.test(number) || Number(number) > MOST)
      throw new UsageError(
        `${word} is not a number of pods`,
        `${service}=N, with N from 0 to ${MOST}`,
      )
    if (copies.has(service)) throw new UsageError(`${service} has two numbers of pods`)
    copies.set(service, Number(number))
  }
  return { copies, places }
}
