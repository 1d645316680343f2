import { Buffer } from 'node:buffer'
import { ownValue } from '@landfall/diagnostic'
import type { ServiceConversion } from '../../conversion.ts'
import type { Effect } from '../../settings/landfall-file.ts'
import { imageKey } from '../images/known-image.ts'
import type { TextPlace } from './place.ts'

/** Text files larger than this are data rather than configuration. */
const LARGEST_TEXT = 512 * 1024

/** A text in which a service may reference hosts. */
export interface DialText {
  text: string
  place: TextPlace
  /** From the image, not from the project. */
  ofImage?: true
  /** Name of the environment variable. */
  variable?: string
  /** JSON Pointer of the key that the text comes from. */
  pointer: string
  /** Absolute path of the file that it was read from. */
  source?: string
}

/** Every text of a service that may reference other services. */
export function dialTexts(service: ServiceConversion): DialText[] {
  const { plan, at, image } = service
  const found: DialText[] = []
  for (const [variable, text] of Object.entries(image.facts.environment ?? {}))
    if (ownValue(plan.environment, variable) === undefined)
      found.push({
        text,
        place: { kind: 'image-environment', variable },
        ofImage: true,
        variable,
        pointer: imageKey(service),
      })
  if (plan.entrypoint === null && plan.command === null)
    for (const [index, text] of (image.facts.command ?? []).entries())
      found.push({
        text,
        place: { kind: 'image-command', index },
        ofImage: true,
        pointer: imageKey(service),
      })
  for (const [variable, text] of Object.entries(plan.environment))
    found.push({
      text,
      place: { kind: 'environment', variable },
      variable,
      pointer: at('environment', variable),
    })
  for (const kind of ['entrypoint', 'command'] as const)
    for (const [index, text] of (plan[kind] ?? []).entries())
      found.push({ text, place: { kind, index }, pointer: at(kind) })
  for (const [index, text] of (plan.healthTest ?? []).entries())
    found.push({ text, place: { kind: 'healthcheck', index }, pointer: at('healthcheck') })
  for (const mount of plan.files)
    for (const file of mount.files) {
      const text = textOf(file.bytes)
      if (text === undefined) continue
      const path = file.path === '' ? mount.target : `${mount.target}/${file.path}`
      found.push({
        text,
        place: { kind: 'file', path, file },
        pointer: mount.pointer ?? '',
        ...(file.source === undefined ? {} : { source: file.source }),
      })
    }
  return found
}

const texts = new WeakMap<Uint8Array, { text?: string }>()

/** The text of a file, decoded once however many services mount it; undefined: it is large or binary. */
function textOf(bytes: Uint8Array): string | undefined {
  const known = texts.get(bytes)
  if (known !== undefined) return known.text
  const isText = bytes.length <= LARGEST_TEXT && !bytes.includes(0)
  const found = isText ? { text: Buffer.from(bytes).toString('utf8') } : {}
  texts.set(bytes, found)
  return found.text
}

/** Host and port that an effect tests; undefined for effects without a host. */
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
  if (effect.zookeeper !== undefined) return hostAndPort(effect.zookeeper.split('/')[0])
  if (effect.amqp !== undefined) return { port: MANAGEMENT, ...hostAndPort(effect.amqp.at) }
  if (effect.sql !== undefined) return hostAndPort(effect.sql.to)
  if (effect.not !== undefined) return effectTarget(effect.not)
  return effect.dns === undefined ? undefined : { host: effect.dns }
}

/** The port of RabbitMQ's management API. */
const MANAGEMENT = 15672

function hostAndPort(text = ''): { host: string; port?: number } {
  const [host = '', port] = text.split(':')
  return { host, ...(port === undefined ? {} : { port: Number(port) }) }
}

/** The host as written: URL would refuse or change names with underscores. */
function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]*)/i.exec(url)?.[1] ?? ''
}
