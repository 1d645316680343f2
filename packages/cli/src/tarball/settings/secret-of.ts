import { shellWords } from '@landfall/containerize'
import { isSecretByName, secretsInText } from '@landfall/diagnostic'

/** What shows that a command of the shell contains a secret: the option or variable that has it, or what it is. A value that the shell computes is none. */
export function secretOf(command: string): string | undefined {
  const words = shellWords(command) ?? command.split(/\s+/)
  for (const [index, word] of words.entries()) {
    const [, dashes = '', name = '', , joined] =
      /^(-{0,2})([A-Za-z][\w.-]*)(=(.*))?$/s.exec(word) ?? []
    const next = dashes === '' ? undefined : words[index + 1]
    const value = joined ?? (next?.startsWith('-') === true ? undefined : next)
    if (name === '' || value === undefined || value === '' || value.includes('$')) continue
    if (isSecretByName(name.replaceAll(/[.-]/g, '_'), value)) return `${dashes}${name}`
  }
  return secretsInText(command)[0]?.what
}
