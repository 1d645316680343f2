import { Buffer } from 'node:buffer'
import type { ServiceConversion } from '../../conversion.ts'
import type { Effect } from '../../settings/landfall-file.ts'
import { imageKey } from '../images/known-image.ts'

/** Text files larger than this are data rather than configuration. */
const LARGEST_TEXT = 512 * 1024

/** A text in which a service may say whom it dials. */
export interface DialText {
  text: string
  /** `environment.DATABASE_URL`, `command`, `/etc/nginx/nginx.conf`. */
  where: string
  /** What the image says and the project does not. */
  ofImage?: true
  /** Name of the environment variable. */
  variable?: string
  /** JSON Pointer of the key that it stands at. */
  pointer: string
  /** Absolute path of the file that it was read from. */
  source?: string
  replace(text: string): void
}

/** Every text of a service that can hold the name of a peer, with a way to put another in its place. */
export function dialTexts(service: ServiceConversion): DialText[] {
  const { plan, at, image } = service
  const texts: DialText[] = []
  for (const [variable, text] of Object.entries(image.facts.environment ?? {}))
    if (plan.environment[variable] === undefined)
      texts.push({
        text,
        where: `ENV ${variable} of the image`,
        ofImage: true,
        variable,
        pointer: imageKey(service),
        replace: (next) => {
          plan.environment[variable] = next
        },
      })
  const { command } = image.facts
  if (plan.entrypoint === null && plan.command === null)
    for (const [index, text] of (command ?? []).entries())
      texts.push({
        text,
        where: 'CMD of the image',
        ofImage: true,
        pointer: imageKey(service),
        replace: (next) => {
          plan.command ??= [...(command ?? [])]
          plan.command[index] = next
        },
      })
  for (const [variable, text] of Object.entries(plan.environment))
    texts.push({
      text,
      where: `environment.${variable}`,
      variable,
      pointer: at('environment', variable),
      replace: (next) => {
        plan.environment[variable] = next
      },
    })
  for (const key of ['entrypoint', 'command'] as const)
    for (const [index, text] of (plan[key] ?? []).entries())
      texts.push({
        text,
        where: key,
        pointer: at(key),
        replace: (next) => {
          ;(plan[key] as string[])[index] = next
        },
      })
  for (const [index, text] of (plan.healthTest ?? []).entries())
    texts.push({
      text,
      where: 'healthcheck',
      pointer: at('healthcheck'),
      replace: (next) => {
        ;(plan.healthTest as string[])[index] = next
      },
    })
  for (const mount of plan.files)
    for (const file of mount.files) {
      if (file.bytes.length > LARGEST_TEXT || file.bytes.includes(0)) continue
      texts.push({
        text: Buffer.from(file.bytes).toString('utf8'),
        pointer: mount.pointer ?? '',
        ...(file.source === undefined ? {} : { source: file.source }),
        where: file.path === '' ? mount.target : `${mount.target}/${file.path}`,
        replace: (next) => {
          file.bytes = Buffer.from(next)
        },
      })
    }
  return texts
}

/** Host and port that an effect asks; undefined for effects without a host. */
export function effectTarget(effect: Effect): { host: string; port?: number } | undefined {
  if (effect.http !== undefined) {
    const url = URL.canParse(effect.http) ? new URL(effect.http) : undefined
    if (url === undefined) return undefined
    const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
    return { host: hostOf(effect.http), port }
  }
  if (effect.tcp !== undefined) {
    const at = effect.tcp.lastIndexOf(':')
    return { host: effect.tcp.slice(0, at), port: Number(effect.tcp.slice(at + 1)) }
  }
  return effect.dns === undefined ? undefined : { host: effect.dns }
}

/** The host as written: URL would refuse or change names with underscores. */
function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]*)/i.exec(url)?.[1] ?? ''
}
