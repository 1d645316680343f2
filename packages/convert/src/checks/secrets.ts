import {
  isSecretByName,
  type Origins,
  ownValue,
  secretsInText,
  toPointer,
} from '@landfall/diagnostic'
import type { CheckSettings, LandfallFile } from '../settings/landfall-file.ts'

/** Where the settings and the values of their variables are. */
export interface CheckValues {
  settingsOrigins: Origins
  environment?: Readonly<Record<string, string>>
}

/** Shorter values are also parts of ordinary texts. */
const SHORTEST = 4

const SECRET_HEADER = /authorization|cookie|api-?key|auth|token|secret|password/i

/**
 * What of a check is not printed: values of variables, of headers that authorize, and what has the form or the name of a secret.
 * The longest first.
 */
export function checkSecrets(
  { settingsOrigins, environment = {} }: CheckValues,
  name: string,
  check: CheckSettings,
): string[] {
  const secrets = new Set<string>()
  const pointer = toPointer(['checks', name])
  for (const [at, origins] of settingsOrigins)
    if (at.startsWith(`${pointer}/`))
      for (const origin of origins)
        if (origin.kind === 'env') secrets.add(ownValue(environment, origin.name) ?? '')
  const { steps, within, ...single } = check
  for (const { headers, ...others } of steps ?? [single]) {
    for (const [header, value] of Object.entries(headers ?? {}))
      if (SECRET_HEADER.test(header))
        for (const part of [String(value), ...String(value).split(/[\s;,]+/)]) secrets.add(part)
    learnFrom(others, '', secrets)
  }
  return [...secrets]
    .filter((secret) => secret.length >= SHORTEST && !/^(Bearer|Basic|Digest|Token)$/i.test(secret))
    .filter((secret) => !/^\{\{[^{}]*\}\}$/.test(secret))
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
}

/** The secrets of all checks, for masks of what is printed. */
export function secretsOfChecks(settings: LandfallFile, values: CheckValues): string[] {
  return Object.entries(settings.checks ?? {}).flatMap(([name, check]) =>
    checkSecrets(values, name, check),
  )
}

function learnFrom(value: unknown, name: string, secrets: Set<string>): void {
  if (typeof value === 'string') {
    if (isSecretByName(name, value)) secrets.add(value)
    for (const { start, end } of secretsInText(value)) secrets.add(value.slice(start, end))
  } else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value))
      learnFrom(item, Array.isArray(value) ? name : key, secrets)
}
