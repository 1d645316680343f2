import {
  deployedImages,
  diffRelease,
  diffRevisions,
  diffToRevision,
  NoRevisionError,
  type ReleaseDiff,
} from '@landfall/deploy'
import { hasErrors } from '@landfall/diagnostic'
import { resolveBundle } from '@landfall/kube'
import type { Command } from 'commander'
import type { BundleDiagnostic } from '../../bundle/manifest.ts'
import { addTarget, positiveInteger, type TargetOptions } from '../../cluster/options.ts'
import { checkTarget } from '../../cluster/target.ts'
import { withCluster } from '../../cluster/with-cluster.ts'
import { colourFor } from '../../colour.ts'
import { renderDiff } from '../../display/diff.ts'
import { Trouble, UsageError } from '../../errors.ts'
import { type DiffEnds, diffLine } from '../../output/diff.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { withDeployedImages } from '../../project/deployed-images.ts'
import { addComposeOptions, addConversion, type ProjectOptions } from '../../project/options.ts'
import { printDiagnostics, printProblems } from '../../project/print-problems.ts'
import { type Converted, readAndConvert } from '../../project/read.ts'
import { type ReleasePlace, releaseOf } from '../../project/release.ts'
import { revisionsIn } from '../../project/revisions-in.ts'
import { EXIT, type Terminal } from '../../terminal.ts'

interface DiffOptions extends ProjectOptions, TargetOptions {
  to?: number
  bundle?: string
}

export function define(command: Command, terminal: Terminal): void {
  command
    .argument('[PROJECT]', 'project directory, or Compose file; or the number of a revision')
    .argument('[REVISION]', 'after the number of a revision: the one to compare it with')
    .argument('[PROJECT]', 'the project of two revisions')
  addOutput(
    addTarget(addConversion(addComposeOptions(command))).description(
      'Shows field by field what `landfall up` would change in the cluster; with --to, what `landfall rollback` would change; with two revisions, what changed between them. Changes nothing.',
    ),
    terminal,
  )
    .option(
      '--bundle <path>',
      'compare the cluster with manifests or a chart, as for `landfall up`',
    )
    .option('--to <revision>', 'compare the cluster with this revision', positiveInteger)
    .addHelpText(
      'after',
      `
Exit codes: 0 no difference · 1 some differences · 2 the comparison failed. Values of Secrets and contents of files are not
shown. The API server computes the changes of a project (dry run). Images that \`landfall up\` builds are not compared.`,
    )
    .action(async (first, second, third, options: DiffOptions) => {
      try {
        terminal.exitCode = await diff([first, second, third], options, terminal)
      } catch (error) {
        throw new Trouble(error)
      }
    })
}

async function diff(
  words: readonly (string | undefined)[],
  options: DiffOptions,
  terminal: Terminal,
): Promise<number> {
  const { revisions, places } = revisionsIn(words)
  const [place, ...otherPlaces] = places
  const [from, to] = revisions
  if (otherPlaces.length > 0) throw new UsageError('diff takes one project')
  if (revisions.length === 1)
    throw new UsageError(
      'diff takes two revisions, or none',
      `--to ${from} compares the cluster with revision ${from}`,
    )
  if (revisions.length > 2) throw new UsageError('diff takes two revisions')
  if (from !== undefined && options.to !== undefined)
    throw new UsageError('--to and two revisions exclude each other')
  if (options.bundle !== undefined) {
    if (options.site !== undefined)
      throw new UsageError('--bundle has no sites', 'use --context and --namespace instead')
    if (from !== undefined || options.to !== undefined)
      throw new UsageError('--bundle and revisions exclude each other')
    return diffBundle(place, options.bundle, options, terminal)
  }
  if (from === undefined && options.to === undefined) return diffProject(place, options, terminal)
  const found = await releaseOf(place, options, terminal)
  if (found === undefined) return EXIT.usage
  const ends: DiffEnds =
    from === undefined ? { to: options.to as number } : { from, to: to as number }
  const signal = terminal.interruption()
  try {
    const result = await withCluster(options, terminal, found.namespace, ({ client }) => {
      const at = { client, ...found, signal }
      return from === undefined
        ? diffToRevision({ ...at, to: options.to as number })
        : diffRevisions({ ...at, from, to: to as number })
    })
    return print(found, ends, result, terminal)
  } catch (error) {
    if (error instanceof NoRevisionError)
      throw new UsageError(error.message, '`landfall history` lists the revisions')
    throw error
  }
}

async function diffProject(
  place: string | undefined,
  given: DiffOptions,
  outer: Terminal,
): Promise<number> {
  const { publishedAtSite } = await import('../../sites/published-at-site.ts')
  const at = await publishedAtSite(place, given, outer)
  if (at === undefined) return EXIT.usage
  const { options, terminal, adjust } = at
  const converted = await convertForTarget(place, options, terminal)
  const drops = printProblems(converted, terminal, { uploads: true })
  const bundle = converted.result?.bundle
  if (bundle === undefined) return EXIT.usage
  if (drops.length > 0) return EXIT.dangerousDrop
  const namespace = options.namespace ?? bundle.name
  const found = { release: bundle.name, namespace }
  const signal = terminal.interruption()
  const result = await withCluster(options, terminal, namespace, async ({ client }) => {
    const at = { client, ...found, signal }
    const pinned = withDeployedImages(adjust(bundle), await deployedImages(at))
    const objects = [...resolveBundle(pinned).values()]
    // only the image of the test pod is missing, which decides nothing
    const checks = { image: '', checks: bundle.checks }
    return diffRelease({ ...at, objects, uploads: bundle.uploads, checks })
  })
  return print(found, {}, result, terminal)
}

async function diffBundle(
  project: string | undefined,
  given: string,
  options: DiffOptions,
  terminal: Terminal,
): Promise<number> {
  const [{ openBundle, refuseProject }, { checkAgainst }] = await Promise.all([
    import('../../bundle/open.ts'),
    import('../../bundle/check/against-cluster.ts'),
  ])
  refuseProject(project, options)
  const opened = await openBundle(given, options, terminal, true)
  const { release, namespace, sources } = opened
  printDiagnostics(opened.diagnostics, sources, terminal)
  if (hasErrors(opened.diagnostics)) return EXIT.usage
  const signal = terminal.interruption()
  const result = await withCluster(options, terminal, namespace, async ({ client }) => {
    const found: BundleDiagnostic[] = []
    const report = (one: BundleDiagnostic) => void found.push(one)
    const manifests = await checkAgainst(client, opened.manifests, namespace, report, signal)
    printDiagnostics(found, sources, terminal)
    if (hasErrors(found)) return undefined
    const objects = manifests.map(({ object }) => object)
    return diffRelease({ client, release, namespace, objects, keepChecks: true, signal })
  })
  if (result === undefined) return EXIT.usage
  return print({ release, namespace }, {}, result, terminal)
}

/** Loads and converts the project as `landfall up` would with the same options. */
async function convertForTarget(
  place: string | undefined,
  options: DiffOptions,
  terminal: Terminal,
): Promise<Converted> {
  if (options.local === undefined) return readAndConvert(place, options, terminal)
  checkTarget(options)
  const [{ localOptions, runningLocal }, { convertForRunningLocal }] = await Promise.all([
    import('../../cluster/local.ts'),
    import('../../images/local-facts.ts'),
  ])
  const cluster = runningLocal(localOptions(terminal, options))
  return convertForRunningLocal(place, options, terminal, cluster)
}

function print(
  place: ReleasePlace,
  ends: DiffEnds,
  result: ReleaseDiff,
  terminal: Terminal,
): number {
  const { stdout, env } = terminal
  if (terminal.output === 'json') printLine(diffLine(place, ends, result), terminal)
  else stdout.write(renderDiff(result, colourFor(stdout, env)))
  const { changes, foreign, checks } = result
  return changes.length + foreign.length + checks.length > 0 ? EXIT.failed : EXIT.done
}
