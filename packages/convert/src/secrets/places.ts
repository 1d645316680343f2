import { secretsInText, type TextFinder } from '@landfall/diagnostic'
import { printWait } from '@landfall/kube'
import { hooksOf } from '../adaptations/hooks/hook.ts'
import type { ServiceConversion } from '../conversion.ts'
import { SECRET_ELSEWHERE } from './elsewhere.ts'

/** A secret in a place that is readable for more users than Secrets are. */
export interface ExposedSecret {
  /** Below the service. */
  keys: readonly (string | number)[]
  /** `command (a GitHub token)` */
  text: string
}

type Search = (text: string) => string | undefined

/** Labels whose values are lists of users with password hashes or passwords. */
const USERS_LABEL = /basic-?auth\.users$/i

/** The secrets of a service outside of its environment and its files. `known`: values that are secret elsewhere in the project. */
export function exposedSecrets(
  { compose, plan }: ServiceConversion,
  known: TextFinder,
): ExposedSecret[] {
  const search: Search = (text) =>
    secretsInText(text)[0]?.what ?? (known.isIn(text) ? SECRET_ELSEWHERE : undefined)
  const found: ExposedSecret[] = []
  const look = (keys: ExposedSecret['keys'], text: string, what = search(text)): void => {
    if (what !== undefined) found.push({ keys, text: `${keys.join('.')} (${what})` })
  }
  for (const key of ['entrypoint', 'command'] as const) look([key], commandText(compose[key] ?? []))
  look(['healthcheck', 'test'], commandText(compose.healthcheck?.test ?? []))
  for (const key of ['post_start', 'pre_stop'] as const)
    for (const [index, { command, environment }] of hooksOf(compose[key]).entries()) {
      const variables = environment.map(([name, value]) => `${name}=${value}`)
      look([key, index], [commandText(command), ...variables].join('\n'))
    }
  for (const keys of [['labels'], ['annotations'], ['deploy', 'labels']] as const)
    for (const [name, value] of entriesAt(compose, keys))
      look([...keys, name], value, labelSecret(name, value, search))
  look(['image'], compose.image ?? '')
  for (const host of listOf(compose.extra_hosts)) look(['extra_hosts'], host)
  for (const { wait } of plan.gates) look(['waitsFor'], printWait(wait))
  for (const key of ['readiness', 'liveness'] as const) {
    const action = plan[key]?.action
    if (action !== undefined && 'httpGet' in action)
      look([key === 'readiness' ? 'ready' : 'alive'], headersText(action.httpGet))
  }
  return found
}

/** The secrets in labels of the image of a service that is built. */
export function secretsInBuild({ compose }: ServiceConversion): ExposedSecret[] {
  const search: Search = (text) => secretsInText(text)[0]?.what
  return entriesAt(compose.build ?? {}, ['labels']).flatMap(([name, value]) => {
    const what = labelSecret(name, value, search)
    return what === undefined
      ? []
      : [{ keys: ['build', 'labels', name], text: `${name} (${what})` }]
  })
}

/** Why the value of a label is a secret. Names of labels are paths, of which the last part says what the value is. */
function labelSecret(name: string, value: string, search: Search): string | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1)
  const label = last.slice(last.lastIndexOf('/') + 1)
  if (USERS_LABEL.test(name) && value.includes(':')) return 'passwords of users'
  return search(value) ?? search(`${label}=${JSON.stringify(value)}`) ?? undefined
}

/** The words of a command as a shell would be given them. */
function commandText(words: readonly string[]): string {
  return words
    .map((word) =>
      /^[^\s'"]*$/.test(word) || words.length === 1
        ? word
        : word.includes("'")
          ? word
          : `'${word}'`,
    )
    .join(' ')
}

function headersText({
  path,
  httpHeaders = [],
}: {
  path: string
  httpHeaders?: readonly { name: string; value: string }[]
}): string {
  return [path, ...httpHeaders.map(({ name, value }) => `${name}: ${value}`)].join('\n')
}

function entriesAt(value: unknown, keys: readonly string[]): [string, string][] {
  let at: unknown = value
  for (const key of keys) at = typeof at === 'object' && at !== null ? Object(at)[key] : undefined
  if (typeof at !== 'object' || at === null || Array.isArray(at)) return []
  return Object.entries(at).map(([name, one]) => [name, String(one ?? '')])
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
