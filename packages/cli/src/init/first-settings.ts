import type { Project } from '@landfall/compose'
import {
  type LedgerEntry,
  listPorts,
  type Plan,
  type ServicePlan,
  type VolumePlan,
} from '@landfall/convert'
import { ownValue, toPointer } from '@landfall/diagnostic'
import { healthLines } from './health-lines.ts'
import { type ProxyRoute, proxyRouteOf } from './proxy-routes.ts'
import { knownServer } from './recognized.ts'

/**
 * A first `landfall.yaml` for a project: what was found, as comments; what can be chosen, as keys to uncomment; and what
 * is decided anyway, as keys. It changes nothing until it is edited. Every key is commented out once, in its column: the file is valid
 * regardless of which of these marks are removed.
 */
export function firstSettings(
  plan: Plan,
  drops: readonly LedgerEntry[],
  { services, volumes = {} }: Pick<Project, 'services' | 'volumes'>,
): string {
  const routeOf = (service: string) => {
    const compose = ownValue(services, service)
    return compose === undefined ? undefined : proxyRouteOf(compose)
  }
  const sections = [
    `# Settings of ${plan.project} that Docker Compose has no keys for. Remove the "#" directly in front of a key or a dash to use it; \`landfall plan\` shows its effect.`,
    section(
      'services',
      plan.services.flatMap((service) =>
        choicesFor(
          plan,
          service,
          routeOf(service.service),
          exampleFor(plan, service, services),
          usesEngine(drops, service),
        ),
      ),
    ),
    section(
      'volumes',
      plan.volumes.filter((one) => isClaim(one, volumes)).map((volume) => claimLine(volume)),
    ),
    section(
      'accept',
      drops.flatMap(({ path, reason, hint }) => [
        `# ${reason}${hint === undefined ? '' : `; ${hint}`}`,
        `#- ${text(path.slice(1))}`,
      ]),
    ),
  ]
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`
}

/** A key with its lines. */
function section(key: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${key}:`, ...lines.map((line) => `  ${line}`)].join('\n')
}

/** An example of how a one-shot is declared whose work is done when a server responds: one that does not wait for it, best one that it waits for. */
function exampleFor(
  { services }: Plan,
  { service }: ServicePlan,
  project: Project['services'],
): string {
  const waits = new Set([service])
  const waitsFor = (one: ServicePlan): boolean =>
    Object.keys(ownValue(project, one.service)?.depends_on ?? {}).some((name) => waits.has(name)) ||
    one.gates.some(({ on, job }) =>
      services.some(
        (other) => waits.has(other.service) && (other.name === on || other.service === job),
      ),
    )
  for (let size = 0; size < waits.size; ) {
    size = waits.size
    for (const one of services) if (waitsFor(one)) waits.add(one.service)
  }
  const servers = services.filter(
    (one) => one.kind !== 'Job' && one.ports.length > 0 && !waits.has(one.service),
  )
  const before = Object.keys(ownValue(project, service)?.depends_on ?? {})
  const server = servers.find((one) => before.includes(one.service)) ?? servers[0]
  if (server === undefined) return '{ doneWhen: { http: "http://localhost:8080/" } }'
  const { port: usual, ready, lost } = knownServer(server) ?? {}
  const { port } = server.ports.find((one) => one.port === usual) ?? server.ports[0] ?? {}
  // what is in the memory of a server is written again when it is gone
  const again = ready !== undefined && lost !== undefined ? ', again: whenGone' : ''
  return `{ doneWhen: { http: ${JSON.stringify(`http://${server.name}:${port}/`)} }${again} }`
}

function choicesFor(
  plan: Plan,
  service: ServicePlan,
  proxied: ProxyRoute | undefined,
  example: string,
  ofEngine: boolean,
): string[] {
  const { published } = service
  const found = [...oneShotLines(service, example), ...healthLines(service, plan, ofEngine)]
  if (proxied !== undefined) found.push(...routeLines(service, proxied))
  else if (published.length > 0)
    found.push(
      `# It publishes ${listPorts(published).join(', ').replaceAll('/tcp', '')} (NodePort). Alternatives: a load balancer, the same ports on one node (HostPort), none, or an Ingress: { host: ${service.name}.example.com }`,
      '#expose: { type: LoadBalancer }',
    )
  if (ofEngine)
    found.push(
      '# There is no Docker Engine in a cluster. If the program can use the Kubernetes API instead, what it may do there:',
      '#permissions: [{ resources: [pods], verbs: [get, list, watch] }]',
    )
  return found.length === 0
    ? []
    : [`${text(service.service)}:`, ...found.map((line) => `  ${line}`)]
}

/** Whether a socket of a container engine is among the drops of a service. */
function usesEngine(drops: readonly LedgerEntry[], { service }: ServicePlan): boolean {
  const below = `${toPointer(['services', service])}/`
  return drops.some(
    ({ code, path }) => code === 'host-mounts/engine-socket' && path.startsWith(below),
  )
}

/** One key for what is known of the end of a program. */
function oneShotLines(service: ServicePlan, done: string): string[] {
  const { kind, oneShot, oneShotSigns = [] } = service
  if (kind === 'Job' && oneShotSigns.length > 0)
    return [
      `# It is a one-shot, because ${service.kindBecause.text}. If it keeps running: false. If its exit code does not show that its work is done, what answers once it is, for example: ${done}`,
      '#oneShot: true',
    ]
  if (kind === 'Job' && oneShot?.doneWhen === undefined)
    return [
      `# It is a one-shot, because ${service.kindBecause.text}. If its exit code does not show that its work is done, what answers once it is, for example:`,
      `#oneShot: ${done}`,
    ]
  return kind !== 'Job' && service.oncePerPod === undefined && oneShotSigns.length > 0
    ? [
        `# It may be a one-shot: ${oneShotSigns.map((sign) => sign.text).join(', ')}. If it is:`,
        '#oneShot: true',
      ]
    : []
}

/** What the project declares for its reverse proxy, as an Ingress. */
function routeLines(service: ServicePlan, { host, path, port }: ProxyRoute): string[] {
  const known = port ?? (service.published.length > 0 ? undefined : service.ports[0]?.port)
  const keys = [
    `host: ${JSON.stringify(host)}`,
    ...(path === undefined ? [] : [`path: ${text(path)}`]),
    ...(known === undefined ? [] : [`port: ${known}`]),
  ]
  return [
    `# A reverse proxy of the project exposes it as ${host}${path ?? ''}. As an Ingress:`,
    `#expose: { ${keys.join(', ')} }`,
  ]
}

function isClaim({ external, source, volume }: VolumePlan, volumes: Project['volumes']): boolean {
  const isNamed = ownValue(volumes, volume) !== undefined || /^[./~]/.test(volume)
  return !external && source === undefined && isNamed
}

function claimLine({ volume, size, class: name, mountedBy }: VolumePlan): string {
  const chosen = name === undefined ? '' : `, class: ${text(name)}`
  const shared = mountedBy.length > 1 ? '; add shared: true if its class offers ReadWriteMany' : ''
  return `${text(volume)}: { size: ${size}${chosen} } # mounted by ${mountedBy.join(', ')}${shared}`
}

/** A text as YAML, in quotes where it needs them. */
function text(value: string): string {
  return /^[A-Za-z./][-\w./]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value)
}
