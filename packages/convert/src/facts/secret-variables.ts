import {
  isPlainValue,
  isSecretByName,
  matchesWildcard,
  secretsInText,
  starPattern,
  type TextFinder,
} from '@landfall/diagnostic'
import { SECRET_ELSEWHERE } from '../secrets/elsewhere.ts'
import type { SecretRules } from '../settings/landfall-file.ts'

/** Why a variable is a secret; `what` its value contains, where that shows it. */
export type WhySecret = { by: 'settings' | 'name' } | { by: 'value'; what: string }

/** Why a variable is a secret, in this order; undefined if it is none. `known`: values that are secret elsewhere in the project. */
export function whySecret(
  name: string,
  value: string,
  { variables = [], plain = [] }: SecretRules = {},
  known?: TextFinder,
): WhySecret | undefined {
  if (matchesAny(name, plain)) return undefined
  if (matchesAny(name, variables)) return { by: 'settings' }
  if (isSecretByName(name, value)) return { by: 'name' }
  if (isPlainValue(value)) return undefined
  const [found] = secretsInText(value)
  if (found !== undefined) return { by: 'value', what: found.what }
  return known?.isIn(value) === true ? { by: 'value', what: SECRET_ELSEWHERE } : undefined
}

/** Names in which `*` stands for any characters; case does not matter. */
function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    matchesWildcard(starPattern(pattern.toLowerCase()), name.toLowerCase()),
  )
}
