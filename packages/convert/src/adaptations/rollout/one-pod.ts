import type { ServiceConversion } from '../../conversion.ts'
import { isStore } from '../../facts/images/stores.ts'
import type { Because } from '../../plan/because.ts'
import type { VolumePlan } from '../../plan/plan.ts'
import { because } from './causes.ts'
import { identityOf } from './identity.ts'
import { updateConfigOf } from './update-config.ts'

/** Paths of a node that are the kernel's, or where programs meet: what is written there is not data. */
const NOT_DATA = /^\/(proc|sys|dev|run|var\/run)(\/|$)|\.sock(et)?$/

/** What several pods must not write at once: a volume that outlives them, also with files of the project, or a path of their node. */
export function dataOf(
  { plan }: ServiceConversion,
  volumes: readonly VolumePlan[],
): Because | undefined {
  const written = plan.volumes.find(
    ({ ephemeral, readOnly, volume }) =>
      !ephemeral && !readOnly && sourceOf(volume, volumes)?.memory === undefined,
  )
  const filled = plan.files.find(({ fills }) => fills !== undefined)?.fills
  const volume = written?.volume ?? filled?.volume
  if (volume !== undefined) return because('claim', { volume })
  const path = plan.hostPaths.find(({ source, readOnly }) => !readOnly && !NOT_DATA.test(source))
  return path === undefined ? undefined : because('host-path', { path: path.source })
}

function sourceOf(volume: string, volumes: readonly VolumePlan[]): VolumePlan['source'] {
  return volumes.find((one) => one.volume === volume)?.source
}

/** Whether a service has something of its node that only one pod can have: its network, or a port. */
export function usesNode({ plan }: ServiceConversion): boolean {
  const { needs, published } = plan
  return needs.node.network === true || published.some(({ hostPort }) => hostPort !== undefined)
}

/** Why the only pod of a workload must end before the next one starts, by what its containers do; undefined if it need not. */
export function whyOnePod(
  containers: readonly ServiceConversion[],
  volumes: readonly VolumePlan[],
): Because | undefined {
  const [own] = containers as [ServiceConversion]
  const first = <T>(question: (service: ServiceConversion) => T | undefined): T | undefined =>
    containers.map(question).find((answer) => answer !== undefined)
  const data = first((service) => dataOf(service, volumes))
  if (data !== undefined) return data
  if (containers.some(usesNode)) return because('host-port')
  const device = first(deviceOf)
  if (device !== undefined) return device
  const singleton = first(({ settings }) => settings.singleton || undefined)
  if (singleton !== undefined) return because('singleton')
  if (containers.some(({ plan }) => plan.reach.mode === 'pods')) return because('member')
  if (containers.some(({ plan }) => plan.reach.mode === 'always')) return because('unready-pods')
  if (updateConfigOf(own)?.order === 'start-first') return undefined
  return first(identityOf) ?? first(storeOf) ?? first(scheduleOf)
}

/** Device files that any number of programs can open. */
const SHARED_DEVICE = /^\/dev\/(dri|fuse|kvm|net|null|random|shm|tty|urandom|vhost-\w+|zero)(\/|$)/

/** A device of the node: a second pod would not get it, or wait for a node with another one. */
function deviceOf({ plan }: ServiceConversion): Because | undefined {
  const file = plan.devices.find(({ source }) => !SHARED_DEVICE.test(source))?.source
  const counted = Object.keys(plan.resources.limits ?? {}).find((name) => name.includes('/'))
  const device = file ?? counted
  return device === undefined ? undefined : because('device', { device })
}

/** Programs that start other ones by the clock. */
const SCHEDULER =
  /(^|[\s/])(crond?|supercronic|ofelia|yacron|beat|[\w-]*scheduler|schedule:(work|run))($|[\s;&])/i

function scheduleOf({ plan }: ServiceConversion): Because | undefined {
  const command = [...(plan.entrypoint ?? []), ...(plan.command ?? [])].join(' ')
  const program = SCHEDULER.exec(command)?.[2]
  return program === undefined ? undefined : because('schedule', { program })
}

function storeOf({ service, plan }: ServiceConversion): Because | undefined {
  return isStore(plan.image) ? because('store', { service }) : undefined
}
