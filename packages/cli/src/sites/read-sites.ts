import { guardedFiles } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { type LoadedSite, loadSites, type SitesResult } from '@landfall/convert'
import { hasErrors } from '@landfall/diagnostic'
import { UsageError } from '../errors.ts'
import { boundaryOf } from '../project/boundary.ts'
import { readProject } from '../project/load.ts'
import type { ProjectOptions } from '../project/options.ts'
import { printDiagnostics } from '../project/print-problems.ts'
import type { Terminal } from '../terminal.ts'

/** The sites of a project, and what is wrong with them or with the project. */
export function loadSitesOf(
  place: string | undefined,
  { site: _, ...options }: ProjectOptions,
  terminal: Terminal,
): SitesResult {
  const machine = nodeFiles()
  const loaded = readProject(place, options, terminal, machine)
  const { project, projectDirectory, origins, environment, diagnostics, sources } = loaded
  if (project === undefined || hasErrors(diagnostics)) return { sites: [], diagnostics, sources }
  const boundary = boundaryOf(loaded.trusted, machine, terminal.env, true)
  const found = loadSites({
    files: guardedFiles(machine, boundary.outside),
    projectDirectory,
    project,
    projectOrigins: origins,
    inactive: loaded.inactiveServices,
    variables: environment,
    ...(options.environment !== undefined && { environment: options.environment }),
  })
  return { ...found, sources: new Map([...sources, ...found.sources]) }
}

/** The sites of a project; undefined, with everything printed, if the project or its sites have errors. */
export function readSites(
  place: string | undefined,
  options: ProjectOptions,
  terminal: Terminal,
): readonly LoadedSite[] | undefined {
  const { sites, diagnostics, sources } = loadSitesOf(place, options, terminal)
  if (!hasErrors(diagnostics)) return sites
  printDiagnostics(diagnostics, sources, terminal)
  return undefined
}

/** The site of a name. Throws a UsageError that lists those that exist. */
export function findSite(name: string, sites: readonly LoadedSite[]): LoadedSite {
  const found = sites.find((site) => site.name === name)
  if (found !== undefined) return found
  throw new UsageError(
    `there is no site ${name}`,
    sites.length === 0
      ? `define it in landfall.yaml under sites.${name}`
      : `its sites: ${shownNames(sites.map((site) => site.name))}`,
  )
}

const MOST_SHOWN = 10

/** `cloud, edge-001, edge-002 and 198 more` */
export function shownNames(names: readonly string[]): string {
  const more = names.length - MOST_SHOWN
  return `${names.slice(0, MOST_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
