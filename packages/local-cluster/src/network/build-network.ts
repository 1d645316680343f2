import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkTools } from '../cache/network-tools.ts'
import { writeKernelFile } from '../host/files/kernel-file.ts'
import { identify, isRunning, type ProcessIdentity } from '../host/process-identity.ts'
import { CommandFailed, run } from '../host/run.ts'
import { raiseSysctls, restoreSysctls } from '../host/sysctls.ts'
import {
  type BuildCable,
  buildFirewall,
  type Endpoint,
  isLoopback,
  loopbackForwards,
  removeBuildFirewall,
} from './build-firewall.ts'
import { allowForwarding, forgetForwarding } from './forwarding.ts'
import { bridges } from './host-network.ts'

const interfaces = '/sys/class/net'
/** Builds at the same time on one machine: their cables are the /30 ranges of 10.213.32.0/24. */
const cableCount = 64

/** What a build may reach apart from the outside. */
export interface BuildReach {
  nameServers: readonly string[]
  endpoints: readonly Endpoint[]
}

/**
 * Runs `work` with the name of a network namespace (`/run/netns/NAME`) that reaches the outside, the name servers and the
 * endpoints, and nothing else of this machine or of its clusters. It is removed when `work` ends. Needs root.
 * Throws CommandFailed when the kernel refuses, and an Error when too many builds run.
 */
export async function withBuildNetwork<T>(
  reach: BuildReach,
  tools: NetworkTools,
  work: (namespace: string) => Promise<T>,
): Promise<T> {
  raiseSysctls()
  const cable = await layCable(tools)
  try {
    await openCable(cable, reach, tools)
    return await work(cable.id)
  } finally {
    await removeCable(cable.id, tools)
    if (bridges().length === 0 && buildCables().length === 0) restoreSysctls()
  }
}

/**
 * The addresses of this machine's interfaces, IPv4 only; also of a bridge that has no carrier, as that of a cluster whose node is being connected, which
 * `networkInterfaces` leaves out.
 */
export function machineAddresses(): string[] {
  return localAddresses(readFileSync('/proc/net/fib_trie', 'utf8'))
}

/** The addresses with a route of type `local` in the text of /proc/net/fib_trie (proc_net(5)). */
export function localAddresses(trie: string): string[] {
  const found = new Set<string>()
  let address = ''
  for (const line of trie.split('\n')) {
    address = /\|-- (\S+)/.exec(line)?.[1] ?? address
    if (/\/32 host LOCAL/.test(line)) found.add(address)
  }
  return [...found]
}

/** Takes the first free cable: the kernel lets only one process make an interface. Those of builds that are gone are removed. */
async function layCable(tools: NetworkTools): Promise<BuildCable> {
  for (const id of buildCables()) if (isAbandoned(id)) await removeCable(id, tools)
  for (let number = 0; number < cableCount; number++) {
    const cable: BuildCable = {
      id: `landfallb${number}`,
      host: `10.213.32.${number * 4 + 1}`,
      build: `10.213.32.${number * 4 + 2}`,
    }
    try {
      await run('ip', ['link', 'add', cable.id, 'type', 'veth', 'peer', 'name', peerOf(cable.id)], {
        env: tools.env,
      })
    } catch (error) {
      if (error instanceof CommandFailed && existsSync(join(interfaces, cable.id))) continue
      throw error
    }
    const owner = JSON.stringify(identify(process.pid))
    await run('ip', ['link', 'set', 'dev', cable.id, 'alias', owner], { env: tools.env })
    return cable
  }
  throw new Error(`${cableCount} builds run on this machine already`)
}

async function openCable(
  cable: BuildCable,
  { nameServers, endpoints }: BuildReach,
  tools: NetworkTools,
): Promise<void> {
  const { id, host, build } = cable
  const ip = (...commands: string[]) =>
    run('ip', ['-batch', '-'], { env: tools.env, input: `${commands.join('\n')}\n` })
  const inNamespace = (...command: string[]) => ['netns', 'exec', id, ...command]
  await run('nft', ['-f', '-'], {
    env: tools.env,
    input: buildFirewall(cable, nameServers, endpoints),
  })
  await allowForwarding(id, tools)
  // Its link-local address would lead to every program of this machine that listens on IPv6.
  set(`net/ipv6/conf/${id}/disable_ipv6`, '1')
  const forwards = endpoints.some(({ address }) => isLoopback(address))
  if (forwards) set(`net/ipv4/conf/${id}/route_localnet`, '1')
  await ip(
    `netns add ${id}`,
    `link set ${peerOf(id)} netns ${id} name eth0`,
    `addr add ${host}/30 dev ${id}`,
    `link set ${id} up`,
  )
  const settings = ['ipv6/conf/all/disable_ipv6', 'ipv6/conf/default/disable_ipv6']
  if (forwards) settings.push('ipv4/conf/all/route_localnet')
  // A kernel without IPv6 has not all of them.
  const write =
    'for name; do at=/proc/sys/net/$name; if [ -e "$at" ]; then echo 1 > "$at"; fi; done'
  await run('ip', inNamespace('sh', '-ec', write, 'sh', ...settings), { env: tools.env })
  await run('ip', ['-n', id, '-batch', '-'], {
    env: tools.env,
    input: `link set lo up\naddr add ${build}/30 dev eth0\nlink set eth0 up\nroute add default via ${host}\n`,
  })
  if (forwards)
    await run('ip', inNamespace('nft', '-f', '-'), {
      env: tools.env,
      input: loopbackForwards(cable, endpoints),
    })
}

async function removeCable(id: string, tools: NetworkTools): Promise<void> {
  // The namespace goes when its last process has ended; the cable and what is on it go at once.
  if (existsSync(join('/run/netns', id))) await run('ip', ['netns', 'delete', id], tools)
  try {
    if (existsSync(join(interfaces, id))) await run('ip', ['link', 'delete', id], tools)
  } catch (error) {
    if (existsSync(join(interfaces, id))) throw error
  }
  await forgetForwarding(id, tools)
  await run('nft', ['-f', '-'], { env: tools.env, input: removeBuildFirewall(id) })
}

function buildCables(): string[] {
  return readdirSync(interfaces).filter((name) => /^landfallb\d+$/.test(name))
}

function isAbandoned(id: string): boolean {
  try {
    const alias = readFileSync(join(interfaces, id, 'ifalias'), 'utf8').trim()
    return alias !== '' && !isRunning(JSON.parse(alias) as ProcessIdentity)
  } catch {
    return false
  }
}

function peerOf(id: string): string {
  return `${id}p`
}

function set(name: string, value: string): void {
  const file = join('/proc/sys', name)
  if (existsSync(file)) writeKernelFile(file, value)
}
