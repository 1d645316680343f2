/** A TCP socket that accepts connections. */
export interface Listened {
  port: number
  /** Whether it accepts connections from the same network namespace only. */
  loopback: boolean
}

/**
 * The listening sockets in the text of `/proc/net/tcp` and `/proc/net/tcp6` (proc_net(5)), by their ports: addresses are hexadecimal
 * words in the machine's byte order, and state 0A is "listen". A port with several addresses is one of the loopback interface if all are.
 */
export function listeningSockets(procNetTcp: string): Listened[] {
  const found = new Map<number, boolean>()
  for (const line of procNetTcp.split('\n')) {
    const [, address = '', digits = '', state] =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(
        line,
      ) ?? []
    if (state !== '0A') continue
    const port = Number.parseInt(digits, 16)
    found.set(port, (found.get(port) ?? true) && isLoopback(address))
  }
  return [...found].sort(([a], [b]) => a - b).map(([port, loopback]) => ({ port, loopback }))
}

/** 127.0.0.0/8, also as an IPv6 address, and ::1; of a machine with the least significant byte first. */
function isLoopback(address: string): boolean {
  return (
    /^(0{16}FFFF0000)?[0-9A-F]{6}7F$/.test(address) ||
    address === '00000000000000000000000001000000'
  )
}

/** The first port that Linux gives to a socket that asks for none (ip_local_port_range, ip(7)): another one at each start. */
export const FIRST_EPHEMERAL = 32_768

/** The ports that other pods can reach. */
export function portsOfTrial(listened: readonly Listened[]): number[] {
  return listened.filter(({ loopback }) => !loopback).map(({ port }) => port)
}
