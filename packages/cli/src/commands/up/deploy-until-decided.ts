import { GATE_IMAGE } from '@landfall/convert'
import {
  type DeployOptions,
  deployRelease,
  type ReachPort,
  type RevisionNote,
  type Verdict,
} from '@landfall/deploy'
import { fromPointer } from '@landfall/diagnostic'
import { type Bundle, resolveBundle } from '@landfall/kube'
import type { BuildFailure, ImageSource } from '@landfall/local-cluster'
import { probeAddress } from '../../cluster/address.ts'
import type { LocalRun } from '../../cluster/local-run.ts'
import type { Provided } from '../../cluster/provide-local.ts'
import { requirePreflight } from '../../cluster/require-preflight.ts'
import { connectTo } from '../../cluster/target.ts'
import { colourFor } from '../../colour.ts'
import { printBuildFailure } from '../../display/build-failure.ts'
import type { Display } from '../../display/display.ts'
import { renderVerdict, type VerdictProject } from '../../display/verdict.ts'
import { CommandFailed } from '../../errors.ts'
import { rememberOneShots } from '../../images/keep.ts'
import { verdictLine } from '../../output/deploy-event.ts'
import { printLine } from '../../output/print-line.ts'
import { type Converted, convertAgain } from '../../project/read.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { version } from '../../version.ts'
import { holderOf } from '../release/holder.ts'
import type { UpOptions } from './options.ts'
import { provideRemote } from './provide-remote.ts'

/** What stays the same from one deploy of a run to the next. */
export interface Session {
  options: UpOptions
  terminal: Terminal
  display: Display
  signal: AbortSignal
  local: LocalRun | undefined
  /** The same in every deploy of the run, so that it happens once. */
  resetFiles?: DeployOptions['resetFiles']
  /** Where the working tree of the project was at the start. */
  git?: RevisionNote['git']
  /** Changes a bundle before each deploy. */
  adjust?: (bundle: Bundle) => Bundle
  /** Called with the last verdict before it is printed: why the release is not ready all the same, or undefined. */
  confirm?: (verdict: Verdict) => Promise<string | undefined>
  /** How many revisions are kept; as many as at the last deploy if omitted. */
  history?: number
}

/**
 * Deploys, and once more as a Job what turned out to be a one-shot: a program that ended well and that its restart
 * policy leaves ended. Each round makes at least one Job more, so there are as many as services at most.
 */
export async function deployUntilDecided(
  session: Session,
  converted: Converted,
  bundle: Bundle,
): Promise<number> {
  const { options, terminal, display } = session
  const checkImage = converted.settings?.gate?.image ?? GATE_IMAGE
  const deployed = await deployOnce(session, session.adjust?.(bundle) ?? bundle, checkImage)
  if (!deployed.ok) {
    display.close()
    printBuildFailure(deployed.failure, terminal)
    return EXIT.failed
  }
  const { verdict, images } = deployed
  const completed = (verdict.failure?.completed ?? []).map(serviceOf)
  const known = [...(converted.oneShots ?? []), ...completed]
  const again =
    completed.length === 0 ? undefined : await convertAgain(converted, known, options, terminal)
  if (again?.result?.bundle !== undefined) {
    display.say(
      `${completed.join(', ')} exited with code 0: ${completed.length === 1 ? 'a one-shot that runs as a Job' : 'one-shots that run as Jobs'} from now on`,
    )
    rememberOneShots(converted, completed, terminal)
    return deployUntilDecided(session, again, again.result.bundle)
  }
  const problem = await session.confirm?.(verdict)
  display.close()
  if (problem !== undefined) throw new CommandFailed(problem)
  const { origins, settingsOrigins, sources } = converted
  const project = { origins, sources, ...(settingsOrigins && { settingsOrigins }) }
  printVerdict(verdict, images, project, terminal)
  return verdict.state === 'ready' ? EXIT.done : EXIT.failed
}

/** The key of a service, of `compose.yaml#/services/w`. */
function serviceOf(source: string): string {
  return fromPointer(source.slice(source.indexOf('#') + 1))[1] ?? ''
}

type Ready = Extract<Provided, { ok: true }> & { reachPort?: ReachPort }

async function deployOnce(
  session: Session,
  bundle: Bundle,
  checkImage: string,
): Promise<
  | { ok: true; verdict: Verdict; images: readonly ImageSource[] }
  | { ok: false; failure: BuildFailure }
> {
  const provided = await provideFor(session, bundle, checkImage)
  if (!provided.ok) return provided
  const verdict = await deployProvided(session, provided, checkImage)
  return { ok: true, verdict, images: provided.images }
}

/** Makes a cluster able to pull the images of a bundle, and starts a local one. */
export async function provideFor(
  { options, terminal, display, local }: Session,
  bundle: Bundle,
  checkImage: string,
): Promise<Ready | { ok: false; failure: BuildFailure }> {
  const provided: Provided & { reachPort?: ReachPort } = await (local === undefined
    ? provideRemote(bundle, checkImage, options, terminal, display)
    : local.provide(bundle, checkImage, display))
  if (!provided.ok) return provided
  for (const { image, from, detail } of provided.images)
    if (from === 'missing') display.say(`warning: image ${image} not found: ${detail}`)
  return provided
}

/** Deploys a bundle whose images the cluster can pull; `more` are settings of the deploy that only some bundles have. */
export async function deployProvided(
  { options, terminal, display, signal, resetFiles, git, history }: Session,
  { bundle, reachPort }: Ready,
  checkImage: string,
  more: Partial<DeployOptions> = {},
): Promise<Verdict> {
  const namespace = options.namespace ?? bundle.name
  const connection = await connectTo(options, terminal, namespace)
  try {
    const objects = [...resolveBundle(bundle).values()]
    await requirePreflight({ client: connection.client, objects, namespace })
    return await deployRelease({
      client: connection.client,
      objects,
      release: bundle.name,
      namespace,
      onEvent: display.deploy,
      signal,
      probeAddress,
      checkImage,
      checks: { image: checkImage, checks: bundle.checks },
      uploads: bundle.uploads,
      holder: holderOf('up'),
      keep: options.keep === true,
      forceConflicts: options.forceConflicts === true,
      note: {
        version,
        ...(options.environment !== undefined && { environment: options.environment }),
        ...(options.note !== undefined && { note: options.note }),
        ...(git && { git }),
      },
      ...(history !== undefined && { history }),
      ...(resetFiles && { resetFiles }),
      ...(reachPort && { reachPort }),
      ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
      ...more,
    })
  } finally {
    await connection.close()
  }
}

/** Prints a verdict: for people with the lines of what was deployed, for programs as one line of JSON. */
export function printVerdict(
  verdict: Verdict,
  images: readonly ImageSource[],
  project: VerdictProject,
  terminal: Terminal,
): void {
  const { stdout, env } = terminal
  if (terminal.output === 'json') printLine(verdictLine(verdict, images), terminal)
  else stdout.write(renderVerdict(verdict, images, project, colourFor(stdout, env)))
}
