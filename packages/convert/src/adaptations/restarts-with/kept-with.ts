import { spanOf } from '@landfall/diagnostic'
import type { KeptEdge } from '@landfall/kube'
import type { ConvertCode } from '../../codes.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { dependenciesOf, findCycles } from '../../facts/dependencies.ts'
import { podOf } from '../../facts/pods.ts'

/** Decides whose new pods and containers restart a service at run time, and reports what cannot work. */
export function planKeptWith(conversion: Conversion): void {
  for (const service of conversion.services) {
    const edges = declaredTargets(service).flatMap(
      (name) => edgeOf(conversion, service, name) ?? [],
    )
    if (edges.length > 0) service.plan.keptWith = edges
  }
  reportCycles(conversion)
}

/** The services that `restartsWith` of landfall.yaml names, sorted; `true` are those of depends_on. */
function declaredTargets(service: ServiceConversion): string[] {
  const { restartsWith = [] } = service.settings
  if (restartsWith === false) return []
  const names =
    restartsWith === true
      ? dependenciesOf(service).flatMap(([name, { restart }]) => (restart === true ? [name] : []))
      : restartsWith
  return [...new Set(names)].sort()
}

function edgeOf(
  conversion: Conversion,
  service: ServiceConversion,
  name: string,
): KeptEdge | undefined {
  const target = conversion.serviceOf(name)
  const problem = problemOf(service, target, name)
  if (problem !== undefined) {
    report(conversion, service, 'convert/impossible-restart', ...problem)
    return undefined
  }
  const gated = service.plan.gates.some(({ on }) => on === target?.plan.name)
  return { service: name, ...(gated && { gated: true as const }) }
}

function problemOf(
  own: ServiceConversion,
  target: ServiceConversion | undefined,
  name: string,
): [message: string, hint: string] | undefined {
  const { service, plan } = own
  if (plan.kind === 'Job' || plan.oncePerPod !== undefined)
    return [
      `${service} cannot restart with ${name}: it is a one-shot, which runs once`,
      `declare services.${service}.oneShot.again`,
    ]
  if (target === undefined) return [`${name} has no pod in the cluster`, 'remove it']
  if (target.plan.oncePerPod !== undefined)
    return [
      `${service} cannot restart with ${name}, which runs in each pod of ${target.plan.pod}`,
      `use ${target.plan.pod}`,
    ]
  return podOf(target) === podOf(own)
    ? [
        `${service} cannot restart with ${name}: both run in the pod of ${podOf(target)}, which is replaced as a whole`,
        `remove ${name}`,
      ]
    : undefined
}

/** Between what restarts as one: pods. */
function reportCycles(conversion: Conversion): void {
  const edges = new Map<string, string[]>()
  for (const service of conversion.services)
    for (const { service: target } of service.plan.keptWith ?? []) {
      const to = podOf(conversion.serviceOf(target) as ServiceConversion)
      edges.set(podOf(service), [...(edges.get(podOf(service)) ?? []), to].sort())
    }
  for (const cycle of findCycles(edges)) {
    const [first = ''] = cycle
    const own = conversion.services.find(
      (one) => podOf(one) === first && one.plan.keptWith !== undefined,
    )
    if (own !== undefined)
      report(
        conversion,
        own,
        'convert/restart-cycle',
        `these services restart with each other and would never stop: ${[...cycle, first].join(' → ')}`,
        'remove one of them from restartsWith',
      )
  }
}

function report(
  { report, settingsOrigins }: Conversion,
  { at }: ServiceConversion,
  code: ConvertCode,
  message: string,
  hint: string,
): void {
  const path = at('restartsWith')
  const span = spanOf(settingsOrigins, path)
  report({ code, severity: 'error', message, path, hint, ...(span !== undefined && { at: span }) })
}
