import type { Project } from '@landfall/compose'
import type { Diagnostic, Origins } from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import type { LandfallFile } from '../landfall-file.ts'
import { suggestion } from '../validate.ts'
import { reportInto } from './problem.ts'
import type { Site, SiteConnection } from './site.ts'

/** What a site needs from others. */
export interface ConnectedSite {
  site: Site
  connections: readonly SiteConnection[]
}

/** Services that do not exist (those of profiles that are not active do), sites in one place, and sites that wait for each other. */
export function checkSites(
  sites: readonly ConnectedSite[],
  file: Pick<LandfallFile, 'sites' | 'siteTemplates'>,
  project: Project,
  origins: Origins,
  inactive: readonly string[],
): Diagnostic<ConvertCode>[] {
  const diagnostics: Diagnostic<ConvertCode>[] = []
  const add = reportInto(diagnostics, origins)
  const services = Object.keys(project.services)
  for (const section of ['sites', 'siteTemplates'] as const)
    for (const [key, { services: listed }] of Object.entries(file[section] ?? {}))
      for (const [index, service] of (Array.isArray(listed) ? listed : []).entries())
        if (!services.includes(service) && !inactive.includes(service))
          add(
            'convert/unknown-service',
            [section, key, 'services', index],
            `there is no service "${service}"`,
            suggestion(service, services),
          )
  const places = new Map<string, Site>()
  const reported = new Set<string>()
  for (const { site } of sites) {
    const place = JSON.stringify([site.context ?? null, site.namespace])
    const other = places.get(place)
    if (other === undefined) places.set(place, site)
    else if (!reported.has(site.key))
      add(
        'convert/same-place',
        ['sites', site.key],
        `the sites ${other.name} and ${site.name} are both in the namespace ${site.namespace}${site.context === undefined ? '' : ` of ${site.context}`}`,
        site.key === other.key
          ? `set a namespace with the name of the site: namespace: ${site.project}-{{name}}`
          : 'set another namespace or context',
      )
    if (other !== undefined) reported.add(site.key)
  }
  const cycle = cycleIn(neededSites(sites))
  if (cycle !== undefined) {
    const first = sites.find(({ site }) => site.name === cycle[0])?.site.key ?? ''
    add(
      'convert/site-cycle',
      ['sites', first],
      `sites need addresses of each other: ${[...cycle, cycle[0]].join(' -> ')}`,
      `declare where one of them is reached: sites.${cycle[0]}.addresses; or, if a program receives the address at run time, use connectsTo`,
    )
  }
  return diagnostics
}

/**
 * For each site, those that come before it: those to which it connects; if that is a circle, only those whose address is not declared.
 */
export function sitesBefore(all: readonly ConnectedSite[]): ReadonlyMap<string, readonly string[]> {
  const every = new Map(
    all.map(({ site, connections }) => [
      site.name,
      [...new Set(connections.map((one) => one.site).filter((name) => name !== site.name))],
    ]),
  )
  return cycleIn(every) === undefined ? every : neededSites(all)
}

/** For each site, those that it needs first: a declared address is known without the site. */
function neededSites(all: readonly ConnectedSite[]): Map<string, string[]> {
  const declared = ({ site: name, service }: SiteConnection) =>
    all.find(({ site }) => site.name === name)?.site.addresses[service] !== undefined
  return new Map(
    all.map(({ site, connections }) => {
      const needed = connections.filter(
        (one) => one.site !== site.name && !(one.why === 'address' && declared(one)),
      )
      return [site.name, [...new Set(needed.map((one) => one.site))]]
    }),
  )
}

/** Sites that need each other, in the order in which they do. */
function cycleIn(needs: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>()
  const visit = (name: string, above: string[]): string[] | undefined => {
    const at = above.indexOf(name)
    if (at >= 0) return above.slice(at)
    if (done.has(name)) return undefined
    for (const next of needs.get(name) ?? []) {
      const cycle = visit(next, [...above, name])
      if (cycle !== undefined) return cycle
    }
    done.add(name)
    return undefined
  }
  for (const name of needs.keys()) {
    const cycle = visit(name, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}
