import type { Fetch } from '@landfall/kube'
import { eventually, numbers, type RabbitMq } from '@landfall/testkit'
import { expect, test } from 'vitest'
import type { Worker } from '../worker.ts'
import { wireTo } from './master.ts'
import { plan, type World } from './world.ts'

const ROUNDS = Number(process.env.LANDFALL_WORKER_ORDERS ?? 50)
const SEED = Number(process.env.LANDFALL_SEED ?? 1)
const AT_ONCE = 25
const STEPS = 10
const TASKS = 3

/** A share of the requests that a worker sends to the API and the broker is lost, on the way there or on the way back. */
const LOST = 0.08

interface Expected {
  /** Ids of its inputs while it is wanted. */
  inputs: Set<string> | undefined
  wasRemoved: boolean
}

/** Messages, ends of workers and faults in any order: at the end there is what the last messages ask for, once. */
export function orderTests(w: () => World, rabbit: () => RabbitMq): void {
  const seeds = Array.from({ length: Math.ceil(ROUNDS / AT_ONCE) }, (_, index) => SEED + index)
  test.each(seeds)('no task is lost or doubled: orders of seed %i', async (seed) => {
    const rounds = Array.from({ length: Math.min(AT_ONCE, ROUNDS) }, (_, index) =>
      round(w(), rabbit(), seed * 1_000 + index),
    )
    const failures = (await Promise.allSettled(rounds)).flatMap((one) =>
      one.status === 'rejected' ? [String(one.reason)] : [],
    )
    expect(failures).toEqual([])
  })
}

async function round(w: World, rabbit: RabbitMq, seed: number): Promise<void> {
  const random = numbers(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const site = `R${seed}`
  const id = `Worker.${site}`
  const wire = await wireTo(rabbit)
  const { host, port, ...login } = rabbit
  let faults = true
  const begin = (): { worker: Worker; kill(): void } => {
    let alive = true
    const network =
      (send: Fetch): Fetch =>
      async (url, init) => {
        if (!alive) throw new TypeError('fetch failed')
        const chance = faults ? random() : 1
        if (chance < LOST / 2) throw new TypeError('fetch failed')
        const answer = await send(url, init)
        if (!alive || chance < LOST) throw new TypeError('fetch failed')
        return answer
      }
    const worker = w.start(site, { rabbitmq: { port: wire.port, ...login } }, network)
    return {
      worker,
      kill() {
        alive = false
      },
    }
  }
  const joins = (): number =>
    w.master.heard.filter(({ Type, From }) => Type === 'WORKER_JOIN' && From === id).length

  const history: string[] = []
  let present = begin()
  await eventually(30_000, () => expect(joins()).toBeGreaterThan(0), 20)
  const tasks = Array.from({ length: TASKS }, (_, index) => `O.${seed}.${seed}${index}`)
  const expected = new Map<string, Expected>(
    tasks.map((task) => [task, { inputs: undefined, wasRemoved: false }]),
  )
  const act = async (): Promise<void> => {
    const task = tasks[below(TASKS)] ?? ''
    const of = expected.get(task) as Expected
    const number = task.split('.').at(-1)
    const flow = (ID: string) => ({
      ...{ InputStream: { Type: 'Temperature', ID }, TaskInstanceID: task, WorkerID: id },
    })
    const kind = below(10)
    history.push(`${kind} ${task}`)
    if (kind < 4) {
      of.inputs ??= new Set([`Device.${number}`])
      w.broker.entities.set(`Out.${number}.1`, { type: 'Out' })
      return w.master.send('ADD_TASK', id, plan(task, id))
    }
    if (kind < 6) {
      if (of.inputs !== undefined) of.wasRemoved = true
      of.inputs = undefined
      return w.master.send('REMOVE_TASK', id, { ID: task, WorkerID: id })
    }
    if (kind === 6 && of.inputs !== undefined) {
      const input = `Extra.${below(2)}`
      const had = of.inputs.delete(input)
      if (!had) of.inputs.add(input)
      return w.master.send(had ? 'REMOVE_INPUT' : 'ADD_INPUT', id, flow(input))
    }
    if (kind === 7) wire.cut(below(300))
    if (kind === 8) {
      await present.worker.stop('replaced')
      present = begin()
    }
    if (kind === 9) {
      present.kill()
      wire.cut(0)
      void present.worker.stop('replaced')
      present = begin()
    }
  }
  try {
    for (let step = 0; step < STEPS; step++) {
      await act()
      if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, below(150)))
    }
    faults = false
    await eventually(40_000, () => compare(w, id, expected), 400)
  } catch (error) {
    throw new Error(`seed ${seed} (${history.join(', ')}): ${(error as Error).message}`)
  } finally {
    faults = false
    await present.worker.stop('deleted')
    wire.close()
  }
}

async function compare(w: World, worker: string, all: Map<string, Expected>): Promise<void> {
  const running = await w.running()
  const services = (await w.services()).map(({ metadata }) => metadata.name)
  for (const [task, { inputs, wasRemoved }] of all) {
    const output = `Out.${task.split('.').at(-1)}.1`
    const subscriptions = [...w.broker.subscriptions.values()]
      .filter(({ correlator }) => correlator === task)
      .map(({ entity }) => entity.id)
      .sort()
    const deployment = await w.deployment(worker, task)
    expect({
      ...{ task, running: running.filter((one) => one === task), subscriptions },
      service: deployment !== undefined && services.includes(deployment.metadata.name),
      deployment: deployment !== undefined,
    }).toEqual({
      ...{ task, running: inputs === undefined ? [] : [task] },
      subscriptions: [...(inputs ?? [])].sort(),
      ...{ service: inputs !== undefined, deployment: inputs !== undefined },
    })
    if (inputs === undefined && wasRemoved) expect(w.broker.entities.has(output)).toBe(false)
    if (!wasRemoved) expect(w.broker.deleted).not.toContain(output)
  }
}
