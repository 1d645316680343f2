import type { Project } from '@landfall/compose'
import {
  type Diagnostic,
  hasErrors,
  type Origin,
  type Origins,
  ownValue,
  recordOf,
  type Sources,
  toPointer,
} from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import { isMapping } from '../../mapping.ts'
import type { LandfallFile } from '../landfall-file.ts'
import { checkReferences } from '../references.ts'
import { suggestion } from '../validate.ts'
import { type ConnectedSite, checkSites } from './check-sites.ts'
import { declaredPorts } from './declared-ports.ts'
import { type ListInput, listSites } from './list-sites.ts'
import { reportInto } from './problem.ts'
import type { ReachedAt, ReachedPort, Site, SiteConnection, SiteReference } from './site.ts'
import { settingsOfSite } from './site-settings.ts'

/** Which site is wanted, and what is known of the others. */
export interface WantedSite {
  name: string
  /** Where services of sites are reached; nothing is known if omitted. */
  reachedAt?: ReachedAt
  /** Whether an address that is not known is an error, or a warning with a name that never resolves. */
  unknownAddress: 'error' | 'warning'
}

/** A site with what it needs from others. */
export interface LoadedSite extends Site {
  connections: readonly SiteConnection[]
  restarts: readonly { service: string; with: SiteReference }[]
  /** Ports of services with a declared address, by their names. */
  declared: Readonly<Record<string, readonly ReachedPort[]>>
  /** The image in which connections are tested, if the settings set it. */
  gateImage?: string
  /** Whether its files have addresses of its own services. */
  readsOwnAddresses: boolean
  /** For each service that this site does not have, one that does. */
  elsewhere: Readonly<Record<string, string>>
}

export interface SitesResult {
  sites: readonly LoadedSite[]
  diagnostics: readonly Diagnostic[]
  sources: Sources
}

type ChooseInput = Omit<ListInput, 'origins'> & { site?: WantedSite }

/** The settings of the wanted site; of none if none is wanted, which is an error where the settings have values of a site. */
export function chooseSite(
  base: LandfallFile,
  input: ChooseInput,
  origins: Map<string, Origin[]>,
  diagnostics: Diagnostic<ConvertCode>[],
): { settings: LandfallFile; site?: LoadedSite; sources: Sources } {
  const { site: wanted, project } = input
  if (wanted === undefined) {
    diagnostics.push(...valuesWithoutSite(base, origins))
    return { settings: base, sources: new Map() }
  }
  const { sites, sources, ...listed } = listSites({ ...input, origins, wanted: wanted.name })
  const found = sites.find(({ name }) => name === wanted.name)
  if (found === undefined) {
    diagnostics.push(unknownSite(wanted.name, sites))
    return { settings: base, sources }
  }
  // what is wrong with other sites is reported where all of them are looked at
  diagnostics.push(...listed.diagnostics.filter((one) => concerns(one, found)))
  if (hasErrors(diagnostics)) return { settings: base, sources }
  for (const { at, settings } of found.layers)
    diagnostics.push(
      ...checkReferences(settings, project, origins, at, without(base, found, project)),
    )
  if (hasErrors(diagnostics)) return { settings: base, sources }
  const { reachedAt = () => undefined, unknownAddress } = wanted
  const result = settingsOfSite({
    ...{ base, site: found, sites, project, origins, diagnostics },
    projectDirectory: input.projectDirectory,
    ...{ reachedAt, unknownAddress },
  })
  return {
    settings: result.settings,
    site: loaded(found, firstWith(sites), project, result),
    sources,
  }
}

/** All sites, with what each needs from others, and everything that is wrong with them. */
export function connectSites(base: LandfallFile, input: ListInput): SitesResult {
  const { sites, diagnostics, sources } = listSites(input)
  const { project } = input
  const first = firstWith(sites)
  const connected: LoadedSite[] = []
  const checked = new Set<string>()
  for (const site of sites) {
    const origins = new Map(input.origins) as Map<string, Origin[]>
    const own: Diagnostic<ConvertCode>[] = []
    for (const { at, settings } of site.layers) {
      if (checked.has(at.join('/'))) continue
      checked.add(at.join('/'))
      own.push(...checkReferences(settings, project, origins, at, without(base, site, project)))
    }
    const result = settingsOfSite({
      ...{ base, site, sites, project, origins, diagnostics: own },
      projectDirectory: input.projectDirectory,
      reachedAt: () => undefined,
      unknownAddress: 'none',
    })
    diagnostics.push(...own.filter((one) => !diagnostics.some((other) => isSame(one, other))))
    connected.push(loaded(site, first, project, result))
  }
  const pairs = connected.map((site): ConnectedSite => ({ site, connections: site.connections }))
  diagnostics.push(...checkSites(pairs, input.file, project, input.origins, input.inactive ?? []))
  return { sites: connected, diagnostics, sources }
}

/** The settings without the services that a site does not have: their names may be those of outside services. */
function without(base: LandfallFile, { services }: Site, project: Project): LandfallFile {
  const names = [...Object.keys(project.services), ...Object.keys(base.services ?? {})]
  const changed = names.map((name) => {
    const own = ownValue(base.services, name) ?? {}
    return [name, services.includes(name) ? own : { ...own, enabled: false }] as const
  })
  return { ...base, services: recordOf(changed) }
}

function loaded(
  site: Site,
  first: ReadonlyMap<string, string>,
  project: Project,
  { settings, ...needs }: ReturnType<typeof settingsOfSite>,
): LoadedSite {
  const gateImage = settings.gate?.image
  return {
    ...site,
    ...needs,
    ...(gateImage !== undefined && { gateImage }),
    declared: Object.fromEntries(
      Object.entries(site.addresses).map(([service, text]) => [
        service,
        declaredPorts(text, ownValue(project.services, service)?.ports ?? []),
      ]),
    ),
    elsewhere: Object.fromEntries(
      [...first].filter(([service]) => !site.services.includes(service)),
    ),
  }
}

function isSame(one: Diagnostic, other: Diagnostic): boolean {
  return one.message === other.message && one.at?.start === other.at?.start
}

function concerns({ path }: Diagnostic, { layers }: Site): boolean {
  return layers.some(({ at }) => path.startsWith(toPointer(at)) || path === '/sites')
}

function unknownSite(name: string, sites: readonly Site[]): Diagnostic<ConvertCode> {
  const known = sites.map((site) => site.name)
  return {
    code: 'convert/unknown-site',
    severity: 'error',
    message: `there is no site "${name}"`,
    path: '/sites',
    hint:
      known.length === 0
        ? `define it in landfall.yaml under sites.${name}`
        : suggestion(name, known.length > 20 ? [...known.slice(0, 20), '…'] : known),
  }
}

/** For each service, the first site that has it. */
function firstWith(sites: readonly Site[]): Map<string, string> {
  const first = new Map<string, string>()
  for (const { name, services } of sites)
    for (const service of services) if (!first.has(service)) first.set(service, name)
  return first
}

/** Errors for values that only a site has, in settings that are used without one. */
function valuesWithoutSite(settings: LandfallFile, origins: Origins): Diagnostic<ConvertCode>[] {
  const found: Diagnostic<ConvertCode>[] = []
  const report = reportInto(found, origins)
  const add = (path: readonly string[], what: string) =>
    report(
      'convert/no-site',
      path,
      `${what} is a value of a site`,
      'choose a site with --site NAME',
    )
  const visit = (files: LandfallFile['files'], path: readonly string[]) => {
    for (const [file, { set = {} }] of Object.entries(files ?? {}))
      for (const [key, value] of Object.entries(set))
        if (isMapping(value) && /^(site|addressOf|portOf)$/.test(Object.keys(value).join()))
          add([...path, file, 'set', key], key)
  }
  visit(settings.files, ['files'])
  for (const [name, { files }] of Object.entries(settings.services ?? {}))
    visit(files, ['services', name, 'files'])
  for (const [name, { addressOf }] of Object.entries(settings.external ?? {}))
    if (addressOf !== undefined) add(['external', name], name)
  return found
}
