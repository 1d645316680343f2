import { hasErrors } from '@landfall/diagnostic'
import type { TargetOptions } from '../cluster/options.ts'
import type { Terminal } from '../terminal.ts'
import type { ProjectOptions } from './options.ts'
import { printDiagnostics } from './print-problems.ts'

/** A release and the namespace that it lives in. */
export interface ReleasePlace {
  release: string
  namespace: string
}

/**
 * The release that a project became, and its namespace; undefined with everything printed when the project has no name. With a site, the options get its cluster
 * and its namespace.
 */
export async function releaseOf(
  place: string | undefined,
  options: ProjectOptions & TargetOptions,
  terminal: Terminal,
): Promise<ReleasePlace | undefined> {
  if (options.site !== undefined) {
    const { atSite } = await import('../sites/at-site.ts')
    const at = atSite(place, options, terminal)
    if (at === undefined) return undefined
    const { namespace, projectName = '' } = Object.assign(options, at.options)
    return { release: projectName, namespace: namespace ?? projectName }
  }
  const named = place === undefined && (options.file ?? []).length === 0
  if (named && options.projectName !== undefined) return reference(options.projectName, options)
  const { readProject } = await import('./load.ts')
  const { project, diagnostics, sources } = readProject(place, options, terminal)
  if (project === undefined) {
    printDiagnostics(diagnostics, sources, terminal)
    return undefined
  }
  // What runs was made from an earlier state of the files: their errors of now do not matter here.
  if (hasErrors(diagnostics))
    terminal.stderr.write('The project has errors; only its name is used.\n')
  return reference(project.name, options)
}

function reference(release: string, { namespace }: TargetOptions): ReleasePlace {
  return { release, namespace: namespace ?? release }
}
