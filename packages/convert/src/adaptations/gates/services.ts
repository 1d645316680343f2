import type { BundleDraft } from '../../bundle-draft.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { nameBeside } from '../../facts/legal-names.ts'
import { serviceObject } from '../names-to-services/index.ts'

/** Name of the Service that has the addresses of pods which are not ready as well. */
export function startedName({ owners }: Conversion, { plan }: ServiceConversion): string {
  return nameBeside(plan.name, 'started', (name) => owners.has(name))
}

/** A name that resolves when a pod is ready: the service's own where that is headless, else one for this alone. */
export function readyName({ owners }: Conversion, { plan }: ServiceConversion): string {
  return plan.ports.length === 0
    ? plan.name
    : nameBeside(plan.name, 'ready', (name) => owners.has(name))
}

/** The Services that gates ask and nobody else dials. */
export function buildGateServices({ objects }: BundleDraft, conversion: Conversion): void {
  const asked = new Set(
    conversion.services.flatMap(({ plan }) =>
      plan.gates.map(({ wait }) => wait.split(' ', 2).join(' ')),
    ),
  )
  for (const target of conversion.services) {
    const started = startedName(conversion, target)
    const ready = readyName(conversion, target)
    if (asked.has(`started ${started}`))
      objects.set(
        `service/${started}`,
        serviceObject(conversion, target, started, { publishNotReadyAddresses: true }),
      )
    if (ready !== target.plan.name && asked.has(`ready-name ${ready}`))
      objects.set(`service/${ready}`, serviceObject(conversion, target, ready, {}, []))
  }
}
