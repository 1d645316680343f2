import {
  componentConflicts,
  oneAtATime,
  togetherBeyond,
  type WithProfiles,
  withProfiles,
} from '@landfall/convert'
import type { Bundle } from '@landfall/kube'
import { dangerousDrops } from '../project/dangerous-drops.ts'
import type { ProjectOptions } from '../project/options.ts'
import { printProblems } from '../project/print-problems.ts'
import { type Converted, readAndConvert } from '../project/read.ts'
import type { Terminal } from '../terminal.ts'
import { furtherDiagnostics, shown } from './environments.ts'
import type { Format } from './formats.ts'

/** A project with each of its profiles that are not active. */
interface Profiles {
  /** The bundle of the project; of a chart, with switches for the profiles. */
  bundle: Bundle
  /** The bundles of those which are offered, by their names. */
  bundles: ReadonlyMap<string, Bundle>
  converted: readonly Converted[]
  /** What to print about those which are not offered. */
  lines: string[]
}

interface ProfileOptions extends ProjectOptions {
  format: Format
}

/**
 * Converts a project with each of the profiles that are not active, if the format has them, and prints the problems that the project itself does
 * not have. A profile with errors, or with drops that are not accepted, is not offered.
 */
export async function bundlesOfProfiles(
  place: string | undefined,
  base: Converted,
  bundle: Bundle,
  options: ProfileOptions,
  terminal: Terminal,
): Promise<Profiles> {
  const result: Profiles = { bundle, bundles: new Map(), converted: [], lines: [] }
  const { format } = options
  if (format === 'manifests' || base.loaded.profiles.length === 0) return result
  const convert = (profiles: readonly string[]) =>
    readAndConvert(
      place,
      { ...options, profile: [...activeProfiles(base, options), ...profiles] },
      terminal,
    )
  const bundles = new Map<string, Bundle>()
  const converted: Converted[] = []
  for (const profile of base.loaded.profiles) {
    if (format === 'kustomize' && !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(profile)) {
      result.lines.push(
        `note: the profile ${profile} is not a component: its name is not one of a directory`,
      )
      continue
    }
    const one = await convert([profile])
    const found = one.result?.bundle
    if (found === undefined || hasFurtherDrops(base, one)) {
      result.lines.push(...problemLines(profile, found === undefined, format))
      continue
    }
    printFurther(base, one, terminal)
    bundles.set(profile, found)
    converted.push(one)
  }
  if (format === 'kustomize')
    return {
      ...result,
      bundles,
      converted,
      lines: [...result.lines, ...conflictLines(bundle, bundles)],
    }
  const switches = withProfiles(bundle, bundles)
  const lines = [...result.lines, ...beyondLines(switches)]
  const all = switches.offered.length > 1 ? await convert(switches.offered) : undefined
  const roles = all?.result?.bundle === undefined ? [] : togetherBeyond(switches, all.result.bundle)
  const isApart = all !== undefined && (all.result?.bundle === undefined || roles.length > 0)
  if (!isApart) return { ...switches, bundles, converted, lines }
  const why =
    roles.length > 0 ? `together they change ${shown(roles)}` : 'together they have errors'
  lines.push(
    `note: one of the profiles ${switches.offered.join(', ')} of the chart can be on at a time: ${why}`,
    '  hint: make a chart of the profiles that run together with --profile',
  )
  return { bundle: oneAtATime(switches.bundle), bundles, converted, lines }
}

/** The profiles that are active already: an option takes the place of the variable. */
function activeProfiles({ loaded }: Converted, { profile }: ProjectOptions): string[] {
  if (profile !== undefined && profile.length > 0) return profile
  return (loaded.environment.COMPOSE_PROFILES ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

/** Whether a profile drops what the project itself does not drop. */
function hasFurtherDrops(base: Converted, one: Converted): boolean {
  const known = new Set(dangerousDrops(base.result?.ledger ?? []).map(({ path }) => path))
  return dangerousDrops(one.result?.ledger ?? []).some(({ path }) => !known.has(path))
}

function printFurther(base: Converted, one: Converted, terminal: Terminal): void {
  const diagnostics = furtherDiagnostics(base, one)
  const { result: _, ...rest } = one
  printProblems({ ...rest, diagnostics }, terminal)
}

const WORDS = { helm: 'value of the chart', kustomize: 'component', manifests: '' }

function problemLines(profile: string, hasErrors: boolean, format: Format): string[] {
  const why = hasErrors ? 'it has errors' : 'it drops keys that are not accepted'
  return [
    `note: the profile ${profile} is not a ${WORDS[format]}: ${why}`,
    `  hint: landfall check --profile ${profile}`,
  ]
}

function conflictLines(base: Bundle, bundles: ReadonlyMap<string, Bundle>): string[] {
  return componentConflicts(base, bundles).flatMap(({ profiles: [a, b], roles }) => [
    `note: components/${a} and components/${b} cannot be used together: both have or change ${shown(roles)}`,
    `  hint: write a base with both: --profile ${a} --profile ${b}`,
  ])
}

function beyondLines({ beyond }: WithProfiles): string[] {
  return beyond.flatMap(({ profile, roles }) => [
    `note: the profile ${profile} is not a ${WORDS.helm}: no value makes the differences of ${shown(roles)}`,
    `  hint: make a chart of its own with --profile ${profile}`,
  ])
}
