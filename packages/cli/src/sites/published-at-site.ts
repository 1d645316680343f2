import type { Bundle } from '@landfall/kube'
import type { TargetOptions } from '../cluster/options.ts'
import type { ProjectOptions } from '../project/options.ts'
import type { Terminal } from '../terminal.ts'
import { type AtSite, placedAt } from './at-site.ts'
import { readPublished } from './reach.ts'
import { findSite, readSites } from './read-sites.ts'
import { readRestarts } from './restarts.ts'

interface Published<Options> extends AtSite<Options> {
  /** What changes in the objects with the pods of other sites. */
  adjust: (bundle: Bundle) => Bundle
}

/**
 * The options and the terminal for a site as `up` would use them, without a test of the addresses; as they are without a site. Undefined, with everything printed, if
 * the project has errors.
 */
export async function publishedAtSite<Options extends ProjectOptions & TargetOptions>(
  place: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<Published<Options> | undefined> {
  if (options.site === undefined) return { options, terminal, adjust: (bundle) => bundle }
  const sites = readSites(place, options, terminal)
  if (sites === undefined) return undefined
  const site = findSite(options.site, sites)
  const at = placedAt(site, options, terminal)
  const input = { site, sites, options, terminal }
  const reachedAt = await readPublished(input)
  return {
    options: { ...at.options, reachedAt, requireAddresses: true },
    terminal: at.terminal,
    adjust: await readRestarts(input),
  }
}
