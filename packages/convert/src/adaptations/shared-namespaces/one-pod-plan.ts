import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { declaredOneShot } from '../../facts/one-shot/declared-one-shot.ts'
import { podOf } from '../../facts/pods.ts'
import type { Reason } from '../../ledger/reasons.ts'
import { because } from './causes.ts'
import { reason } from './reasons.ts'

const KINDS = [
  ['network_mode', 'the network'],
  ['pid', 'the processes'],
  ['ipc', 'the memory'],
] as const

interface Wish {
  key: (typeof KINDS)[number][0]
  what: string
  /** The service whose namespace is wanted; undefined for a container that no service of the project has. */
  target: ServiceConversion | undefined
}

/** Every `service:x` and `container:x` of a service. */
function wishesOf(conversion: Conversion, { compose }: ServiceConversion): Wish[] {
  return KINDS.flatMap(([key, what]) => {
    const [, kind, name = ''] = /^(service|container):(.*)$/.exec(String(compose[key] ?? '')) ?? []
    if (kind === undefined) return []
    const target =
      kind === 'service'
        ? conversion.serviceOf(name)
        : conversion.services.find(({ compose }) => compose.container_name === name)
    return [{ key, what, target }]
  })
}

/** Decides which services run in the pod of another: containers share namespaces in a pod alone. */
export function planOnePod(conversion: Conversion): void {
  const wishes = new Map(
    conversion.services.map((service) => [service, wishesOf(conversion, service)]),
  )
  /** The service at the end of a chain of joined ones; a chain that comes back ends where it began. */
  const hostOf = (service: ServiceConversion, seen: readonly ServiceConversion[]) => {
    const next = wishes.get(service)?.find(({ target }) => target !== undefined)?.target
    if (next === undefined || next === service || seen.includes(next)) return service
    return hostOf(next, [...seen, service])
  }
  const sharing = new Set<string>()
  for (const [service, wanted] of wishes) {
    if (wanted.length === 0) continue
    const host = hostOf(service, [])
    const problem = problemOf(service, host)
    if (problem === undefined) {
      service.plan.pod = host.service
      takeReplicas(conversion, service, host)
      if (service.plan.kind === 'Job') runOncePerPod(service, host, wanted)
      else
        service.plan.kindBecause = because('shares', {
          what: wanted.map(({ what }) => what).join(' and '),
        })
    }
    if (problem === undefined && wanted.some(({ key }) => key === 'pid')) sharing.add(host.service)
    for (const wish of wanted)
      noteWish(service, wish, host, problem ?? strangeTo(wish, host, hostOf))
  }
  fillShared(conversion)
  for (const service of conversion.services)
    if (sharing.has(podOf(service))) service.plan.sharesProcesses = true
}

function fillShared({ services, shared }: Conversion): void {
  for (const { plan } of services) if (plan.pod !== undefined) shared.set(plan.pod, [])
  for (const service of services) shared.get(podOf(service))?.push(service)
}

/** A one-shot is an init container after what it joins: it runs once in each pod, and the pod goes on. */
function runOncePerPod(
  { plan }: ServiceConversion,
  host: ServiceConversion,
  wanted: readonly Wish[],
): void {
  const joined = wanted.flatMap(({ target }) => target?.service ?? [])
  plan.oncePerPod = { after: [...new Set([host.service, ...joined])].sort() }
  plan.kind = host.plan.kind
}

function takeReplicas(
  { ledger }: Conversion,
  { plan, at }: ServiceConversion,
  host: ServiceConversion,
): void {
  if (plan.replicas !== host.plan.replicas)
    for (const key of [['scale'], ['deploy', 'replicas']])
      ledger.amend(at(...key), reason('replicas-of-pod', { host: host.service }))
  plan.replicas = host.plan.replicas
  if (host.plan.scale !== undefined) plan.scale = host.plan.scale
}

/** Why a service cannot run in the pod of another. */
type Problem = (what: string) => Reason

const unknownContainer: Problem = (what) => reason('unknown-container', { what })

function problemOf(service: ServiceConversion, host: ServiceConversion): Problem | undefined {
  if (host === service) return unknownContainer
  const declared = declaredOneShot(service.settings)
  if (service.plan.kind === 'Job' && (declared?.doneWhen ?? declared?.neverExits) !== undefined)
    return (what) => reason('checked-one-shot', { what, name: service.service })
  if (host.plan.kind === 'Job')
    return (what) => reason('one-shot-host', { what, name: host.service })
  return undefined
}

/** A second namespace of another pod than the first. */
function strangeTo(
  { target }: Wish,
  host: ServiceConversion,
  hostOf: (service: ServiceConversion, seen: readonly ServiceConversion[]) => ServiceConversion,
): Problem | undefined {
  if (target === undefined) return unknownContainer
  if (hostOf(target, []) === host) return undefined
  return (what) => reason('other-pod', { what, host: host.service })
}

function noteWish(
  { note, plan }: ServiceConversion,
  { key, what }: Wish,
  host: ServiceConversion,
  problem: Problem | undefined,
): void {
  const joined = plan.oncePerPod === undefined ? 'joins-pod' : 'joins-pod-once'
  note([key], problem?.(what) ?? reason(joined, { host: host.service, what }))
}
