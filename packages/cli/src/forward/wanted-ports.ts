import type { ForwardedPort, Member } from '@landfall/deploy'
import { UsageError } from '../errors.ts'

/** A port of a service, and the local place at which it is to be reached. */
export interface WantedPort {
  member: Member
  /** Container port. */
  port: number
  local: { address: string; port: number }
}

/** `web`, `web:8080`, `web:9000:8080`. */
export interface PortWord {
  name: string
  /** Undefined: the same as the published one. */
  local?: number
  /** Published port or container port; undefined: all that the project publishes. */
  port?: number
}

/** Reads a word of the command line. Throws a UsageError. */
export function readPortWord(word: string): PortWord {
  const [, name, first, second] = /^([^:]+)(?::(\d{1,5}))?(?::(\d{1,5}))?$/.exec(word) ?? []
  const numbers = [first, second].filter((one) => one !== undefined).map(Number)
  if (name === undefined || numbers.some((one) => one > 65535))
    throw new UsageError(
      `${word} is not SERVICE, SERVICE:PORT or SERVICE:LOCAL:PORT`,
      'for example: landfall port-forward web:8080',
    )
  const [local, port] = numbers.length === 2 ? numbers : [undefined, numbers[0]]
  return {
    name,
    ...(local !== undefined && { local }),
    ...(port !== undefined && { port }),
  }
}

/** Addresses of this machine that a project names; anything else may be one of another. */
const LOOPBACK = /^(127(\.\d+){3}|::1|localhost)$/

/**
 * Where each port is to be reached: where Compose publishes it, on this machine only, or at `address`. `udp` are those that Kubernetes cannot
 * forward. Throws a UsageError for a service without a published port if none is named.
 */
export function wantedPorts(
  words: readonly { word: PortWord; member: Member; published: readonly ForwardedPort[] }[],
  address: string | undefined,
): { wanted: WantedPort[]; udp: ForwardedPort[] } {
  const at = (named: string | undefined): string =>
    address ?? (named !== undefined && LOOPBACK.test(named) ? named : '127.0.0.1')
  const udp: ForwardedPort[] = []
  const wanted = words.flatMap(({ word, member, published }): WantedPort[] => {
    const tcp = published.filter(({ protocol }) => protocol === 'tcp')
    if (word.port === undefined) {
      udp.push(...published.filter(({ protocol }) => protocol !== 'tcp'))
      return tcp.map((one) => ({
        member,
        port: one.port,
        local: { address: at(one.address), port: one.published },
      }))
    }
    const { port } = word
    const known = tcp.find((one) => one.published === port) ?? tcp.find((one) => one.port === port)
    const local = { address: at(known?.address), port: word.local ?? known?.published ?? port }
    return [{ member, port: known?.port ?? port, local }]
  })
  // two ways of the cluster to one port are one here
  const byKey = new Map(
    wanted.map((one) => [
      `${one.member.service} ${one.port} ${one.local.address} ${one.local.port}`,
      one,
    ]),
  )
  return { wanted: [...byKey.values()], udp }
}
