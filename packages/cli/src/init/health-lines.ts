import type { Plan, ServicePlan } from '@landfall/convert'
import { connectionsOf, knownServer } from './recognized.ts'

/** Names of programs of which two would do one work twice. */
const ALONE = /(^|[-_.])(master|scheduler|cron|beat|coordinator|controller)([-_.]|$)/i

/** What is proposed for the start and the health of a service, as lines of landfall.yaml: each key is commented out once. */
export function healthLines(service: ServicePlan, plan: Plan, usesEngine: boolean): string[] {
  if (service.kind === 'Job' || service.oncePerPod !== undefined || service.replicas === 0)
    return []
  return [
    ...readyLines(service),
    ...waitLines(service, plan),
    ...restartLines(service, plan),
    ...singletonLines(service, usesEngine),
  ]
}

function readyLines(service: ServicePlan): string[] {
  if (service.readiness !== undefined) return []
  const known = knownServer(service)
  if (known?.ready !== undefined)
    return ['# An open port does not show that it can be used:', `#ready: ${known.ready}`]
  const own = service.ports.filter(
    ({ protocol, onlyExposed }) => protocol === 'TCP' && !onlyExposed,
  )
  const port = own.find((one) => one.port === known?.port)?.port ?? own[0]?.port
  if (port === undefined) return []
  if (known !== undefined)
    return ['# Nothing tests whether it can be used:', `#ready: { tcp: "localhost:${port}" }`]
  return [
    '# Nothing tests its health. A path that responds when it works, and whether it is restarted when that fails:',
    `#ready: { http: "http://localhost:${port}/" }`,
    `#alive: { http: "http://localhost:${port}/" }`,
  ]
}

/** One key for all servers that are not waited for. */
function waitLines(service: ServicePlan, plan: Plan): string[] {
  const missing = connectionsOf(service, plan).filter(
    ({ server }) => !service.gates.some(({ on }) => on === server.name),
  )
  if (missing.length === 0) return []
  const names = missing.map(({ server }) => server.service)
  const effects = missing.map(({ server, port }) => `{ tcp: "${server.name}:${port}" }`)
  return [
    `# It connects to ${names.join(', ')}, and does not wait until a connection is possible:`,
    `#waitsFor: [${effects.join(', ')}]`,
  ]
}

/** One key for all servers whose clients stay connected to what is gone. */
function restartLines(service: ServicePlan, plan: Plan): string[] {
  const forgetful = connectionsOf(service, plan).filter(
    ({ server, lost }) => lost !== undefined && !service.restartsWith.includes(server.service),
  )
  if (forgetful.length === 0) return []
  const names = forgetful.map(({ server }) => server.service)
  const lost = [...new Set(forgetful.map((one) => one.lost))].join(', ')
  return [
    `# If it does not connect again by itself when ${names.join(', ')} is replaced (${lost} may be lost), it restarts then:`,
    `#restartsWith: [${names.map((name) => JSON.stringify(name)).join(', ')}]`,
  ]
}

function singletonLines({ service, replicas, scale, oneCopy }: ServicePlan, usesEngine: boolean) {
  if (replicas > 1 || scale !== undefined || oneCopy !== undefined) return []
  if (!usesEngine && !ALONE.test(service)) return []
  return [
    '# If two copies would do the same work, so that more than one is refused:',
    '#singleton: two copies would do the same work',
  ]
}
