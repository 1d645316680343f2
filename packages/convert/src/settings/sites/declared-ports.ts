import type { Port } from '@landfall/compose'
import type { ReachedPort } from './site.ts'

/** The ports of `HOST`, as the project publishes them, or of `HOST:PORT`: all container ports are meant by the one number. */
export function declaredPorts(declared: string, ports: readonly Port[]): ReachedPort[] {
  const [, bracketed, plain, number] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(declared) ?? []
  const host = bracketed ?? plain ?? declared
  const known = ports.map(
    ({ target, published, protocol }): ReachedPort => ({
      port: target,
      protocol: protocol === 'udp' ? 'udp' : 'tcp',
      host,
      number: Number(number ?? published ?? target),
    }),
  )
  if (known.length > 0) return number === undefined ? known : known.slice(0, 1)
  const only = Number(number ?? 0)
  return [{ port: only, protocol: 'tcp', host, number: only > 0 ? only : undefined }]
}
