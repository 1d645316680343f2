import { toLabelValue } from '@landfall/kube'
import type { Conversion } from '../../conversion.ts'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import type { PlannedPort } from '../../plan/plan.ts'
import { servicePorts } from './service-ports.ts'

/** A Service for each name that several services have: it selects their pods by a label of its own. */
export function shareNames(
  { objects, workloads }: Pick<BundleDraft, 'objects' | 'workloads'>,
  { sharers, project }: Conversion,
): void {
  for (const [name, services] of sharers) {
    const object = objects.get(`service/${name}`)
    if (object === undefined) continue
    const label = `names.landfall.dev/${name}`
    for (const { from, pod } of workloads)
      if (services.includes(from)) pod.metadata.labels[label] = 'true'
    const ports = new Map<string, PlannedPort>()
    for (const { plan } of services)
      for (const port of plan.ports) ports.set(`${port.port}/${port.protocol}`, port)
    const asPods = services.every(({ plan }) => plan.reach.mode === 'pods')
    const offered = servicePorts([...ports.values()].sort((a, b) => a.port - b.port))
    object.spec = {
      ...(offered.length === 0 ? { clusterIP: 'None' } : { type: 'ClusterIP' }),
      ...(asPods ? { clusterIP: 'None', publishNotReadyAddresses: true } : {}),
      selector: { 'app.kubernetes.io/instance': toLabelValue(project.name), [label]: 'true' },
      ...(offered.length === 0 ? {} : { ports: offered }),
    }
  }
}
