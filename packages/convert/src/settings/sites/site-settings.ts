import type { Project } from '@landfall/compose'
import { type Diagnostic, type Origin, ownValue, recordOf, toPointer } from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import { isMapping } from '../../mapping.ts'
import { mergeLayer } from '../environments.ts'
import type { LandfallFile } from '../landfall-file.ts'
import { type KnownPort, outside, portsAt, problemOf, type Reached, textOf } from './addresses.ts'
import { filesOfSite } from './mounted-files.ts'
import { type Path, type Report, reportInto, reportUnknownFact } from './problem.ts'
import { parseReference, referenceText } from './references.ts'
import type { ReachedAt, Site, SiteConnection, SiteReference } from './site.ts'
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
  const report = reportInto(input.diagnostics, origins)
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
    if (ports === undefined) reportUnknown(reference, path, input.unknownAddress, report)
    return { reference, ports }
  }
  const meaningAt = (value: unknown, path: Path): unknown => {
    if (!isMapping(value)) return value
    const [[key, what] = ['', ''], ...more] = Object.entries(value)
    if (more.length > 0 || typeof what !== 'string') return value
    if (key === 'site') {
      const fact = ownValue(site.facts, what)
      if (fact === undefined) reportUnknownFact(report, site, what, path)
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

function reportUnknown(
  reference: SiteReference,
  path: Path,
  severity: SiteInput['unknownAddress'],
  report: Report,
): void {
  if (severity === 'none') return
  const { site, service } = reference
  report(
    'convert/unknown-address',
    path,
    `where ${referenceText(reference)} is reached is not known`,
    `landfall up reads it from the cluster of ${site}; elsewhere, declare it: sites.${site}.addresses.${service}`,
    { severity },
  )
}

/**
 * Takes the services of other sites out of `restartsWith`: those that are named with their site, and those that are not at the site and whose name leads to
 * another one.
 */
function takeRestarts(
  services: Record<string, { restartsWith?: boolean | string[]; alive?: unknown }>,
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
      else {
        found.push({ service, with: reference, path: toPointer(path) })
        if (settings.alive === undefined) reportByHand(service, reference, name, path, report)
      }
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

/** Nothing at a site observes another cluster; an effect of `alive` is tested from where the service runs. */
function reportByHand(
  service: string,
  reference: SiteReference,
  name: string,
  path: Path,
  report: Report,
): void {
  const host = name.includes('/') ? 'NAME' : name
  report(
    'convert/restart-across-sites',
    path,
    `${service} restarts with ${referenceText(reference)} when landfall up runs, and not by itself`,
    `for a restart at any time, declare what it shows when it is connected, services.${service}.alive, such as tcp: "${host}:PORT"; by hand: landfall restart ${service} --site SITE`,
    { severity: 'note' },
  )
}

function mapValues<T extends object>(
  record: T,
  change: (value: T[keyof T], key: string) => unknown,
): T {
  return recordOf(
    Object.entries(record).map(([key, value]) => [key, change(value as T[keyof T], key)]),
  ) as T
}
