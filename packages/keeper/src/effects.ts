import type { KeeperRecord, KeeperSettings, KeptEffect, KeptService } from '@landfall/kube'
import { repeatAllowedAt } from './allowed.ts'
import { standingOf, startsOf } from './standing.ts'
import { type Workload, type World, workloadKey } from './world.ts'

/** What a test of an effect showed. `unknown`: nothing that can be relied on, a service that does not answer or that has an error of its own. */
export type Answer =
  | { holds: true }
  | { holds: false; why: string }
  | { holds: 'unknown'; why: string }

/** What the tests of one effect have shown so far. */
export interface Asked {
  /** Of the last test, in milliseconds since 1970. */
  at: number
  /** How often in a row it did not hold. */
  fails: number
  why: string
  /** The last answer was that it holds. */
  held: boolean
}

/** By service. */
export type AllAsked = ReadonlyMap<string, Asked>

/** What a service is tested for, and when the tests of an earlier run no longer count. */
export interface Watched {
  kept: KeptService
  effect: KeptEffect
  act: 'restart' | 'run'
  workload: Workload
  /** The first test may be at this time. */
  from: number
}

/** The effects to test now, and when the next one is due if none is. */
export function dueTests(
  watched: readonly Watched[],
  asked: AllAsked,
  now: number,
): { due: { service: string; effect: KeptEffect }[]; lookAt?: number } {
  const times = watched.map(({ kept, effect, from }) => {
    const last = asked.get(kept.service)?.at
    const next = last === undefined ? from : last + effect.interval * 1000
    return { service: kept.service, effect, at: Math.max(from, next) }
  })
  const later = times.filter(({ at }) => at > now).map(({ at }) => at)
  return {
    due: times.filter(({ at }) => at <= now).map(({ service, effect }) => ({ service, effect })),
    ...(later.length > 0 && { lookAt: Math.min(...later) }),
  }
}

/** The state after one more test. An answer that cannot be relied on does not count, neither way. */
export function noteAnswer(before: Asked | undefined, answer: Answer, now: number): Asked {
  const fails = before?.fails ?? 0
  if (answer.holds === true) return { at: now, fails: 0, why: '', held: true }
  if (answer.holds === 'unknown') return { at: now, fails, why: before?.why ?? '', held: false }
  return { at: now, fails: fails + 1, why: answer.why, held: false }
}

export interface EffectDecisions {
  decisions: { act: 'restart' | 'run'; service: KeptService; why: string; record: KeeperRecord }[]
  lookAt?: number
}

/** Which services restart, and which one-shots run again, because their effect does not hold. */
export function decideEffects(
  watched: readonly Watched[],
  asked: AllAsked,
  now: number,
): EffectDecisions {
  const looks: number[] = []
  const decisions = watched.flatMap(
    ({ kept, effect, act, workload, from }): EffectDecisions['decisions'] => {
      const { at = 0, fails = 0, why = '' } = asked.get(kept.service) ?? {}
      if (fails < effect.failures || at < from) return []
      const allowed = repeatAllowedAt(workload.record, act, now)
      if (allowed <= now) return [{ act, service: kept, why, record: workload.record }]
      looks.push(allowed)
      return []
    },
  )
  return { decisions, ...(looks.length > 0 && { lookAt: Math.min(...looks) }) }
}

/**
 * One-shots of which it is not known whether they have to run again: who restarts with one waits for that, or would restart for what the one-shot
 * works on, and again for the one-shot.
 */
export function undecided(
  settings: KeeperSettings,
  watched: readonly Watched[],
  asked: AllAsked,
): Set<string> {
  const tested = new Map(watched.map((one) => [one.kept.service, one.from]))
  const names = settings.services.filter(({ again }) => again !== undefined)
  return new Set(
    names.flatMap(({ service }) => {
      const { held = false, at = 0 } = asked.get(service) ?? {}
      return held && at >= (tested.get(service) ?? Number.POSITIVE_INFINITY) ? [] : [service]
    }),
  )
}

/** One-shots whose records have to say something else about their effect: why it is gone, or nothing. */
export function goneNotes(
  settings: KeeperSettings,
  world: World,
  asked: AllAsked,
): { service: KeptService; record: KeeperRecord }[] {
  return settings.services.flatMap((service) => {
    const workload = world.workloads.get(
      workloadKey({ kind: service.kind, name: service.workload }),
    )
    const known = asked.get(service.service)
    if (service.again === undefined || workload === undefined || known === undefined) return []
    const { gone, ...record } = workload.record
    const isGone = known.fails >= service.again.failures
    if (isGone && gone === undefined) return [{ service, record: { ...record, gone: known.why } }]
    return known.held && gone !== undefined ? [{ service, record }] : []
  })
}

/** Services whose tests no longer count: they are not tested at the moment. */
export function forgotten(watched: readonly Watched[], asked: AllAsked): string[] {
  const tested = new Map(watched.map((one) => [one.kept.service, one.from]))
  return [...asked]
    .filter(([service, { at }]) => (tested.get(service) ?? Number.POSITIVE_INFINITY) > at)
    .map(([service]) => service)
}

/**
 * What can be tested at the moment: a program that runs, or a one-shot that has ended, and whose answering service is there. A program may need
 * time after its start, and one that answers for others as well.
 */
export function watchedIn(settings: KeeperSettings, world: World, now: number): Watched[] {
  return settings.services.flatMap((kept): Watched[] => {
    const workload = world.workloads.get(workloadKey({ kind: kept.kind, name: kept.workload }))
    if (workload === undefined || workload.ending) return []
    const effect = kept.again ?? kept.alive
    if (effect === undefined) return []
    const since = kept.again === undefined ? aliveSince(kept, world, workload) : endedAt(workload)
    const answering = settings.services.find(({ service }) => service === effect.of)
    const standing = answering === undefined ? undefined : standingOf(answering, world, now)
    if (since === undefined || standing?.whole === false) return []
    const from = Math.max(since, standing?.readyAt ?? 0) + effect.after * 1000
    return [{ kept, effect, act: kept.again === undefined ? 'restart' : 'run', workload, from }]
  })
}

function aliveSince(kept: KeptService, world: World, { rolling }: Workload): number | undefined {
  const starts = startsOf(kept, world)
  return rolling || starts.length === 0 ? undefined : Math.max(...starts)
}

/** A one-shot that failed on its own is left to the user; one that the keeper ran may run again. */
function endedAt({ completeAt, failed, record }: Workload): number | undefined {
  if (completeAt !== undefined) return completeAt
  const last = record.acts.filter(({ act }) => act === 'run').at(-1)
  return failed === true && last !== undefined ? Date.parse(last.at) : undefined
}
