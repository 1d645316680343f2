import { isIP } from 'node:net'
import type { Project } from '@landfall/compose'
import {
  type Diagnostic,
  type Origin,
  ownValue,
  recordOf,
  spanOf,
  toPointer,
} from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import { isMapping } from '../../mapping.ts'
import { mergeLayer } from '../environments.ts'
import type { LandfallFile } from '../landfall-file.ts'
import { suggestion } from '../validate.ts'
import { declaredPorts } from './declared-ports.ts'
import { filesOfSite } from './mounted-files.ts'
import { parseReference, referenceText } from './references.ts'
import type { ReachedAt, ReachedPort, Site, SiteConnection, SiteReference } from './site.ts'
import { fillText } from './texts.ts'

export interface SiteInput {
  /** The settings without those of a site. */
  base: LandfallFile
  site: Site
  sites: readonly Site[]
  project: Project
  /** Absolute. */
  projectDirectory: string
  /** Those of the settings; what the site changes gets its own. */
  origins: Map<string, Origin[]>
  /** Where services of other sites are reached, as far as it is known. */
  reachedAt: ReachedAt
  diagnostics: Diagnostic<ConvertCode>[]
  /** What it means that an address is not known yet. */
  unknownAddress: 'error' | 'warning' | 'none'
}

export interface SiteResult {
  settings: LandfallFile
  connections: SiteConnection[]
  /** Services of the site that restart with services of other sites. */
  restarts: { service: string; with: SiteReference }[]
  /** Whether files have addresses of services of the site itself. */
  readsOwnAddresses: boolean
}

type Path = readonly (string | number)[]

/**
 * The settings of a site: its services, its changes, its facts in files, and the addresses of other sites. An address that is not known is a name that never
 * resolves, and a diagnostic.
 */
export function settingsOfSite(input: SiteInput): SiteResult {
  const { site, sites, project, origins } = input
  let settings = input.base
  for (const { at, settings: layer } of site.layers)
    settings = mergeLayer(settings, layer, at, origins)
  const connections: SiteConnection[] = []
  let readsOwnAddresses = false
  const report = (code: ConvertCode, path: Path, message: string, hint: string) =>
    push(input, 'error', code, path, message, hint)
  const reached = (
    text: string,
    path: Path,
    needsNumber: (reference: SiteReference) => boolean,
  ): Reached | undefined => {
    const filled = fillText(text, site.facts, () => {})
    const reference = parseReference(filled, site.name)
    const problem =
      reference === undefined
        ? ([`"${filled}" is not a service of a site`, 'write SITE/SERVICE:PORT'] as const)
        : problemOf(reference, sites, project)
    if (problem !== undefined) report('convert/site-address', path, ...problem)
    if (reference === undefined || problem !== undefined) return undefined
    if (reference.site === site.name) readsOwnAddresses = true
    else connections.push({ ...reference, why: 'address', path: toPointer(path) })
    const known = portsAt(reference, input)
    const ports = known?.every(({ number }) => number !== undefined || !needsNumber(reference))
      ? (known as KnownPort[])
      : undefined
    if (ports === undefined) reportUnknown(reference, path, input)
    return { reference, ports }
  }
  const meaningAt = (value: unknown, path: Path): unknown => {
    if (!isMapping(value)) return value
    const [[key, what] = ['', ''], ...more] = Object.entries(value)
    if (more.length > 0 || typeof what !== 'string') return value
    if (key === 'site') {
      const fact = ownValue(site.facts, what)
      if (fact === undefined)
        report(
          'convert/site-values',
          path,
          `the site ${site.name} has no value "${what}"`,
          `its values: ${Object.keys(site.facts).join(', ')}`,
        )
      return fact ?? value
    }
    if (key !== 'addressOf' && key !== 'portOf') return value
    const found = reached(what, path, ({ port }) => key === 'portOf' || port !== undefined)
    return found === undefined ? '' : textOf(found, key, path, report)
  }
  const filesOf = <T extends Files>(files: T, path: Path): T =>
    mapValues(files, (file, name) => {
      if (file?.set === undefined) return file
      const at = [...path, name, 'set']
      return { ...file, set: mapValues(file.set, (one, key) => meaningAt(one, [...at, key])) }
    }) as T
  const services = recordOf(
    Object.keys(project.services).map((name) => {
      const { files, ...own } = ownValue(settings.services, name) ?? {}
      if (!site.services.includes(name)) return [name, { ...own, enabled: false }]
      const at = ['services', name, 'files']
      return [name, files === undefined ? own : { ...own, files: filesOf(files, at) }]
    }),
  )
  const external = mapValues(settings.external ?? {}, (one, name) => {
    if (one?.addressOf === undefined) return one
    const path = ['external', name]
    const found = reached(one.addressOf, [...path, 'addressOf'], () => true)
    return found === undefined ? { host: 'unknown.invalid' } : outside(found, path, report)
  })
  const outsideOf = recordOf(
    Object.entries(settings.external ?? {}).map(([name, one]) => [name, one?.addressOf]),
  )
  const restarts = takeRestarts(services, site, sites, project, outsideOf, report)
  connections.push(
    ...restarts.map((one) => ({ ...one.with, why: 'restart' as const, path: one.path })),
  )
  const files =
    settings.files && filesOfSite(settings.files, site.services, project, input.projectDirectory)
  return {
    settings: {
      ...settings,
      ...(Object.keys(services).length > 0 && { services }),
      ...(settings.external !== undefined && { external }),
      ...(files !== undefined && { files: filesOf(files, ['files']) }),
    } as LandfallFile,
    connections,
    readsOwnAddresses,
    restarts: restarts.map(({ service, with: on }) => ({ service, with: on })),
  }
}

type Files = NonNullable<LandfallFile['files']>

interface Reached {
  reference: SiteReference
  /** Those that are meant; undefined if they are not known. */
  ports: readonly KnownPort[] | undefined
}

/** With a number where one is needed. */
type KnownPort = ReachedPort & { number: number }

function push(
  { diagnostics, origins }: SiteInput,
  severity: 'error' | 'warning',
  code: ConvertCode,
  path: Path,
  message: string,
  hint: string,
): void {
  const pointer = toPointer(path)
  const at = spanOf(origins, pointer)
  diagnostics.push({
    code,
    severity,
    message,
    path: pointer,
    hint,
    ...(at !== undefined && { at }),
  })
}

function reportUnknown(reference: SiteReference, path: Path, input: SiteInput): void {
  const { unknownAddress: severity } = input
  if (severity === 'none') return
  const { site, service } = reference
  push(
    input,
    severity,
    'convert/unknown-address',
    path,
    `where ${referenceText(reference)} is reached is not known`,
    `landfall up reads it from the cluster of ${site}; elsewhere, declare it: sites.${site}.addresses.${service}`,
  )
}

/** What is wrong with a reference to a service of a site, and what to do. */
function problemOf(
  { site, service, port }: SiteReference,
  sites: readonly Site[],
  project: Project,
): readonly [message: string, hint: string] | undefined {
  const found = sites.find(({ name }) => name === site)
  if (found === undefined)
    return [
      `there is no site "${site}"`,
      suggestion(
        site,
        sites.map(({ name }) => name),
      ),
    ]
  if (!found.services.includes(service))
    return [
      `the site ${site} has no service "${service}"`,
      found.services.length === 0 ? `sites.${site}.services` : suggestion(service, found.services),
    ]
  if (ownValue(found.addresses, service) !== undefined) return undefined
  const ports = ownValue(project.services, service)?.ports ?? []
  if (ports.length === 0)
    return [
      `${service} publishes no port, so other sites cannot reach it`,
      `add ports to ${service} in the Compose file, or declare sites.${site}.addresses.${service}`,
    ]
  if (port !== undefined && !ports.some(({ target }) => target === port))
    return [
      `${service} does not publish port ${port}`,
      `its published container ports: ${[...new Set(ports.map(({ target }) => target))].join(', ')}`,
    ]
  return undefined
}

/** The ports of a reference: as declared, else as the cluster of the site reports them. */
function portsAt(
  { site, service, port }: SiteReference,
  { sites, project, reachedAt }: SiteInput,
): readonly ReachedPort[] | undefined {
  const declared = sites.find(({ name }) => name === site)?.addresses[service]
  const ports =
    declared === undefined
      ? reachedAt(site, service)
      : declaredPorts(declared, project.services[service]?.ports ?? [])
  const meant = port === undefined ? ports : ports?.filter((one) => one.port === port)
  return meant?.length === 0 ? undefined : meant
}

type Report = (code: ConvertCode, path: Path, message: string, hint: string) => void

/** The host, `host:port`, or the port of a service of a site. */
function textOf(
  { reference, ports }: Reached,
  key: 'addressOf' | 'portOf',
  path: Path,
  report: Report,
): string | number {
  const { site, service, port } = reference
  const [first, ...others] = ports ?? []
  const host = first?.host ?? `${service}.${site}.invalid`
  if (key === 'portOf') {
    if (port === undefined && others.some(({ number }) => number !== first?.number))
      report(
        'convert/site-address',
        path,
        `${referenceText(reference)} publishes several ports`,
        `write which one: ${referenceText({ ...reference, port: first?.port ?? 80 })}`,
      )
    return first?.number ?? port ?? 0
  }
  if (port === undefined) return host
  return `${host.includes(':') ? `[${host}]` : host}:${first?.number ?? port}`
}

/** What a service of another site is as one outside of the project. */
function outside(
  { reference, ports }: Reached,
  path: Path,
  report: Report,
): NonNullable<LandfallFile['external']>[string] {
  const { site, service } = reference
  const host = ports?.[0]?.host
  if (ports === undefined || host === undefined) return { host: `${service}.${site}.invalid` }
  const same = ports.filter((one) => one.host === host)
  const elsewhere = ports.find((one) => one.host !== host)
  if (elsewhere !== undefined)
    report(
      'convert/site-address',
      path,
      `${referenceText(reference)} is at ${host} and, with port ${elsewhere.port}, at ${elsewhere.host}: one name cannot lead to both`,
      `declare one address: sites.${site}.addresses.${service}`,
    )
  if (isIP(host) > 0)
    return {
      address: host,
      ports: same.map(({ port, number, protocol }) => `${port}:${number}/${protocol}`),
    }
  const [moved] = same.filter(({ port, number }) => port !== number)
  if (moved !== undefined)
    report(
      'convert/site-address',
      path,
      `port ${moved.port} of ${referenceText(reference)} is port ${moved.number} of ${host}, and a name cannot change a port`,
      `declare an IP address: sites.${site}.addresses.${service}`,
    )
  return { host }
}

/**
 * Takes the services of other sites out of `restartsWith`: those that are named with their site, and those that are not at the site and whose name leads to
 * another one.
 */
function takeRestarts(
  services: Record<string, { restartsWith?: boolean | string[] }>,
  site: Site,
  sites: readonly Site[],
  project: Project,
  outsideOf: Readonly<Record<string, string | undefined>>,
  report: Report,
): { service: string; with: SiteReference; path: string }[] {
  const found: ReturnType<typeof takeRestarts> = []
  for (const service of site.services) {
    const settings = services[service]
    if (!Array.isArray(settings?.restartsWith)) continue
    const here: string[] = []
    for (const [index, name] of settings.restartsWith.entries()) {
      const path = ['services', service, 'restartsWith', index]
      const elsewhere = name.includes('/')
        ? fillText(name, site.facts, () => {})
        : site.services.includes(name)
          ? undefined
          : outsideOf[name]
      if (elsewhere === undefined) {
        if (site.services.includes(name)) here.push(name)
        continue
      }
      const reference = parseReference(elsewhere)
      const problem =
        reference === undefined
          ? (['it is not a service of a site', 'write SITE/SERVICE'] as const)
          : presenceProblem(reference, sites)
      if (reference === undefined || problem !== undefined)
        report('convert/site-address', path, ...(problem as readonly [string, string]))
      else found.push({ service, with: reference, path: toPointer(path) })
    }
    const { restartsWith: _, ...rest } = settings
    services[service] = here.length === 0 ? rest : { ...rest, restartsWith: here }
  }
  return found
  function presenceProblem(reference: SiteReference, all: readonly Site[]) {
    const problem = problemOf({ ...reference }, all, project)
    return problem?.[0].includes('publishes') ? undefined : problem
  }
}

function mapValues<T extends object>(
  record: T,
  change: (value: T[keyof T], key: string) => unknown,
): T {
  return recordOf(
    Object.entries(record).map(([key, value]) => [key, change(value as T[keyof T], key)]),
  ) as T
}
