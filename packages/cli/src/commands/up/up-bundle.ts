import { GATE_IMAGE } from '@landfall/convert'
import type { Verdict } from '@landfall/deploy'
import { hasErrors } from '@landfall/diagnostic'
import { checkAgainst } from '../../bundle/check/against-cluster.ts'
import { placeIn, verdictWithLines, withLine } from '../../bundle/lines.ts'
import type { BundleDiagnostic } from '../../bundle/manifest.ts'
import { bundleOf, openBundle, refuseProject } from '../../bundle/open.ts'
import { placeOf } from '../../bundle/read/place.ts'
import { requireAnswer, withCluster } from '../../cluster/with-cluster.ts'
import { printBuildFailure } from '../../display/build-failure.ts'
import { displayFor } from '../../display/display-for.ts'
import { gitState } from '../../project/git-state.ts'
import { printDiagnostics } from '../../project/print-problems.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { deployProvided, printVerdict, provideFor, type Session } from './deploy-until-decided.ts'
import type { UpOptions } from './options.ts'

/** `up --bundle`: deploys manifests or a chart in the place of a project. */
export async function upBundle(
  project: string | undefined,
  given: string,
  options: UpOptions,
  terminal: Terminal,
): Promise<number> {
  refuseProject(project, options)
  // what is not there is reported before anything about a cluster
  placeOf(given, terminal)
  const local =
    options.local === undefined
      ? undefined
      : (await import('../../cluster/local-run.ts')).localRun(options, terminal)
  if (local === undefined) await requireAnswer(options, terminal)
  const opened = await openBundle(given, options, terminal, local === undefined)
  const { release, namespace, place } = opened
  const print = (diagnostics: readonly BundleDiagnostic[]): boolean => {
    printDiagnostics(diagnostics, opened.sources, terminal)
    return !hasErrors(diagnostics)
  }
  if (!print(opened.diagnostics)) return EXIT.failed
  const placed = { ...options, namespace }
  const check = async () => {
    const found: BundleDiagnostic[] = []
    const manifests = await withCluster(placed, terminal, namespace, ({ client }) =>
      checkAgainst(client, opened.manifests, namespace, (one) => found.push(one)),
    )
    return print(found) ? manifests : undefined
  }
  const before = local === undefined ? await check() : opened.manifests
  if (before === undefined) return EXIT.failed

  const git = await gitState(place.directory, terminal.env)
  const display = displayFor(terminal)
  const session: Session = {
    options: placed,
    terminal,
    display,
    signal: terminal.interruption(),
    local,
    ...(git && { git }),
  }
  try {
    const provided = await provideFor(session, bundleOf(release, before), GATE_IMAGE)
    if (!provided.ok) {
      display.close()
      printBuildFailure(provided.failure, terminal)
      return EXIT.failed
    }
    const manifests = local === undefined ? before : await check()
    if (manifests === undefined) return EXIT.failed
    const wanted = new Set(bundleOf(release, manifests).objects.keys())
    const objects = new Map([...provided.bundle.objects].filter(([role]) => wanted.has(role)))
    const find = placeIn(manifests)
    const line = (failure: NonNullable<Verdict['failure']>) =>
      withLine(failure, find, opened.sources)
    const verdict = await deployProvided(
      session,
      { ...provided, bundle: { ...provided.bundle, objects } },
      GATE_IMAGE,
      {
        keepChecks: true,
        completedFails: true,
        onEvent: (event) =>
          display.deploy(
            event.type === 'failed' ? { ...event, failure: line(event.failure) } : event,
          ),
      },
    )
    display.close()
    const shown = { origins: new Map(), sources: opened.sources, place: find }
    printVerdict(verdictWithLines(verdict, line), provided.images, shown, terminal)
    return verdict.state === 'ready' ? EXIT.done : EXIT.failed
  } finally {
    display.close()
  }
}
