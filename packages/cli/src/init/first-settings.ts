import type { Project } from '@landfall/compose'
import {
  type LedgerEntry,
  listPorts,
  type Plan,
  type ServicePlan,
  type VolumePlan,
} from '@landfall/convert'
import { ownValue } from '@landfall/diagnostic'
import { type ProxyRoute, proxyRouteOf } from './proxy-routes.ts'

/**
 * A first `landfall.yaml` for a project: what was found, as comments; what can be chosen, as lines to uncomment; and what
 * is decided anyway, as keys. It changes nothing until it is edited.
 */
export function firstSettings(
  plan: Plan,
  drops: readonly LedgerEntry[],
  { services }: Pick<Project, 'services'>,
): string {
  const routeOf = (service: string) => {
    const compose = ownValue(services, service)
    return compose === undefined ? undefined : proxyRouteOf(compose)
  }
  const sections = [
    `# Settings of ${plan.project} that Docker Compose has no keys for. Remove the "#" of a line to use it; \`landfall plan\` shows its effect.`,
    section(
      'services',
      [],
      plan.services.flatMap((service) =>
        choicesFor(service, routeOf(service.service), addressIn(plan)),
      ),
    ),
    section(
      'volumes',
      plan.volumes.filter(isClaim).map((volume) => claimLine(volume)),
      [],
    ),
    section(
      'accept',
      [],
      drops.flatMap(({ path, reason, hint }) => [
        `${reason}${hint === undefined ? '' : `; ${hint}`}`,
        `- ${text(path.slice(1))}`,
      ]),
    ),
  ]
  return `${sections.filter((one) => one !== '').join('\n\n')}\n`
}

/** A key with its lines; without lines, the key is a comment as well. */
function section(key: string, lines: readonly string[], choices: readonly string[]): string {
  if (lines.length === 0 && choices.length === 0) return ''
  const head = lines.length === 0 ? `# ${key}:` : `${key}:`
  return [head, ...lines.map((line) => `  ${line}`), ...choices.map((line) => `#   ${line}`)].join(
    '\n',
  )
}

/** Of a server of the project, as an example of an effect. */
function addressIn({ services }: Plan): string {
  const server = services.find(({ kind, ports }) => kind !== 'Job' && ports.length > 0)
  return server === undefined
    ? 'http://localhost:8080/'
    : `http://${server.name}:${server.ports[0]?.port}/`
}

function choicesFor(
  service: ServicePlan,
  proxied: ProxyRoute | undefined,
  address: string,
): string[] {
  const { kind, published, oneShot, oneShotSigns = [] } = service
  const found: string[] = []
  if (kind === 'Job' && oneShot?.doneWhen === undefined)
    found.push(
      `${service.service} is a one-shot, because ${service.kindBecause.text}. If its exit code does not show that its work is done, what answers once it is, for example:`,
      `${text(service.service)}: { oneShot: { doneWhen: { http: ${JSON.stringify(address)} } } }`,
    )
  if (kind === 'Job' && oneShotSigns.length > 0)
    found.push(
      `If ${service.service} keeps running:`,
      `${text(service.service)}: { oneShot: false }`,
    )
  if (kind !== 'Job' && service.oncePerPod === undefined && oneShotSigns.length > 0)
    found.push(
      `${service.service} may be a one-shot: ${oneShotSigns.map((sign) => sign.text).join(', ')}. If it is:`,
      `${text(service.service)}: { oneShot: true }`,
    )
  if (proxied !== undefined) found.push(...routeLines(service, proxied))
  if (published.length > 0)
    found.push(
      `${service.service} publishes ${listPorts(published).join(', ').replaceAll('/tcp', '')} (NodePort). Alternatives: a load balancer, the same ports on one node, an Ingress, or none:`,
      `${text(service.service)}: { expose: { type: LoadBalancer } }`,
      `${text(service.service)}: { expose: { type: HostPort } }`,
      ...(proxied === undefined
        ? [`${text(service.service)}: { expose: { host: ${service.name}.example.com } }`]
        : []),
      `${text(service.service)}: { expose: { type: none } }`,
    )
  return found
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
    `A reverse proxy of the project exposes ${service.service} as ${host}${path ?? ''}. As an Ingress:`,
    `${text(service.service)}: { expose: { ${keys.join(', ')} } }`,
  ]
}

function isClaim({ external, source }: VolumePlan): boolean {
  return !external && source === undefined
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
