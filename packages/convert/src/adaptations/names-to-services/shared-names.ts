import { toLabelValue } from '@landfall/kube'
import { type BundleDraft, serviceOf } from '../../objects/bundle-draft.ts'
import type { PlannedPort } from '../../plan/plan.ts'
import { servicePorts } from './service-ports.ts'

/** A Service for each name that several services have: it selects their pods by a label of its own. */
export function shareNames({ objects, workloads, plan }: BundleDraft): void {
  for (const { name, services } of plan.sharedNames) {
    const object = objects.get(`service/${name}`)
    if (object === undefined) continue
    const label = `names.landfall.dev/${name}`
    const sharers = plan.services.filter(({ service }) => services.includes(service))
    for (const workload of workloads)
      if (workload.plan.services.some((service) => services.includes(service)))
        workload.pod.metadata.labels[label] = 'true'
    const ports = new Map<string, PlannedPort>()
    for (const service of services)
      for (const port of serviceOf(plan, service).ports)
        ports.set(`${port.port}/${port.protocol}`, port)
    const asPods = sharers.every(({ reach }) => reach.mode === 'pods')
    const offered = servicePorts([...ports.values()].sort((a, b) => a.port - b.port))
    object.spec = {
      ...(offered.length === 0 ? { clusterIP: 'None' } : { type: 'ClusterIP' }),
      ...(asPods ? { clusterIP: 'None', publishNotReadyAddresses: true } : {}),
      selector: { 'app.kubernetes.io/instance': toLabelValue(plan.project), [label]: 'true' },
      ...(offered.length === 0 ? {} : { ports: offered }),
    }
  }
}
