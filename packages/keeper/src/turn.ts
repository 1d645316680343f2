import {
  isRefusal,
  KEEPER,
  type KeeperSettings,
  type KeptService,
  type KubeObject,
  withAct,
} from '@landfall/kube'
import type { Acts, Target } from './act.ts'
import { nextStep } from './again.ts'
import { ask } from './ask.ts'
import {
  type Asked,
  decideEffects,
  dueTests,
  forgotten,
  goneNotes,
  noteAnswer,
  undecided,
  type Watched,
  watchedIn,
} from './effects.ts'
import { decideRestarts } from './restarts.ts'
import { type Workload, type World, workloadKey } from './world.ts'

export interface TurnOptions {
  settings: KeeperSettings
  acts: Acts
  /** Milliseconds since 1970. */
  now(): number
  log(line: string): void
  /** The world as it is at the moment. */
  world(): World
  /** Takes over an object as a write has left it: its watch reports it later. */
  update(object: KubeObject): void
  /** Called when a test has ended. */
  onAnswer(): void
}

/** After an act that was refused or did not arrive. */
const RETRY_MS = 2_000

/** While a Job is deleted and created again. */
const STEP_MS = 500

/** A look at the world, and what has to be done then. Gives the time of the next one if nothing changes until then, in milliseconds since 1970. */
export function turnOf(options: TurnOptions): () => Promise<number | undefined> {
  const { settings, acts, log, now, world, update, onAnswer } = options
  const asked = new Map<string, Asked>()
  const asking = new Set<string>()
  const told = new Map<string, string>()
  /** Times of restarts of which no answer has come, by workload and reason. */
  const unanswered = new Map<string, string>()
  let retryAt = 0
  /** Tries an act; one that fails is reported once, and tried again. */
  const attempt = async (what: string, act: () => Promise<void>): Promise<void> => {
    try {
      await act()
      told.delete(what)
    } catch (error) {
      const { message } = error as Error
      if (told.get(what) !== message) log(`${what} failed, and is tried again: ${message}`)
      told.set(what, message)
      retryAt = now() + RETRY_MS
    }
  }
  const report = (target: Target, reason: string, message: string, at: string): void => {
    log(`${reason} ${target.kind.toLowerCase()}/${target.workload}: ${message}`)
    acts.event(target, reason, message, at).catch((error) => {
      if (!isRefusal(error, 'AlreadyExists')) log(`an event was not written: ${error.message}`)
    })
  }
  const restart = (kept: KeptService, record: Workload['record'], why: string) =>
    attempt(`restart of ${kept.workload}`, async () => {
      const target = targetOf(kept, world())
      if (target === undefined) return
      // the answer may have been lost, not the request: the same time again changes nothing
      const key = `${target.uid} ${JSON.stringify(record.seen)}`
      const at = unanswered.get(key) ?? timeOf(now())
      unanswered.set(key, at)
      update(await acts.restart(target, withAct(record, { at, act: 'restart', why }), at))
      unanswered.delete(key)
      report(target, 'Restarted', why, at)
    })
  const note = (kept: KeptService, record: Workload['record']) =>
    attempt(`note on ${kept.workload}`, async () => {
      const target = targetOf(kept, world())
      if (target !== undefined) update(await acts.note(target, record))
    })
  const beginAgain = (
    kept: KeptService,
    keeper: Workload,
    record: Workload['record'],
    why: string,
  ) =>
    attempt(`run of ${kept.workload}`, async () => {
      const target = targetOf(kept, world())
      if (target === undefined) return
      const at = timeOf(now())
      const { gone: _, ...rest } = record
      const next = withAct(rest, { at, act: 'run', why })
      const written = await acts.beginAgain(target, keeper.uid, next)
      if (written === undefined) return
      update(written)
      report(target, 'RunAgain', why, at)
    })
  const finishAgain = ({ uid, again }: Workload): Promise<void> =>
    attempt(`run of ${again?.job.metadata.name}`, async () => {
      if (again === undefined) return
      const { name } = again.job.metadata
      const isKept = settings.services.some((one) => one.kind === 'Job' && one.workload === name)
      const step = nextStep(again, world().workloads.get(`Job/${name}`), isKept)
      if (step === 'delete') await acts.deleteJob(name, again.uid)
      if (step === 'create') await acts.createJob(again.job)
      if (step === 'forget') update(await acts.endAgain(uid))
    })
  const startTests = (watched: readonly Watched[]): void => {
    for (const service of forgotten(watched, asked)) asked.delete(service)
    for (const { service, effect } of dueTests(watched, asked, now()).due) {
      if (asking.has(service)) continue
      asking.add(service)
      const began = now()
      void ask(effect).then((answer) => {
        asking.delete(service)
        asked.set(service, noteAnswer(asked.get(service), answer, began))
        onAnswer()
      })
    }
  }
  return async () => {
    const keeper = world().workloads.get(`Deployment/${KEEPER}`)
    const isRunningAgain = keeper?.again !== undefined
    if (isRunningAgain) await finishAgain(keeper)
    const watched = watchedIn(settings, world(), now())
    startTests(watched)
    const restarts = decideRestarts(settings, world(), undecided(settings, watched, asked), now())
    const done = new Set<string>()
    for (const decision of restarts.decisions)
      if (decision.type === 'restart') {
        done.add(decision.service.service)
        await restart(decision.service, decision.record, decision.why)
      } else await note(decision.service, decision.record)
    let began = false
    const hasActed = restarts.decisions.length > 0
    const left = hasActed ? watchedIn(settings, world(), now()) : watched
    const effects = decideEffects(left, asked, now())
    for (const { act, service: kept, why, record } of effects.decisions) {
      if (done.has(kept.service)) continue
      if (act === 'restart') await restart(kept, record, why)
      else if (keeper === undefined || isRunningAgain || began) continue
      else {
        // one at a time: there is one note of it
        began = true
        await beginAgain(kept, keeper, record, why)
      }
      asked.delete(kept.service)
    }
    for (const { service, record } of goneNotes(settings, world(), asked))
      await note(service, record)
    const tests = dueTests(left, asked, now())
    const stepAt = isRunningAgain || began ? now() + STEP_MS : undefined
    const times = [restarts.lookAt, effects.lookAt, tests.lookAt, retryAt, stepAt]
    const later = times.filter((at): at is number => at !== undefined && at > now())
    return later.length === 0 ? undefined : Math.min(...later)
  }
}

function targetOf(kept: KeptService, { workloads }: World): Target | undefined {
  const { kind, workload } = kept
  const uid = workloads.get(workloadKey({ kind, name: workload }))?.uid
  return uid === undefined ? undefined : { kind, workload, uid }
}

/** To the second, as Kubernetes writes times. */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, '')
}
