import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { nameBeside } from '../../facts/names/legal-names.ts'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import type { PlannedPort, ServicePlan } from '../../plan/plan.ts'
import { serviceObject } from '../names-to-services/index.ts'

/** The ports that gates probe; one that only the image names may be closed. */
export function askedPorts({ plan }: ServiceConversion): PlannedPort[] {
  return plan.ports.filter(({ protocol, onlyExposed }) => protocol === 'TCP' && !onlyExposed)
}

/**
 * The ports at which a gate finds out whether a ready pod is there, one of which must answer: with those that others
 * connect to also the ones that the image names, or a wrong `ports` would hold back who only waits for health.
 */
export function portsOfHealth(target: ServiceConversion): PlannedPort[] {
  const asked = askedPorts(target)
  const further = target.plan.ports.filter(
    (port) => port.protocol === 'TCP' && !asked.includes(port),
  )
  return asked.length === 0 ? [] : [...asked, ...further]
}

/** The address at which ready pods alone answer, and which refuses while there is none: the service's own, or one beside it. */
export function readyAddress(conversion: Conversion, { plan }: ServiceConversion): string {
  return plan.reach.mode === 'ready' ? plan.name : besideName(conversion, plan)
}

/** A name that resolves when a pod is ready: the service's own where that is headless, else one beside it. */
export function readyName(conversion: Conversion, { plan }: ServiceConversion): string {
  const isOwn = plan.reach.mode === 'ready' && plan.ports.length === 0
  return isOwn ? plan.name : besideName(conversion, plan)
}

function besideName({ owners }: Conversion, { name }: ServicePlan): string {
  return nameBeside(name, 'ready', (taken) => owners.has(taken))
}

/** Decides which Services stand beside the names of services for gates alone. */
export function planGateServices(conversion: Conversion): void {
  const hosts = { healthy: new Set<string>(), 'ready-name': new Set<string>() }
  for (const { plan } of conversion.services)
    for (const { wait } of plan.gates)
      if (wait.kind === 'healthy' || wait.kind === 'ready-name') hosts[wait.kind].add(wait.host)
  for (const target of conversion.services) {
    const name = besideName(conversion, target.plan)
    const ports = hosts.healthy.has(name) ? portsOfHealth(target) : []
    if (ports.length > 0 || hosts['ready-name'].has(name))
      target.plan.readyService = { name, ports }
  }
}

/** The Services that gates probe and no program connects to. */
export function buildGateServices({ objects, plan }: BundleDraft): void {
  for (const service of plan.services) {
    if (service.readyService === undefined) continue
    const { name, ports } = service.readyService
    objects.set(`service/${name}`, serviceObject(plan, service, name, {}, ports))
  }
}
