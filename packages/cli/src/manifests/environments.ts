import type { Bundle } from '@landfall/kube'
import { UsageError } from '../errors.ts'
import type { ProjectOptions } from '../project/options.ts'
import { printProblems } from '../project/print-problems.ts'
import { type Converted, convertEnvironment } from '../project/read.ts'
import type { Terminal } from '../terminal.ts'
import type { Format } from './formats.ts'

/** The project in each of its environments, and how many dangerous drops they have that the project itself does not have. */
interface Environments {
  bundles: ReadonlyMap<string, Bundle>
  drops: number
}

/**
 * Converts a project for each of its environments, if the format has them, and prints the problems that the project itself does not have. Undefined if
 * one of them cannot be converted. Throws a UsageError for an environment whose name cannot be that of a directory.
 */
export async function bundlesOfEnvironments(
  converted: Converted,
  { format, ...options }: ProjectOptions & { format: Format },
  terminal: Terminal,
): Promise<Environments | undefined> {
  const bundles = new Map<string, Bundle>()
  let drops = 0
  if (format !== 'kustomize') return { bundles, drops }
  const known = new Set(converted.diagnostics.map((one) => JSON.stringify(one)))
  for (const name of converted.environments ?? []) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name))
      throw new UsageError(
        `the environment ${name} cannot be the name of a directory`,
        'use letters, digits, hyphens, dots and underscores in landfall.yaml',
      )
    const environment = await convertEnvironment(converted, name, options, terminal)
    const diagnostics = environment.diagnostics.filter((one) => !known.has(JSON.stringify(one)))
    drops += printProblems({ ...environment, diagnostics }, terminal).length
    const bundle = environment.result?.bundle
    if (bundle === undefined) return undefined
    bundles.set(name, bundle)
  }
  return { bundles, drops }
}
