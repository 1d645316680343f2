import type { NetworkTools } from '../cache/network-tools.ts'
import { run } from '../host/run.ts'

/** The chain in which iptables, and so Docker and ufw, decide on traffic that passes through the machine. */
const chain = ['ip', 'filter', 'FORWARD']

/**
 * Lets traffic of a bridge pass where the machine drops what it forwards, as Docker makes it do: by two rules in the chain that
 * drops, marked with the bridge's name. Does nothing where there is no such chain.
 */
export async function allowForwarding(bridge: string, tools: NetworkTools): Promise<void> {
  const rules = await listRules(tools)
  if (rules === undefined || ruleHandles(rules, bridge).length > 0) return
  for (const side of ['iifname', 'oifname'])
    await nft(tools, 'insert', 'rule', ...chain, side, bridge, 'accept', 'comment', `"${bridge}"`)
}

/** Removes the rules again. */
export async function forgetForwarding(bridge: string, tools: NetworkTools): Promise<void> {
  for (const handle of ruleHandles((await listRules(tools)) ?? '', bridge))
    await nft(tools, 'delete', 'rule', ...chain, 'handle', handle)
}

/** The handles of the rules that carry a comment, in what `nft --handle list chain` prints. */
export function ruleHandles(listing: string, comment: string): string[] {
  return listing
    .split('\n')
    .filter((line) => line.includes(`comment "${comment}"`))
    .map((line) => /# handle (\d+)/.exec(line)?.[1])
    .filter((handle) => handle !== undefined)
}

async function listRules(tools: NetworkTools): Promise<string | undefined> {
  try {
    return await nft(tools, '--handle', 'list', 'chain', ...chain)
  } catch {
    return undefined
  }
}

function nft(tools: NetworkTools, ...args: string[]): Promise<string> {
  return run('nft', args, { env: tools.env })
}
