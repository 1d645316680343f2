import type { ServiceConversion } from '../conversion.ts'

const SHELL = /(^|\/)(ba|da|a|z)?sh$/

/** Files that configure a program, which each of several copies has of its own. */
const CONFIG_FILE = /\.(conf|cfg|cnf|ini|ya?ml|toml|json|properties|xml)$/i

/** Words of a script that say nothing of what it runs. */
const NOISE =
  /^(sleep|echo|set|export|cd|mkdir|chmod|chown|cp|then|do|fi|done|else|if|while|until|:|true)$/

/**
 * What a service runs, without what differs between copies: the words before the first option, or those of each
 * statement of a shell script. Empty for the program of the image.
 */
export function programOf({ plan }: ServiceConversion): string {
  const words = [...(plan.entrypoint ?? []), ...(plan.command ?? [])]
  const shell = words.findIndex((word) => SHELL.test(word))
  const flag = words[shell + 1] ?? ''
  if (shell !== 0 || !/^-\w*c$/.test(flag)) return leadingWords(words)
  const script = words.slice(2).join(' ')
  const statements = script.split(/[;&|\n]+/).map((line) =>
    leadingWords(
      line
        .trim()
        .split(/\s+/)
        .filter((word) => word !== 'exec' && !/^\w+=/.test(word)),
    ),
  )
  return statements
    .filter((words) => words !== '' && !NOISE.test(words.split(' ', 1)[0] ?? ''))
    .join('; ')
}

/** The words before the first option; numbers and files of settings differ between copies. */
function leadingWords(words: readonly string[]): string {
  const end = words.findIndex((word) => word.startsWith('-'))
  return words
    .slice(0, end < 0 ? words.length : end)
    .filter((word) => !CONFIG_FILE.test(word) && !/[:@]|\/\//.test(word))
    .map((word) => word.replace(/\d+/g, '#'))
    .join(' ')
}
