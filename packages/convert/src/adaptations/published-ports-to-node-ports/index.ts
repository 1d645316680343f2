import type { Port } from '@landfall/compose'
import type { Adaptation } from '../../adaptation.ts'
import { metadataFor, selectorOf } from '../../bundle-draft.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { nameBeside } from '../../facts/legal-names.ts'
import type { PublishedPort } from '../../plan.ts'
import { annotate } from '../../pod.ts'
import { portName } from '../names-to-services/service-ports.ts'

const id = 'published-ports-to-node-ports'

/** Addresses on which Docker publishes for the machine itself. */
const LOOPBACK = /^(127\.|::1$|\[::1\]$|localhost$)/

function planPort(
  service: ServiceConversion,
  port: Port,
  index: number,
): PublishedPort | undefined {
  const { plan, settings, note } = service
  const type = settings.expose?.type ?? 'NodePort'
  const key = ['ports', index]
  if (port.host_ip !== undefined && LOOPBACK.test(port.host_ip)) {
    note(
      id,
      key,
      'adapted',
      'published for this machine alone, so it is not offered outside the cluster',
      {
        hint: `kubectl port-forward service/${plan.name} ${port.published ?? port.target}:${port.target}`,
      },
    )
    return undefined
  }
  if (type === 'none') {
    note(id, key, 'adapted', 'offered inside the cluster only, as landfall.yaml says')
    return undefined
  }
  const protocol = port.protocol.toUpperCase() as PublishedPort['protocol']
  const published = /^\d+$/.test(port.published ?? '') ? Number(port.published) : undefined
  const fits = published !== undefined && published >= 30000 && published <= 32767
  note(
    id,
    key,
    fits ? 'kept' : 'adapted',
    type === 'LoadBalancer'
      ? `port ${published ?? port.target} of a load balancer`
      : fits
        ? `port ${published} of every node`
        : 'a port of every node, from 30000 to 32767, which the cluster chooses',
  )
  return {
    port: port.target,
    protocol,
    ...(published === undefined ? {} : { published }),
    ...(fits && type === 'NodePort' ? { nodePort: published } : {}),
  }
}

/** One entry a container port and protocol: a Service cannot offer one under two numbers. */
function planService(service: ServiceConversion): void {
  if (service.plan.ports.length === 0) return
  for (const [index, port] of (service.compose.ports ?? []).entries()) {
    const planned = planPort(service, port, index)
    const known = service.plan.published.some(
      ({ port, protocol }) => port === planned?.port && protocol === planned.protocol,
    )
    if (planned !== undefined && !known) service.plan.published.push(planned)
  }
}

function publishedName({ owners }: Conversion, { plan }: ServiceConversion): string {
  return nameBeside(plan.name, 'published', (name) => owners.has(name))
}

function publishedService(conversion: Conversion, service: ServiceConversion) {
  const { plan, settings } = service
  const type = settings.expose?.type ?? 'NodePort'
  const metadata = metadataFor(conversion, publishedName(conversion, service), service)
  annotate(metadata, 'landfall.dev/compose-service', service.service)
  annotate(
    metadata,
    'landfall.dev/published',
    plan.published
      .map((p) => `${p.published ?? p.port}:${p.port}/${p.protocol.toLowerCase()}`)
      .join(','),
  )
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type,
      selector: selectorOf(conversion.project.name, plan.name),
      ports: plan.published.map((published) => ({
        name: portName(published),
        port: type === 'LoadBalancer' ? (published.published ?? published.port) : published.port,
        targetPort: published.port,
        protocol: published.protocol,
        ...(published.nodePort === undefined ? {} : { nodePort: published.nodePort }),
      })),
    },
  }
}

export default {
  id,
  title: 'Offer published ports outside the cluster, beside the ports that peers dial',
  plan(conversion) {
    for (const service of conversion.services) planService(service)
  },
  build({ objects }, conversion) {
    for (const service of conversion.services)
      if (service.plan.published.length > 0)
        objects.set(
          `service/${publishedName(conversion, service)}`,
          publishedService(conversion, service),
        )
  },
} satisfies Adaptation
