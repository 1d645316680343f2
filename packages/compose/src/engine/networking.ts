import { ownValue } from '@landfall/diagnostic'
import type { Project, Service } from '../project.ts'
import { pointerTo } from '../tree/rules.ts'
import { isMacAddress, parseIp, parseSubnet, type Subnet } from './addresses.ts'
import type { Finding, ServiceRule } from './finding.ts'

/** Namespaces, addresses, hosts and ports of one service. */
export const networkingRules: ServiceRule = (service) => [
  ...namespaceRules(service),
  ...hostRules(service),
  ...portRules(service),
  ...dnsRules(service),
  macRule('/mac_address', service.mac_address),
]

const shares = (mode: unknown): mode is string =>
  typeof mode === 'string' && /^(?:container|service):/.test(mode)

/** Modes that the engine does not know, and options that contradict a mode. */
function namespaceRules(service: Service): (Finding | undefined | false)[] {
  const { network_mode: network = '', hostname, links = [] } = service
  const { ipc, pid, uts } = service
  const given = (key: string) => {
    const value = service[key]
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0
  }
  const conflict = (path: string, what: string) => ({
    path,
    message: `conflicting options: ${what}`,
    hint: `remove it here: with network_mode "${network}" the other container decides it`,
  })
  const mode = 'the container type network mode'
  return [
    network === 'container:' && {
      path: '/network_mode',
      message: 'invalid network mode: invalid container format container:<name|id>',
    },
    shares(network) && !!hostname && conflict('/hostname', 'hostname and the network mode'),
    shares(network) &&
      links.length > 0 &&
      conflict('/links', "container type network can't be used with links"),
    shares(network) && given('dns') && conflict('/dns', 'dns and the network mode'),
    shares(network) &&
      given('extra_hosts') &&
      conflict('/extra_hosts', 'custom host-to-IP mapping and the network mode'),
    shares(network) && given('ports') && conflict('/ports', `port publishing and ${mode}`),
    shares(network) &&
      !given('ports') &&
      given('expose') &&
      conflict('/expose', `port exposing and ${mode}`),
    network === 'host' &&
      links.length > 0 && {
        path: '/links',
        message: "conflicting options: host type networking can't be used with links",
      },
    uts === 'host' &&
      !!hostname && {
        path: '/hostname',
        message: 'conflicting options: hostname and the UTS mode',
      },
    !isMode(ipc, ['none', 'host', 'private', 'shareable']) && {
      path: '/ipc',
      message: `invalid IPC mode: ${ipc}`,
    },
    (!isMode(pid, ['host']) || pid === 'container:') && {
      path: '/pid',
      message: `invalid PID mode: ${pid}`,
    },
    typeof uts === 'string' &&
      !['', 'host'].includes(uts) && { path: '/uts', message: `invalid UTS mode: ${uts}` },
  ]
}

function isMode(mode: unknown, words: readonly string[]): boolean {
  return typeof mode !== 'string' || mode === '' || words.includes(mode) || shares(mode)
}

function hostRules(service: Service): Finding[] {
  const hosts = Array.isArray(service.extra_hosts) ? service.extra_hosts : []
  return hosts.flatMap((entry): Finding | [] => {
    const [, name = '', address = ''] = /^([^=]*)=([\s\S]*)$/.exec(String(entry)) ?? []
    if (name !== '' && (address === 'host-gateway' || parseIp(address.trim()) !== undefined))
      return []
    return {
      path: '/extra_hosts',
      message: `invalid IP address in add-host: "${address}"`,
      hint: 'write "name=10.0.0.1", or "name=host-gateway"',
    }
  })
}

function portRules(service: Service): Finding[] {
  return (service.ports ?? []).flatMap(({ target, published, protocol }, index): Finding | [] => {
    const path = pointerTo('/ports', index)
    if (!(target >= 1 && target <= 65535))
      return { path, message: `invalid port specification: "${target ?? 0}/${protocol}"` }
    if (published && !isPortRange(published))
      return { path, message: `invalid port specification: "${published}"` }
    if (!/^(?:tcp|udp|sctp)$/i.test(protocol))
      return { path, message: `invalid proto: ${protocol}`, hint: 'use tcp, udp or sctp' }
    return []
  })
}

function dnsRules(service: Service): Finding[] {
  const servers = Array.isArray(service.dns) ? service.dns : []
  return servers.flatMap((server, index): Finding | [] => {
    const address = String(server).replace(/%.*$/s, '')
    if (address === '' || parseIp(address) !== undefined) return []
    return {
      path: pointerTo('/dns', index),
      message: `bad nameserver address ${server}: unable to parse IP`,
      hint: 'write the IP address of the server',
    }
  })
}

function isPortRange(text: string): boolean {
  const [, from = '', to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  return from !== '' && Number(from) <= Number(to) && Number(to) <= 65535
}

function macRule(path: string, address: unknown): Finding | undefined {
  if (typeof address !== 'string' || address === '' || isMacAddress(address)) return undefined
  return {
    path,
    message: `invalid MAC address: ${address}`,
    hint: 'write it as 02:42:ac:11:00:02',
  }
}

interface Pool {
  readonly subnet?: string
  readonly ip_range?: string
  readonly gateway?: string
}

function contains(outer: Subnet, inner: Subnet): boolean {
  return outer.bits === inner.bits && outer.first <= inner.first && inner.last <= outer.last
}

function poolsOf(project: Project, network: string): readonly Pool[] {
  const { ipam } = (project.networks?.[network] ?? {}) as { ipam?: { config?: readonly Pool[] } }
  return ipam?.config ?? []
}

/** Subnets and gateways of a network of the project that are not addresses. */
export function networkRules(project: Project, network: string): Finding[] {
  const at = (index: number, key: string) => `${pointerTo('/ipam/config', index)}/${key}`
  return poolsOf(project, network).flatMap(({ subnet, ip_range: range, gateway }, index) => {
    const findings: Finding[] = []
    if (subnet && parseSubnet(subnet) === undefined)
      findings.push({ path: at(index, 'subnet'), message: `invalid subnet: ${subnet}` })
    if (range && parseSubnet(range) === undefined)
      findings.push({ path: at(index, 'ip_range'), message: `invalid ip-range: ${range}` })
    const pool = parseSubnet(subnet ?? '')
    const inner = parseSubnet(range ?? '')
    const first = parseIp(gateway ?? '')
    if (pool && inner && !contains(pool, inner))
      findings.push({
        path: at(index, 'ip_range'),
        message: `invalid ip-range ${range}: it is not in the subnet ${subnet}`,
      })
    if (pool && first && !contains(pool, { ...first, first: first.value, last: first.value }))
      findings.push({
        path: at(index, 'gateway'),
        message: `invalid gateway ${gateway}: it is not in the subnet ${subnet}`,
      })
    if (gateway && parseIp(gateway) === undefined)
      findings.push({ path: at(index, 'gateway'), message: `invalid gateway address: ${gateway}` })
    return findings
  })
}

/** Addresses that a service asks for in its networks. */
export function endpointRules(project: Project, service: Service): Finding[] {
  return Object.entries(service.networks ?? {}).flatMap(([network, endpoint]): Finding[] => {
    const path = pointerTo('/networks', network)
    const mac = macRule(`${path}/mac_address`, endpoint?.mac_address)
    const isExternal = ownValue(project.networks, network)?.external === true
    const subnets = isExternal
      ? []
      : poolsOf(project, network).flatMap(({ subnet = '' }) => parseSubnet(subnet) ?? [])
    const address = (key: string, bits: 32 | 128): Finding[] => {
      const text = endpoint?.[key]
      if (typeof text !== 'string' || text === '') return []
      const ip = parseIp(text)
      const family = bits === 32 ? 'IPv4' : 'IPv6'
      if (ip?.bits !== bits)
        return [{ path: `${path}/${key}`, message: `invalid ${family} address: ${text}` }]
      const pools = subnets.filter((subnet) => subnet.bits === bits)
      if (
        pools.length === 0 ||
        pools.some(({ first, last }) => first <= ip.value && ip.value <= last)
      )
        return []
      return [
        {
          path: `${path}/${key}`,
          message: `no configured subnet contains the IP address ${text}`,
        },
      ]
    }
    return [...(mac ? [mac] : []), ...address('ipv4_address', 32), ...address('ipv6_address', 128)]
  })
}
