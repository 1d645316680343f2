import type { Project } from '@landfall/compose'
import { ownValue, secretsInText, type TextFinder, textFinder } from '@landfall/diagnostic'
import type { Conversion } from '../conversion.ts'
import { whySecret } from '../facts/secret-variables.ts'
import type { SecretRules } from '../settings/landfall-file.ts'

/** Shorter secrets are also parts of ordinary texts. */
const SHORTEST = 6

/** Words of letters alone are only secrets if no person would use them as names: `postgres` is a password of many projects. */
const SHORTEST_WORD = 12

/**
 * The secrets that a project gives to its programs, for masks of texts that may quote them: messages of a cluster, lines of logs.
 * Those that are also names of services or ordinary words are left out. Longest first.
 */
export function knownSecrets(
  project: Project,
  rules: SecretRules | undefined,
  environment: Readonly<Record<string, string>> = {},
): string[] {
  const secrets = new Set<string>()
  const names = new Set([project.name, ...Object.keys(project.services)])
  const learn = (name: string, value: string): void => {
    const why = whySecret(name, value, rules)
    if (why?.by === 'value')
      for (const { start, end } of secretsInText(value)) secrets.add(value.slice(start, end))
    else if (why !== undefined) secrets.add(value)
  }
  for (const { environment: variables, build } of Object.values(project.services))
    for (const values of [variables, build?.args])
      for (const [name, value] of Object.entries(values ?? {}))
        if (value != null) learn(name, value)
  for (const { content, environment: variable } of Object.values(project.secrets ?? {})) {
    const value = content ?? ownValue(environment, variable ?? '')
    if (value !== undefined) secrets.add(value.trim())
  }
  return [...secrets]
    .filter((secret) => !names.has(secret) && isDistinct(secret))
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
}

function isDistinct(secret: string): boolean {
  return secret.length >= (/^[A-Za-z]*$/.test(secret) ? SHORTEST_WORD : SHORTEST)
}

const known = new WeakMap<Conversion, TextFinder>()

/** A finder of the same for a conversion, made once. */
export function knownSecretsOf(conversion: Conversion): TextFinder {
  const { project, settings, environment } = conversion
  const found =
    known.get(conversion) ?? textFinder(knownSecrets(project, settings.secrets, environment))
  known.set(conversion, found)
  return found
}
