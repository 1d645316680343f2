import { isIPv6 } from 'node:net'
import {
  CONNECTED_ANNOTATION,
  type Derived,
  isServiceName,
  type ObjectMeta,
  toServiceName,
} from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import type { Conversion } from '../../conversion.ts'
import { metadataFor } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import { addRoll, rollsBy } from '../../objects/rolls.ts'
import type { ExternalPlan, Plan, Protocol } from '../../plan/plan.ts'
import { portName } from '../names-to-services/service-ports.ts'
import { connectedPorts, externalsOf } from './connects.ts'

const CHECKSUM = 'checksum.landfall.dev/external'

/** `3306`, `3306:13306`, `53/udp`. */
function parsePort(text: string): ExternalPlan['ports'][number] {
  const [numbers = '', protocol = 'tcp'] = text.split('/')
  const [port, to = port] = numbers.split(':').map(Number)
  return { port: Number(port), to: Number(to), protocol: protocol.toUpperCase() as Protocol }
}

function planExternal({ plan, settings, services }: Conversion): void {
  const names = Object.entries(settings.external ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [written, { address, host, ports = [] }] of names)
    plan.external.push({
      written,
      name: isServiceName(written.toLowerCase()) ? written.toLowerCase() : toServiceName(written),
      ...(address === undefined ? {} : { address }),
      ...(host === undefined ? {} : { host }),
      ports: ports.map((port) => parsePort(String(port))),
    })
  for (const service of services) service.plan.externals = externalsOf(service, plan.external)
  for (const external of plan.external) {
    const connected = connectedPorts(external, services)
    if (connected.length > 0) external.connected = connected
  }
}

/** With known ports a ClusterIP in front of the address; with none the bare address. */
function serviceSpec({ host, ports }: ExternalPlan): Record<string, unknown> {
  if (host !== undefined) return { type: 'ExternalName', externalName: host.toLowerCase() }
  if (ports.length === 0) return { clusterIP: 'None' }
  return {
    type: 'ClusterIP',
    ports: ports.map((port) => ({
      name: portName(port),
      port: port.port,
      targetPort: port.to,
      protocol: port.protocol,
    })),
  }
}

export default {
  id: 'external-services',
  title: 'Make services outside the project reachable by name',
  plan: planExternal,
  part({ externals }) {
    if (externals.length === 0) return {}
    return { rolls: [{ annotation: CHECKSUM, by: 'externals', externals }] }
  },
  build(draft) {
    const { objects, plan } = draft
    for (const external of plan.external) {
      const { name, address, ports } = external
      objects.set(`service/${name}`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: withConnections(metadataFor(plan, name), external),
        spec: serviceSpec(external),
      })
      if (address === undefined) continue
      const metadata = metadataFor(plan, name)
      objects.set(`endpointslice/${name}`, {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          ...metadata,
          labels: { ...metadata.labels, 'kubernetes.io/service-name': name },
        },
        addressType: isIPv6(address) ? 'IPv6' : 'IPv4',
        endpoints: [{ addresses: [address], conditions: { ready: true } }],
        ports: ports.map((port) => ({
          name: portName(port),
          port: port.to,
          protocol: port.protocol,
        })),
      })
    }
    for (const { workload, roll } of rollsBy(draft, 'externals'))
      addRoll(
        draft,
        workload,
        roll.annotation,
        (roll.externals ?? []).flatMap((name) => targetInputs(plan, name)),
      )
  },
} satisfies Adaptation

/** The ports to which services connect: `landfall up` reports those that do not answer. */
function withConnections(metadata: ObjectMeta, { connected = [] }: ExternalPlan): ObjectMeta {
  const entries = connected.map(({ port, by }) => `${port}:${by}`)
  if (entries.length > 0) annotate(metadata, CONNECTED_ANNOTATION, entries.join(','))
  return metadata
}

/** What a hash reads of the target of a service outside the project. */
function targetInputs({ external }: Plan, name: string): Derived['inputs'] {
  const { address } = external.find((one) => one.name === name) ?? {}
  return address === undefined
    ? [{ object: `service/${name}`, pointer: '/spec/externalName' }]
    : ['/endpoints', '/ports'].map((pointer) => ({ object: `endpointslice/${name}`, pointer }))
}
