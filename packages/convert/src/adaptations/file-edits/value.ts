import { ownValue } from '@landfall/diagnostic'
import { toDnsLabel } from '@landfall/kube'
import type { Conversion } from '../../conversion.ts'
import { isMapping } from '../../mapping.ts'
import type { FileValue } from '../../plan/plan.ts'
import { suggestion } from '../../settings/validate.ts'

/** A value that landfall.yaml sets: itself, one that is known when the pod starts, or why it is wrong. */
export type SetValue = { now: unknown } | { later: FileValue } | { wrong: string; hint: string }

const PARTS = ['ip', 'name', 'node', 'nodeAddress'] as const

/** What a value under `set` means. A mapping with other keys than those of a source is a value of the file. */
export function meaningOf(conversion: Conversion, value: unknown): SetValue {
  if (!isMapping(value)) return { now: value }
  const keys = Object.keys(value).sort().join()
  if (keys === 'pod') {
    const pod = PARTS.find((part) => part === value.pod)
    return pod === undefined
      ? { wrong: `a pod has no "${String(value.pod)}"`, hint: `use one of ${PARTS.join(', ')}` }
      : { later: { pod } }
  }
  if (keys === 'address') return addressOf(conversion, String(value.address))
  if (keys !== 'key,secret' && keys !== 'secret') return { now: value }
  const { secret, key } = value
  if (typeof secret !== 'string' || !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(secret))
    return {
      wrong: `"${String(secret)}" is not a valid name of a Secret`,
      hint: 'use lower case letters, digits, dashes and dots',
    }
  return typeof key === 'string' && /^[-._a-zA-Z0-9]+$/.test(key)
    ? { later: { secret, key } }
    : { wrong: `the value of the Secret ${secret} has no key`, hint: 'add key: NAME' }
}

/** `SERVICE` or `SERVICE:PORT` with the name that resolves. */
function addressOf({ serviceOf, services, settings }: Conversion, address: string): SetValue {
  const [, name = '', port] = /^(.+?)(?::(\d+))?$/.exec(address) ?? []
  const external = ownValue(settings.external, name) !== undefined
  const found = serviceOf(name)?.plan.name ?? (external ? toDnsLabel(name) : undefined)
  if (found === undefined)
    return {
      wrong: `there is no service "${name}"`,
      hint: suggestion(name, [
        ...services.map(({ service }) => service),
        ...Object.keys(settings.external ?? {}),
      ]),
    }
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65535))
    return { wrong: `${port} is not a port`, hint: 'use a number from 1 to 65535' }
  return { now: port === undefined ? found : `${found}:${port}` }
}
