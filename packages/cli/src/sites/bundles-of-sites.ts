import type { Bundle } from '@landfall/kube'
import { UsageError } from '../errors.ts'
import { furtherDiagnostics } from '../manifests/environments.ts'
import type { Format } from '../manifests/formats.ts'
import type { ProjectOptions } from '../project/options.ts'
import { printProblems } from '../project/print-problems.ts'
import { type Converted, readAndConvert } from '../project/read.ts'
import type { Terminal } from '../terminal.ts'
import { loadSitesOf } from './read-sites.ts'

/** The project at each of its sites, and how many dangerous drops they have that the project itself does not have. */
interface Sites {
  bundles: ReadonlyMap<string, Bundle>
  drops: number
  /** What to print about sites that are left out. */
  lines: string[]
}

/**
 * Converts a project for each of its sites, if the format has them and none was chosen, and prints the problems that the project itself does not have. A site that cannot be
 * converted, because an address is not declared, is left out. Throws a UsageError for a site with the name of an environment.
 */
export async function bundlesOfSites(
  place: string | undefined,
  base: Converted,
  options: ProjectOptions & { format: Format },
  terminal: Terminal,
): Promise<Sites> {
  const result = { bundles: new Map<string, Bundle>(), drops: 0, lines: [] as string[] }
  const isWhole = options.format === 'manifests' || options.site !== undefined
  if (isWhole || base.hasSites !== true) return result
  for (const { name, variables } of loadSitesOf(place, options, terminal).sites) {
    if (base.environments?.includes(name))
      throw new UsageError(
        `${name} is the name of an environment and of a site`,
        'rename one of them in landfall.yaml: both have a file of that name',
      )
    const there = { ...terminal, env: { ...terminal.env, ...variables } }
    const site = await readAndConvert(
      place,
      { ...options, site: name, requireAddresses: true },
      there,
    )
    const diagnostics = furtherDiagnostics(base, site)
    const bundle = site.result?.bundle
    if (bundle === undefined) {
      const why = diagnostics.find(({ severity }) => severity === 'error')
      result.lines.push(
        `note: no values for the site ${name}: ${why?.message ?? 'it has errors'}`,
        `  hint: ${why?.hint ?? `landfall check --site ${name}`}`,
      )
      continue
    }
    result.drops += printProblems({ ...site, diagnostics }, terminal).length
    result.bundles.set(name, bundle)
  }
  return result
}
