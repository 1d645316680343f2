import { type Clock, type KubeClient, machineClock } from '@landfall/kube'
import type { ProbeAddress, ReachPort } from '../answers/addresses.ts'
import { patientClient } from '../apply/patiently.ts'
import type { DeployEvent, Failure, Verdict } from '../events.ts'
import { type History, openHistory } from '../release/history.ts'
import { type Hold, type Holder, heldClient } from '../release/hold.ts'
import { whatLasts } from '../release/lasting.ts'
import { LeaseForbiddenError, TakenOverError } from '../release/lease.ts'
import { readNamespace } from '../release/namespace.ts'
import { openRelease } from '../release/open.ts'
import type { ReleaseReference } from '../release/release.ts'
import type { RevisionNote } from '../release/revisions.ts'
import { followServer, type Heartbeat } from '../wait/heartbeat.ts'
import { abortAfter } from './abort-after.ts'
import { type AttemptOptions, attempt, type Deadline, notInTime, type Outcome } from './attempt.ts'

/** What deploying a release, new or old, needs. */
export interface ReleaseOptions {
  client: KubeClient
  /** Name of the release: the project's. */
  release: string
  namespace: string
  onEvent?: (event: DeployEvent) => void
  /** Probes a published address; if omitted, published ports are not probed. */
  probeAddress?: ProbeAddress
  /** An image with sh and curl, in which it is tested inside the cluster whether services answer; if omitted, that is not tested. */
  checkImage?: string
  /** Names or addresses of the nodes as they are reached from here; by default those that the cluster reports. */
  hosts?: readonly string[]
  /** Ways to published ports that the cluster does not report itself. */
  reachPort?: ReachPort
  /** Gives up so many milliseconds after the first request; never if omitted. */
  timeoutMs?: number
  /** Who deploys, as other commands on the same release show it; a user of the library without a name if omitted. */
  holder?: Holder
  /** What is recorded of the revision. */
  note?: RevisionNote
  /** How many revisions are kept; as many as at the last deploy, or 10, if omitted. */
  history?: number
  /** A program that has done its work and may end is a failure like any other, because the project cannot be converted again. */
  completedFails?: boolean
  signal?: AbortSignal
  /** The machine's if omitted. */
  clock?: Clock
}

/** A release that is held, with its history. */
export interface OpenedRelease {
  reference: ReleaseReference
  history: History
  onEvent: (event: DeployEvent) => void
  clock: Clock
  /** Makes the release something else, as its next revision; `of` is the one that it repeats. */
  attempt(
    what: Pick<AttemptOptions, 'kinds' | 'want' | 'deadline' | 'othersFields' | 'checks'> & {
      of?: number
    },
  ): Promise<Attempted>
}

/** How an attempt ended, and what it did. */
export interface Attempted extends Outcome {
  revision?: number
  /** What going back does not undo. */
  lasting: string[]
  /** The trees that it copied into their claims, as the Compose file writes them. */
  copied: ReadonlySet<string>
}

/** Holds a release while some work deploys it, and reports the verdict. */
export async function withRelease(
  options: ReleaseOptions,
  command: string,
  work: (open: OpenedRelease) => Promise<Omit<Verdict, 'ms'>>,
): Promise<Verdict> {
  const { release, namespace, onEvent = () => {}, timeoutMs } = options
  const clock = options.clock ?? machineClock
  const reference = { release, namespace }
  const holder = options.holder ?? { identity: `library/${crypto.randomUUID()}`, command }
  const beganAt = clock.now()
  const deadline: Deadline | undefined =
    timeoutMs === undefined ? undefined : { at: beganAt + timeoutMs, timeoutMs }
  const late = abortAfter(timeoutMs, clock)
  const signal = AbortSignal.any([late.signal, ...(options.signal ? [options.signal] : [])])
  const conclude = (verdict: Omit<Verdict, 'ms'>, ms: number): Verdict => {
    const whole = { ...verdict, ms: Math.round(ms - (verdict.watchedMs ?? 0)) }
    onEvent({ type: 'verdict', verdict: whole })
    return whole
  }
  const over = new AbortController()
  const server = followServer(
    options.client,
    namespace,
    onEvent,
    clock,
    AbortSignal.any([over.signal, ...(options.signal ? [options.signal] : [])]),
  )
  let doing = `reading namespace ${namespace}`
  let hold: Hold | undefined
  let opened = false
  try {
    // a server that cannot be reached at all is not waited for
    await readNamespace(options.client, namespace, signal)
    const patient = patientClient(options.client, clock, signal)
    const open = await openRelease({
      client: patient,
      reference,
      holder,
      onEvent,
      clock,
      signal,
      onDoing: (now) => {
        doing = now
      },
    })
    hold = open.hold
    const history = await openHistory({
      client: patient,
      reference,
      holder,
      note: options.note ?? {},
      ...(options.history !== undefined && { keep: options.history }),
      onEvent,
      signal,
    })
    opened = true
    late.cancel()
    let endedAt: number | undefined
    const verdict = await work({
      reference,
      history,
      onEvent,
      clock,
      async attempt(what) {
        const within = deadline === undefined ? what : { deadline, ...what }
        const attempted = await oneAttempt(
          options,
          { ...open, server },
          history,
          { clock, onEvent },
          within,
        )
        endedAt ??= clock.now()
        return attempted
      },
    })
    return conclude(verdict, (endedAt ?? clock.now()) - beganAt)
  } catch (error) {
    const failed = (failure: Failure): Verdict => {
      onEvent({ type: 'failed', failure })
      return conclude({ state: 'failed', failure, addresses: [] }, clock.now() - beganAt)
    }
    if (error instanceof LeaseForbiddenError) return failed(notAllowed(error))
    if (await isNamespaceGone(error, options)) return failed(namespaceGone(namespace))
    if (opened || !late.signal.aborted || options.signal?.aborted) throw error
    return failed(notInTime(timeoutMs, namespace, doing, server.lost()))
  } finally {
    over.abort()
    late.cancel()
    await hold?.end().catch(() => {})
  }
}

async function oneAttempt(
  options: ReleaseOptions,
  { hold, made, server }: { hold: Hold; made: boolean; server: Heartbeat },
  history: History,
  { clock, onEvent }: { clock: Clock; onEvent: (event: DeployEvent) => void },
  what: Parameters<OpenedRelease['attempt']>[0],
): Promise<Attempted> {
  const { release, namespace } = options
  let lasting: string[] = []
  const copied = new Set<string>()
  const otherChecks = await history.hasOtherChecks(what.checks)
  const outcome = await attempt({
    ...options,
    ...what,
    otherChecks,
    hold,
    server,
    made,
    jobRevisions: history.keep,
    reference: { release, namespace },
    clock,
    onEvent(event) {
      if (event.type === 'copy' && event.state === 'done') copied.add(event.tree)
      onEvent(event)
    },
    async onPlan(plan, wanted, client) {
      lasting = whatLasts(plan.operations, wanted.objects)
      const { of, checks } = what
      const content = { objects: wanted.objects, ...(checks && { checks }) }
      await history.begin(client, plan, content, { otherChecks, ...(of !== undefined && { of }) })
    },
  })
  const { failure } = outcome
  if (failure?.completed !== undefined) onEvent({ type: 'completed', sources: failure.completed })
  else if (failure !== undefined) onEvent({ type: 'failed', failure })
  // a deploy whose time is over waits no longer
  const patienceMs = failure?.code === 'deploy/not-ready' ? 0 : undefined
  const held = heldClient(options.client, hold)
  await history.end(patientClient(held, clock, options.signal, patienceMs), outcome)
  const revision = history.current()
  return { ...outcome, ...(revision !== undefined && { revision }), lasting, copied }
}

function notAllowed({ object, message, hint }: LeaseForbiddenError): Failure {
  return { object, code: 'deploy/forbidden', reason: 'Forbidden', message, hint }
}

/** Whether a command lost its Lease because somebody deletes the namespace. */
async function isNamespaceGone(
  error: unknown,
  { client, namespace, signal }: ReleaseOptions,
): Promise<boolean> {
  if (!(error instanceof TakenOverError) || !error.isGone) return false
  const found = await readNamespace(client, namespace, signal)
  return found === undefined || found.metadata.deletionTimestamp !== undefined
}

function namespaceGone(namespace: string): Failure {
  return {
    object: `namespace/${namespace}`,
    code: 'deploy/kind-not-found',
    reason: 'NotFound',
    message: `namespace ${namespace} was deleted during the deploy`,
    hint: 'run the command again to create the namespace, if it is not another user who deletes it',
  }
}
