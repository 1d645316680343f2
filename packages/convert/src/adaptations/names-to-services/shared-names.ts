import { toLabelValue } from '@landfall/kube'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import type { PlannedPort } from '../../plan/plan.ts'
import { servicePorts } from './service-ports.ts'

/** A Service for each name that several services have: it selects their pods by a label of its own. */
export function shareNames({ objects, workloads, plan }: BundleDraft): void {
  for (const { name, services } of plan.sharedNames) {
    const object = objects.get(`service/${name}`)
    if (object === undefined) continue
    const label = `names.landfall.dev/${name}`
    const sharers = workloads.filter((workload) => services.includes(workload.plan.service))
    for (const { pod } of sharers) pod.metadata.labels[label] = 'true'
    const ports = new Map<string, PlannedPort>()
    for (const service of services)
      for (const port of plan.services.find((one) => one.service === service)?.ports ?? [])
        ports.set(`${port.port}/${port.protocol}`, port)
    const asPods = sharers.every((sharer) => sharer.plan.reach.mode === 'pods')
    const offered = servicePorts([...ports.values()].sort((a, b) => a.port - b.port))
    object.spec = {
      ...(offered.length === 0 ? { clusterIP: 'None' } : { type: 'ClusterIP' }),
      ...(asPods ? { clusterIP: 'None', publishNotReadyAddresses: true } : {}),
      selector: { 'app.kubernetes.io/instance': toLabelValue(plan.project), [label]: 'true' },
      ...(offered.length === 0 ? {} : { ports: offered }),
    }
  }
}
