import { lookup } from 'node:dns/promises'
import { existsSync, readFileSync } from 'node:fs'
import { nameServers } from '../control-plane/control-plane.ts'
import type { Endpoint } from '../network/build-firewall.ts'
import { type BuildReach, machineAddresses } from '../network/build-network.ts'

/** Where systemd-resolved keeps the name servers behind its own, which listens on loopback. */
const resolvConfs = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']

/**
 * What a build may reach of this machine: the name servers, and of the registries, package registries, mirrors and proxies
 * that it is configured with those that run here. `places` are URLs or `host:port`. `dns` is a name server to use where
 * the machine's own are on loopback only.
 */
export async function buildReach(
  places: readonly string[],
  dns: string | undefined,
): Promise<BuildReach> {
  const own = machineAddresses()
  const endpoints = new Map<string, Endpoint>()
  for (const place of places) {
    const found = parsePlace(place)
    if (found === undefined) continue
    const address = await addressOf(found.host)
    if (address === undefined || !(own.includes(address) || address.startsWith('127.'))) continue
    endpoints.set(`${address}:${found.port}`, { address, port: found.port })
  }
  return { nameServers: reachableNameServers(dns), endpoints: [...endpoints.values()] }
}

/** Whether a build reaches a name server of this machine, or needs that of a running cluster. */
export function hasReachableNameServer(): boolean {
  return reachableNameServers(undefined).length > 0
}

function reachableNameServers(dns: string | undefined): string[] {
  for (const file of resolvConfs) {
    if (!existsSync(file)) continue
    const servers = nameServers(readFileSync(file, 'utf8')).filter(
      (server) => /^\d+(?:\.\d+){3}$/.test(server) && !server.startsWith('127.'),
    )
    if (servers.length > 0) return servers
  }
  return dns === undefined ? [] : [dns]
}

/** The host and port of a URL or `host:port`; undefined for anything else. */
export function parsePlace(place: string): { host: string; port: number } | undefined {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(place) ? place : `http://${place}`)
    const usual = url.protocol === 'https:' ? 443 : 80
    return { host: url.hostname, port: url.port === '' ? usual : Number(url.port) }
  } catch {
    return undefined
  }
}

async function addressOf(host: string): Promise<string | undefined> {
  try {
    return (await lookup(host, { family: 4 })).address
  } catch {
    return undefined
  }
}
