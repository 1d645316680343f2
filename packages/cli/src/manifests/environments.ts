import { type EnvironmentValues, environmentValues } from '@landfall/convert'
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
  const isWhole = format === 'helm' && options.environment !== undefined
  if (format === 'manifests' || isWhole) return { bundles, drops }
  for (const name of converted.environments ?? []) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name))
      throw new UsageError(
        `the environment ${name} cannot be the name of a file`,
        'use letters, digits, hyphens, dots and underscores in landfall.yaml',
      )
    const environment = await convertEnvironment(converted, name, options, terminal)
    const diagnostics = furtherDiagnostics(converted, environment)
    drops += printProblems({ ...environment, diagnostics }, terminal).length
    const bundle = environment.result?.bundle
    if (bundle === undefined) return undefined
    bundles.set(name, bundle)
  }
  return { bundles, drops }
}

/**
 * Problems of another conversion of a project that the first does not have. Images whose metadata cannot be read are one problem, which names all of
 * them: it is reported once.
 */
export function furtherDiagnostics(first: Converted, other: Converted): Converted['diagnostics'] {
  const known = new Set(first.diagnostics.map((one) => JSON.stringify(one)))
  const isOnce = first.diagnostics.some(({ code }) => code === UNKNOWN_FACTS)
  return other.diagnostics.filter(
    (one) => !known.has(JSON.stringify(one)) && !(isOnce && one.code === UNKNOWN_FACTS),
  )
}

const UNKNOWN_FACTS = 'image/unknown-facts'

/** The environments of a chart as values, by their names. */
export function valuesOfEnvironments(
  base: Bundle,
  environments: ReadonlyMap<string, Bundle>,
): Map<string, EnvironmentValues> {
  return new Map([...environments].map(([name, other]) => [name, environmentValues(base, other)]))
}

/** What to print about environments of a chart, and sites, that values alone do not make. */
export function beyondValues(
  environments: ReadonlyMap<string, EnvironmentValues>,
  sites: ReadonlyMap<string, unknown>,
): string[] {
  return [...environments].flatMap(([name, { beyond }]) =>
    beyond.length === 0
      ? []
      : [
          `note: values-${name}.yaml does not make all of the ${sites.has(name) ? 'site' : 'environment'} ${name}: no value sets the differences of ${shown(beyond)}`,
          `  hint: make a chart of its own with --${sites.has(name) ? 'site' : 'environment'} ${name}`,
        ],
  )
}

const SHOWN = 3

/** `deployment/web, service/web and 2 more` */
export function shown(roles: readonly string[]): string {
  const more = roles.length - SHOWN
  return `${roles.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
