import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { NetworkTools } from '../cache/network-tools.ts'
import { CommandFailed, run } from '../host/run.ts'
import { type AddressPlan, addressPlan, overlap, slotCount } from './address-plan.ts'
import { allowForwarding, forgetForwarding } from './forwarding.ts'
import { listenerAddresses } from './listeners.ts'

const interfaces = '/sys/class/net'

/**
 * Takes a slot for the cluster by making its bridge, which the kernel lets only one do. The slot that the cluster had before is
 * tried first. `owner` is written on the bridge; a bridge that carries it already is the cluster's own from before.
 */
export async function claimSlot(
  owner: string,
  before: number | undefined,
  tools: NetworkTools,
): Promise<AddressPlan> {
  const held = slotOf(owner)
  if (held !== undefined) return addressPlan(held)
  const routes = await hostRanges(tools)
  const listening = listenerAddresses(readFileSync('/proc/net/tcp', 'utf8'))
  const all = Array.from({ length: slotCount }, (_, slot) => slot)
  for (const slot of before === undefined ? all : [before, ...all]) {
    const plan = addressPlan(slot)
    // A program still listens at the address of a bridge that is gone.
    if (listening.includes(plan.gateway)) continue
    if (routes.some((route) => overlap(route, plan.nodeCidr) || overlap(route, plan.podCidr)))
      continue
    try {
      await ip(tools, [`link add ${plan.id} address ${plan.ethernet} type bridge`])
    } catch (error) {
      if (error instanceof CommandFailed && existsSync(`${interfaces}/${plan.id}`)) continue
      throw error
    }
    await ip(tools, [`link set dev ${plan.id} alias ${owner}`])
    return plan
  }
  throw new Error(`all ${slotCount} address ranges for clusters (10.213.x.0/24) are in use`)
}

/** The slot whose bridge carries the owner's name. */
export function slotOf(owner: string): number | undefined {
  for (const bridge of bridges()) {
    const alias = readFileSync(`${interfaces}/${bridge}/ifalias`, 'utf8').trim()
    if (alias === owner) return Number(bridge.slice('landfall'.length))
  }
  return undefined
}

/** The bridges of all clusters on this machine. */
export function bridges(): string[] {
  return readdirSync(interfaces).filter((name) => /^landfall\d+$/.test(name))
}

/** Gives the bridge its address, and pods a way to the outside. Can be repeated. */
export async function joinHost(plan: AddressPlan, tools: NetworkTools): Promise<void> {
  await ip(tools, [`addr replace ${plan.gateway}/24 dev ${plan.id}`, `link set ${plan.id} up`])
  await run('nft', ['-f', '-'], { env: tools.env, input: firewall(plan) })
  await allowForwarding(plan.id, tools)
}

/** Removes the bridge with its routes, cables that are left, and the firewall table. */
export async function leaveHost(plan: AddressPlan, tools: NetworkTools): Promise<void> {
  for (const name of readdirSync(interfaces))
    if (name.startsWith(`${plan.id}n`)) await unplug(name, tools)
  await unplug(plan.id, tools)
  await forgetForwarding(plan.id, tools)
  await run('nft', ['-f', '-'], {
    env: tools.env,
    // Adding it first makes the removal succeed when there is none.
    input: `table ip ${plan.id}\ndelete table ip ${plan.id}\n`,
  })
}

/** Removes an interface, if it is there: the kernel removes a node's cable by itself, some time after the node's end. */
export async function unplug(name: string, tools: NetworkTools): Promise<void> {
  if (!existsSync(`${interfaces}/${name}`)) return
  try {
    await ip(tools, [`link delete ${name}`])
  } catch (error) {
    if (existsSync(`${interfaces}/${name}`)) throw error
  }
}

/**
 * The firewall of a cluster on the host. Traffic that leaves the cluster carries the host's address. Pods of other clusters reach its nodes, as those of
 * other machines would, and not its pods: the host has routes to all of them.
 */
function firewall({ id, nodeCidr, podCidr }: AddressPlan): string {
  return `table ip ${id}
delete table ip ${id}
table ip ${id} {
  chain forward {
    type filter hook forward priority filter - 10;
    iifname "landfall*" iifname != "${id}" ip daddr ${podCidr} ct state new reject
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr { ${nodeCidr}, ${podCidr} } ip daddr != { ${nodeCidr}, ${podCidr} } oifname != "${id}" masquerade
  }
}
`
}

/**
 * The IPv4 ranges that the host routes already. Routes for half the world (a default route, a company's 10.0.0.0/8) do not
 * count: those of a cluster are more specific and win.
 */
async function hostRanges(tools: NetworkTools): Promise<string[]> {
  const text = await run('ip', ['-4', '-json', 'route', 'show', 'table', 'all'], { env: tools.env })
  const routes = JSON.parse(text) as { dst: string; type?: string }[]
  return routes
    .filter(({ dst, type }) => dst !== 'default' && type !== 'broadcast')
    .map(({ dst }) => dst)
    .filter((range) => Number(range.split('/')[1] ?? 32) >= 12)
}

async function ip(tools: NetworkTools, commands: string[]): Promise<void> {
  await run('ip', ['-batch', '-'], { env: tools.env, input: `${commands.join('\n')}\n` })
}
