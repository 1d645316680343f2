export interface ParsedPort {
  mode: 'ingress'
  host_ip?: string
  target: number
  published?: string
  protocol: 'tcp' | 'udp' | 'sctp'
}

interface Range {
  readonly start: number
  readonly end: number
}

/**
 * Reads `[[ip:]published:]target[/protocol]`, where both ports may be ranges. Ports of a range come sorted as texts
 * (`8-10` is 10, 8, 9): that is the order of Docker Compose.
 */
export function parsePort(spec: string): ParsedPort[] | { error: string } {
  const { ip, published, container } = splitMapping(spec)
  const [target = '', suffix] = container.split('/')
  const protocol = suffix?.toLowerCase() || 'tcp'
  if (target === '') return { error: 'it has no container port' }
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp')
    return { error: `"${protocol}" is not a protocol; use tcp, udp or sctp` }
  const host = bareAddress(ip)
  if (host === undefined || (host !== '' && !isAddress(host)))
    return { error: `"${ip}" is not an IP address` }
  const targets = parseRange(target)
  if (typeof targets === 'string') return { error: targets }
  if (targets.start === 0) return { error: 'a container has no port 0' }
  const hosts = published === '' ? undefined : parseRange(published)
  if (typeof hosts === 'string') return { error: hosts }
  const count = targets.end - targets.start
  if (hosts !== undefined && hosts.end - hosts.start !== count && count !== 0)
    return { error: `the ranges "${published}" and "${target}" are of different lengths` }
  const ports = Array.from({ length: count + 1 }, (_, index): ParsedPort => {
    return {
      mode: 'ingress',
      ...(host !== '' && { host_ip: host }),
      target: targets.start + index,
      ...(hosts !== undefined && { published: publishedAt(hosts, index, count) }),
      protocol,
    }
  })
  return ports.sort((a, b) => (`${a.target}/` < `${b.target}/` ? -1 : 1))
}

/** A range in front of one container port stays a range. */
function publishedAt(hosts: Range, index: number, count: number): string {
  if (count === 0 && hosts.start !== hosts.end) return `${hosts.start}-${hosts.end}`
  return String(hosts.start + index)
}

function splitMapping(spec: string): { ip: string; published: string; container: string } {
  const parts = spec.split(':')
  const container = parts.pop() ?? ''
  const published = parts.pop() ?? ''
  return { ip: parts.join(':'), published, container }
}

/** Without brackets; undefined where they do not match, or lack around colons. */
function bareAddress(ip: string): string | undefined {
  if (!ip.startsWith('[')) return ip.includes(':') ? undefined : ip
  return ip.endsWith(']') ? ip.slice(1, -1) : undefined
}

function parseRange(text: string): Range | string {
  const [first = '', last = first] = text.split('-')
  const start = portNumber(first)
  const end = portNumber(last)
  if (start === undefined || end === undefined)
    return `"${text}" is no port; ports are numbers from 0 to 65535`
  return end < start ? `the range "${text}" ends before it starts` : { start, end }
}

function portNumber(text: string): number | undefined {
  const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN
  return value <= 65535 ? value : undefined
}

/** Whether a text is an IPv4 or IPv6 address as Go's `net.ParseIP` reads it. */
export function isAddress(text: string): boolean {
  return isIPv4(text) || isIPv6(text)
}

function isIPv4(text: string): boolean {
  const parts = text.split('.')
  return (
    parts.length === 4 &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  )
}

function isIPv6(text: string): boolean {
  if (!text.includes(':')) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  let groups = 0
  for (const [index, half] of halves.entries()) {
    if (half === '') continue
    const parts = half.split(':')
    for (const [at, part] of parts.entries()) {
      const last = index === halves.length - 1 && at === parts.length - 1
      if (last && part.includes('.')) {
        if (!isIPv4(part)) return false
        groups += 2
      } else {
        if (!/^[0-9a-f]{1,4}$/i.test(part)) return false
        groups++
      }
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8
}
