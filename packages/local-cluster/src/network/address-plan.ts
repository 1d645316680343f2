/** Everything of a cluster that must differ from its neighbours' on the same machine follows from its slot number. */
export interface AddressPlan {
  slot: number
  /** One name for the bridge, the firewall table and the control group. */
  id: string
  /** The bridge's address: API server, DNS and the registries for reading listen there. */
  gateway: string
  /** The bridge's Ethernet address. Without one of its own it would have that of a cable, and another one whenever a node comes or goes. */
  ethernet: string
  /** An address of this machine alone, which nodes, pods and builds do not reach: what only the control plane uses listens there. */
  loopback: string
  nodeCidr: string
  podCidr: string
  /** Services exist inside the nodes only, so all clusters have the same range. */
  serviceCidr: string
  dnsAddress: string
  apiServer: string
  registry: string
  packageRegistry: string
  /** The same registries for writing, which requires the cluster's login. */
  registryWriter: string
  packageRegistryWriter: string
}

export interface NodePlan {
  name: string
  address: string
  podCidr: string
  /** The host's end of the node's network cable. */
  cable: string
}

export const slotCount = 32
/** A pod range is a /19: 32 times /24, of which the first is not used. */
export const maximumNodes = 31

/**
 * The usual ports are often taken on all addresses by other programs of the machine. Only DNS keeps its own, 53, as name
 * servers are written without a port.
 */
export const ports = {
  apiServer: 22443,
  etcd: 22379,
  etcdPeers: 22380,
  controllerManager: 22257,
  scheduler: 22259,
  registry: 22500,
  packageRegistry: 22501,
  metrics: 22444,
} as const

export function addressPlan(slot: number): AddressPlan {
  const gateway = `10.213.${slot}.1`
  const loopback = `127.213.${slot}.1`
  return {
    slot,
    id: `landfall${slot}`,
    gateway,
    // locally administered: https://datatracker.ietf.org/doc/html/rfc7042#section-2.1
    ethernet: `02:6c:66:00:00:${slot.toString(16).padStart(2, '0')}`,
    loopback,
    nodeCidr: `10.213.${slot}.0/24`,
    podCidr: `10.${214 + Math.floor(slot / 8)}.${(slot % 8) * 32}.0/19`,
    serviceCidr: '10.96.0.0/16',
    dnsAddress: '10.96.0.10',
    apiServer: `https://${gateway}:${ports.apiServer}`,
    registry: `${gateway}:${ports.registry}`,
    packageRegistry: `${gateway}:${ports.packageRegistry}`,
    registryWriter: `${loopback}:${ports.registry}`,
    packageRegistryWriter: `${loopback}:${ports.packageRegistry}`,
  }
}

/** The node with a number from 1 to {@link maximumNodes}. */
export function nodePlan({ slot, id }: AddressPlan, number: number): NodePlan {
  return {
    name: `node-${number}`,
    address: `10.213.${slot}.${10 + number}`,
    podCidr: `10.${214 + Math.floor(slot / 8)}.${(slot % 8) * 32 + number}.0/24`,
    cable: `${id}n${number}`,
  }
}

/** Whether two IPv4 ranges in CIDR notation have an address in common. */
export function overlap(a: string, b: string): boolean {
  const [first, second] = [range(a), range(b)]
  return first.start <= second.end && second.start <= first.end
}

function range(cidr: string): { start: number; end: number } {
  const [address = '', length = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(length))
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const start = Math.floor(value / size) * size
  return { start, end: start + size - 1 }
}
