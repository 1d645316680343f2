/**
 * The IPv4 addresses at which a program listens, from the text of `/proc/net/tcp` (proc_net(5)): addresses are hexadecimal in
 * the machine's byte order, and state 0A is "listen".
 */
export function listenerAddresses(procNetTcp: string): string[] {
  const found = new Set<string>()
  for (const line of procNetTcp.split('\n').slice(1)) {
    const [, local, , state] = line.trim().split(/\s+/)
    if (local === undefined || state !== '0A') continue
    const bytes = Buffer.from(local.split(':')[0] ?? '', 'hex')
    found.add([...bytes.reverse()].join('.'))
  }
  return [...found]
}
