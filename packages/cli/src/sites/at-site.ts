import type { LoadedSite } from '@landfall/convert'
import type { TargetOptions } from '../cluster/options.ts'
import type { ProjectOptions } from '../project/options.ts'
import type { Terminal } from '../terminal.ts'
import { findSite, readSites } from './read-sites.ts'

/** Options and a terminal with which a command works at a site. */
export interface AtSite<Options> {
  options: Options
  terminal: Terminal
}

/**
 * Options with the cluster, the namespace and the name of the project of the site that they mean; as they are without one. What the command line says counts more.
 * Undefined, with everything printed, if the project has errors.
 */
export function atSite<Options extends ProjectOptions & TargetOptions>(
  place: string | undefined,
  options: Options,
  terminal: Terminal,
): AtSite<Options> | undefined {
  if (options.site === undefined) return { options, terminal }
  const sites = readSites(place, options, terminal)
  return sites && placedAt(findSite(options.site, sites), options, terminal)
}

/** The same for a site that is known. */
export function placedAt<Options extends ProjectOptions & TargetOptions>(
  { name, context, namespace, project, variables }: LoadedSite,
  options: Options,
  terminal: Terminal,
): AtSite<Options> {
  const target = options.local === undefined && options.context === undefined ? context : undefined
  return {
    options: {
      ...options,
      site: name,
      namespace: options.namespace ?? namespace,
      projectName: options.projectName ?? project,
      ...(target !== undefined && { context: target }),
    },
    terminal: { ...terminal, env: { ...terminal.env, ...variables } },
  }
}
