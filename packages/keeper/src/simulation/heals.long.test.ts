import { type KeeperSettings, type KeptEffect, withAct } from '@landfall/kube'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Answer,
  type Asked,
  decideEffects,
  dueTests,
  forgotten,
  noteAnswer,
  undecided,
  watchedIn,
} from '../effects.ts'
import { decideRestarts } from '../restarts.ts'
import { SimCluster, type SimService } from './cluster.ts'

const TICK_MS = 500

/** Milliseconds after the last fault in which everything has to heal, chains of restarts included. */
const HEALED_MS = 8 * 60_000

const EFFECT: KeptEffect = {
  wait: { kind: 'dns', host: 'of' },
  ...{ after: 2, interval: 1, failures: 2, timeout: 1 },
}

interface Fault {
  /** Milliseconds after the one before. */
  after: number
  what: 'pod' | 'container' | 'all' | 'keeper'
  /** Index of a service. */
  at: number
  /** Of an absence of the keeper. */
  ms: number
}

/** A graph without cycles: a service restarts with earlier ones, and a one-shot works on the memory of an earlier one. */
const services: fc.Arbitrary<SimService[]> = fc
  .array(
    fc.record({
      isJob: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
      edges: fc.array(fc.record({ to: fc.nat(7), gated: fc.boolean() }), { maxLength: 3 }),
      startMs: fc.integer({ min: 200, max: 9000 }),
      stopMs: fc.integer({ min: 0, max: 4000 }),
    }),
    { minLength: 2, maxLength: 8 },
  )
  .map((all) =>
    all.map(({ isJob, edges, startMs, stopMs }, index): SimService => {
      const targets = [
        ...new Map(edges.filter(({ to }) => to < index).map((e) => [e.to, e])).values(),
      ]
      const [first] = targets
      const job = isJob && first !== undefined && !(all[first.to]?.isJob ?? true)
      return job
        ? { service: `s${index}`, kind: 'Job', with: [], of: `s${first.to}`, startMs, stopMs }
        : {
            service: `s${index}`,
            kind: 'Deployment',
            with: targets.map(({ to, gated }) => ({ service: `s${to}`, gated })),
            ...{ startMs, stopMs },
          }
    }),
  )

const fault: fc.Arbitrary<Fault> = fc.record({
  after: fc.integer({ min: 0, max: 90_000 }),
  what: fc.constantFrom('pod', 'pod', 'container', 'container', 'all', 'keeper'),
  at: fc.nat(7),
  ms: fc.integer({ min: 0, max: 60_000 }),
})

function settingsOf(cluster: SimCluster): KeeperSettings {
  return {
    release: 'sim',
    services: cluster.services.map(({ service, kind, with: edges, of }) => ({
      ...{ service, kind, workload: service, pods: service, container: service },
      ...(edges.length > 0 && {
        restartsWith: edges.map(({ service, gated }) => ({
          service,
          ...(gated && { gated: true as const }),
        })),
      }),
      ...(of !== undefined && { again: { ...EFFECT, of } }),
    })),
  }
}

/** The keeper over a simulated cluster: its rules, without its loop. */
class SimKeeper {
  readonly #settings: KeeperSettings
  #asked = new Map<string, Asked>()

  constructor(cluster: SimCluster) {
    this.#settings = settingsOf(cluster)
  }

  forget(): void {
    this.#asked = new Map()
  }

  turn(cluster: SimCluster): void {
    const { now } = cluster
    const settings = this.#settings
    const world = cluster.world()
    const asked = this.#asked
    const watched = watchedIn(settings, world, now)
    for (const service of forgotten(watched, asked)) asked.delete(service)
    for (const { service } of dueTests(watched, asked, now).due) {
      const sim = cluster.services.find((one) => one.service === service) as SimService
      const holds = cluster.effectOf(sim)
      const answer: Answer =
        holds === true ? { holds } : { holds: holds ?? 'unknown', why: 'not there' }
      asked.set(service, noteAnswer(asked.get(service), answer, now))
    }
    const at = new Date(now).toISOString()
    const open = undecided(settings, watched, asked)
    for (const decision of decideRestarts(settings, world, open, now).decisions) {
      const { service } = decision.service
      if (decision.type === 'record') cluster.note(service, decision.record)
      else {
        for (const { service: target } of decision.service.restartsWith ?? [])
          expect(cluster.isReady(target), `${service} restarts while ${target} is away`).toBe(true)
        cluster.note(service, withAct(decision.record, { at, act: 'restart', why: decision.why }))
        cluster.deletePod(service)
      }
    }
    for (const { act, service, why, record } of decideEffects(watched, asked, now).decisions) {
      if (act === 'run') cluster.runAgain(service.service, withAct(record, { at, act, why }))
      asked.delete(service.service)
    }
  }
}

function run(cluster: SimCluster, keeper: SimKeeper, ms: number, isAway = false): void {
  for (let left = ms; left > 0; left -= TICK_MS) {
    cluster.step(TICK_MS)
    if (!isAway) keeper.turn(cluster)
  }
}

function restartsOf(cluster: SimCluster): number[] {
  return cluster.services.map(({ service }) => cluster.recordOf(service).acts.length)
}

test('whatever fails, everything heals in order, and one fault restarts each service once at most', () => {
  fc.assert(
    fc.property(services, fc.array(fault, { minLength: 1, maxLength: 6 }), (graph, faults) => {
      const cluster = new SimCluster(graph)
      const keeper = new SimKeeper(cluster)
      run(cluster, keeper, 120_000)
      expect(cluster.problems()).toEqual([])
      expect(restartsOf(cluster).every((count) => count === 0)).toBe(true)
      cluster.patient = false
      for (const { after, what, at, ms } of faults) {
        run(cluster, keeper, after)
        const service = graph[at % graph.length]?.service ?? ''
        if (what === 'pod') cluster.deletePod(service)
        if (what === 'container') cluster.killContainer(service)
        if (what === 'all') for (const one of graph) cluster.deletePod(one.service)
        if (what === 'keeper') {
          keeper.forget()
          run(cluster, keeper, ms, true)
        }
      }
      run(cluster, keeper, HEALED_MS)
      expect(cluster.problems()).toEqual([])
      const real = faults.filter(({ what }) => what !== 'keeper').length
      for (const count of restartsOf(cluster)) expect(count).toBeLessThanOrEqual(real)
      const before = restartsOf(cluster)
      run(cluster, keeper, 60_000)
      expect(restartsOf(cluster)).toEqual(before)
    }),
    { numRuns: 60 },
  )
})
