import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { listPorts, runsOf } from '../../facts/ports/port-ranges.ts'
import type { PublishedPort } from '../../plan/plan.ts'

/** A range of as many UDP ports carries media (RTP, TURN relays): peers are told each number by the program. */
const MEDIA_RANGE = 10

const FTP = 21
const SIP: readonly number[] = [5060, 5061]
const PASSIVE = /pasv|passive/i

/**
 * Marks the published ports whose numbers the program announces inside its protocol, and reports those which get other
 * numbers on the nodes: peers would connect to ports that nothing offers.
 */
export function reportMediaPorts({ report }: Conversion, service: ServiceConversion): void {
  const { plan, at, compose } = service
  for (const run of runsOf(
    plan.published,
    (a, b) => a.range !== undefined && a.range === b.range,
  )) {
    const protocol = protocolOf(service, run)
    if (protocol === undefined) continue
    for (const port of run) port.announced = true
    const moved = run.filter(
      ({ published, port, nodePort, hostPort }) => (nodePort ?? hostPort) !== (published ?? port),
    )
    if (moved.length === 0 || isBalanced(run)) continue
    const [listed] = listPorts(run)
    const index =
      run[0]?.range ?? (compose.ports ?? []).findIndex(({ target }) => target === run[0]?.port)
    report({
      code: 'convert/media-ports',
      severity: 'warning',
      message: `${plan.service} announces the numbers of ${listed} (${protocol}) to its peers, and nodes expose them under other numbers`,
      path: at('ports', index),
      hint:
        `services.${plan.service}.expose: { type: HostPort } in landfall.yaml keeps the numbers, on the node of the pod; ` +
        `services.${plan.service}.host: { network: true } uses the network of that node` +
        (protocol === 'passive FTP' ? '. Let it announce the address of the node' : ''),
    })
  }
}

/** A load balancer has the published numbers: the plan then names neither a port of a node nor of all. */
function isBalanced(run: readonly PublishedPort[]): boolean {
  return run.every(({ balanced }) => balanced === true)
}

/** The protocol in which the numbers of these ports are announced. */
function protocolOf(
  { plan }: ServiceConversion,
  run: readonly PublishedPort[],
): string | undefined {
  const [first] = run
  if (first === undefined) return undefined
  if (first.protocol === 'UDP' && run.length >= MEDIA_RANGE) return 'RTP or a relay'
  const inRun = new Set(run)
  const others = plan.published.filter((port) => !inRun.has(port))
  if (first.protocol === 'UDP' && run.length > 1 && others.some(({ port }) => SIP.includes(port)))
    return 'RTP'
  const ftp = others.some(({ port, protocol }) => port === FTP && protocol === 'TCP')
  if (!ftp || first.protocol !== 'TCP') return undefined
  const named = Object.entries(plan.environment).some(
    ([variable, value]) =>
      PASSIVE.test(variable) && new RegExp(`(^|\\D)${first.port}(\\D|$)`).test(value),
  )
  return run.length > 1 || named ? 'passive FTP' : undefined
}
