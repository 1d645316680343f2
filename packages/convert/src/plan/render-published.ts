import { runsOf, spanText } from '../facts/ports/port-ranges.ts'
import type { PublishedPort, Route } from './plan.ts'

/** Where ports are published; those of a range in one line. */
export function renderPublished(published: readonly PublishedPort[]): string[] {
  return runsOf(
    published,
    (a, b) =>
      a.range !== undefined &&
      a.range === b.range &&
      (a.nodePort === undefined) === (b.nodePort === undefined),
  ).map((run) => {
    const first = run[0] as PublishedPort
    const last = run.at(-1) as PublishedPort
    const number = (port: PublishedPort) => port.nodePort ?? port.hostPort ?? port.published
    const listed = `${spanText(first.port, last.port)}/${first.protocol.toLowerCase()}`
    const numbers = spanText(number(first) ?? first.port, number(last) ?? last.port)
    return `${listed} on ${placeOf(first, numbers, first === last)}`
  })
}

function placeOf(first: PublishedPort, numbers: string, isOne: boolean): string {
  const port = isOne ? 'port' : 'ports'
  if (first.hostPort !== undefined) return `${port} ${numbers} of the node of its pod`
  if (first.balanced === true) return `${port} ${numbers} of a load balancer`
  if (first.nodePort !== undefined) return `NodePort${isOne ? '' : 's'} ${numbers}`
  return `${isOne ? 'a NodePort' : 'NodePorts'} assigned by the cluster`
}

/** `80/tcp by an Ingress at shop.example.com/` */
export function renderRoute({ kind, host, path, port }: Route): string {
  return `${port}/tcp by ${kind === 'Ingress' ? 'an Ingress' : 'a Gateway'} at ${host ?? '*'}${path}`
}
