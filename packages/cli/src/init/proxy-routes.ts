import type { Service } from '@landfall/compose'

/** What a reverse proxy of the project offers of a service. */
export interface ProxyRoute {
  host: string
  /** A prefix; / if omitted. */
  path?: string
  /** The container port. */
  port?: number
}

/** The name of a host as `expose.host` of landfall.yaml takes it. */
const HOST = /^([*][.])?[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/

/**
 * The first route that labels for Traefik (v1, v2, v3) or variables for nginx-proxy declare for a service; undefined: none, or
 * its host is a pattern or is not a valid name.
 */
export function proxyRouteOf(service: Service): ProxyRoute | undefined {
  const labels = {
    ...(service.deploy?.labels as Record<string, unknown> | undefined),
    ...service.labels,
  }
  const texts = new Map(Object.entries(labels).map(([key, value]) => [key, String(value ?? '')]))
  const enabled = texts.get('traefik.enable')?.toLowerCase() !== 'false'
  return (enabled ? traefikRoute(texts) : undefined) ?? nginxRoute(service)
}

function traefikRoute(labels: ReadonlyMap<string, string>): ProxyRoute | undefined {
  // https://doc.traefik.io/traefik/reference/routing-configuration/http/router/rules-and-priority/
  const rules = valuesOf(labels, /^traefik\.http\.routers\.[^.]+\.rule$/)
  // https://doc.traefik.io/traefik/v1.7/configuration/backends/docker/
  const oldRules = valuesOf(labels, /^traefik\.(?:[^.]+\.)?frontend\.rule$/)
  const [port] = [
    ...valuesOf(labels, /^traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port$/),
    ...valuesOf(labels, /^traefik\.(?:[^.]+\.)?port$/),
  ]
  const routes = [...rules.map(routeOfRule), ...oldRules.map(routeOfOldRule)]
  return routes.map((route) => withPort(route, port)).find((route) => route !== undefined)
}

function valuesOf(labels: ReadonlyMap<string, string>, key: RegExp): string[] {
  return [...labels].filter(([name]) => key.test(name)).map(([, value]) => value)
}

/** ``Host(`shop.example.com`) && PathPrefix(`/api`)`` */
function routeOfRule(rule: string): ProxyRoute | undefined {
  return route(
    /\bHost\(\s*[`"']([^`"']+)[`"']/.exec(rule)?.[1],
    /\b(?:PathPrefix|Path)\(\s*[`"']([^`"']+)[`"']/.exec(rule)?.[1],
  )
}

/** `Host:shop.example.com;PathPrefixStrip:/api` */
function routeOfOldRule(rule: string): ProxyRoute | undefined {
  const parts = new Map(
    rule.split(';').map((part) => {
      const at = part.indexOf(':')
      return [
        part.slice(0, at).trim(),
        part
          .slice(at + 1)
          .split(',')[0]
          ?.trim(),
      ] as const
    }),
  )
  const path = ['PathPrefix', 'PathPrefixStrip', 'Path', 'PathStrip'].find((key) => parts.has(key))
  return route(parts.get('Host'), path === undefined ? undefined : parts.get(path))
}

/** https://github.com/nginx-proxy/nginx-proxy */
function nginxRoute({ environment = {} }: Service): ProxyRoute | undefined {
  const host = environment.VIRTUAL_HOST?.split(',')[0]?.trim().replace(/:\d+$/, '')
  return withPort(
    route(host, environment.VIRTUAL_PATH ?? undefined),
    environment.VIRTUAL_PORT ?? undefined,
  )
}

function route(host: string | undefined, path: string | undefined): ProxyRoute | undefined {
  const name = host?.toLowerCase()
  if (name === undefined || name.length > 253 || !HOST.test(name)) return undefined
  const isPrefix = path !== undefined && /^\/[\w./~-]+$/.test(path)
  return { host: name, ...(isPrefix && { path }) }
}

function withPort(found: ProxyRoute | undefined, text: string | undefined): ProxyRoute | undefined {
  const port = Number(text)
  const isPort = Number.isInteger(port) && port > 0 && port <= 65_535
  return found === undefined || !isPort ? found : { ...found, port }
}
