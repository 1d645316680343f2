import type { Service } from '@landfall/compose'

const SHELL = /(^|\/)(ba|da|a|z)?sh$/

/** The last statement of a script is `exit`, and not only for when the one before has failed. */
const EXIT_AT_END = /(^|[;&\n}])\s*exit(\s+(\d+|\$\?|\$\w+))?\s*;?\s*$/

const NEVER_ENDS = /\bwhile\s+(:|true|\[ ?1)|\bfor\s*\(\(;;|\btail\s+-f|\bsleep\s+(infinity|inf)\b/

/** Whether the command that the project gives a container is a script which says that it is done. */
export function endsByItself({ entrypoint, command }: Service): boolean {
  const words = [...(entrypoint ?? []), ...(command ?? [])]
  const at = words.findIndex((word) => SHELL.test(word))
  const script = words.slice(at + 1).find((word) => !word.startsWith('-'))
  const runsScript = at >= 0 && words.slice(at + 1, at + 3).some((word) => /^-\w*c$/.test(word))
  return runsScript && script !== undefined && EXIT_AT_END.test(script) && !NEVER_ENDS.test(script)
}
