import type { Fetch } from '@landfall/kube'
import { eventually, numbers, type RabbitMq } from '@landfall/testkit'
import { expect, test } from 'vitest'
import type { Worker } from '../worker.ts'
import { type Wire, wireTo } from './master.ts'
import { plan, type World } from './world.ts'

const BURST = 100
const KILLS = Number(process.env.LANDFALL_WORKER_BURSTS ?? 2)

/** Which requests of a worker get through. */
interface Network {
  alive: boolean
  /** Objects of tasks are made. */
  writes: boolean
  /** What is held back when the worker is killed is on its way already: it arrives when this is fulfilled. */
  arrives?: Promise<void>
  /** Writes of tasks that are held back, and that were sent. */
  held: number
  sent: number
}

/** Lists of a hundred tasks take the time of the worker: not more often. */
const slowly = (check: () => Promise<void>): Promise<void> => eventually(100_000, check, 500)

/** Many tasks at once, and ends of the worker in the middle of them. */
export function burstTests(w: () => World, rabbit: () => RabbitMq): void {
  const begin = (site: string, wire: Wire, writes: boolean) => {
    const network: Network = { alive: true, writes, held: 0, sent: 0 }
    const throughNetwork =
      (send: Fetch): Fetch =>
      async (url, init) => {
        if (!network.alive) throw new TypeError('fetch failed')
        const isTask = /\/(deployments|services)\//.test(url)
        const held = init.method === 'PATCH' && isTask && !network.writes
        if (held) {
          network.held++
          await eventually(120_000, () => expect(network.writes || !network.alive).toBe(true), 50)
          await network.arrives
        }
        const isOnItsWay = held && network.arrives !== undefined
        if (!network.alive && !isOnItsWay) throw new TypeError('fetch failed')
        const answer = await send(url, init)
        network.sent++
        return answer
      }
    const { host, port, ...login } = rabbit()
    const said: string[] = []
    const more = { rabbitmq: { port: wire.port, ...login } }
    const worker = w().start(site, more, throughNetwork, (text) => void said.push(text))
    return { worker, network, said }
  }
  const kill = ({ worker, network }: { worker: Worker; network: Network }, wire: Wire): void => {
    network.alive = false
    wire.cut(0)
    void worker.stop('replaced')
  }
  const joined = (id: string, times: number) =>
    eventually(30_000, () =>
      expect(
        w().master.heard.filter(({ Type, From }) => Type === 'WORKER_JOIN' && From === id).length,
      ).toBeGreaterThanOrEqual(times),
    )
  const stored = async (site: string) =>
    (await w().stored()).filter((text) => text.includes(`"${site}.`))
  const of = (site: string, running: readonly string[]) =>
    running.filter((task) => task.startsWith(`${site}.`)).sort()
  const idsOf = (site: string) =>
    Array.from({ length: BURST }, (_, index) => `${site}.${index}`).sort()

  test('a burst is accepted before its objects are made, and done by the successor of a worker that was killed', async () => {
    const [site, id] = ['B1', 'Worker.B1']
    const wire = await wireTo(rabbit())
    const first = begin(site, wire, false)
    await joined(id, 1)
    await Promise.all(idsOf(site).map((task) => w().master.send('ADD_TASK', id, plan(task, id))))
    await w().master.send('REMOVE_TASK', id, { ID: `${site}.7`, WorkerID: id })
    await slowly(async () => expect(await stored(site)).toHaveLength(BURST))
    // stored after the answer to the write of all others, which are acknowledged by then
    const flow = { InputStream: { Type: 'T', ID: 'D' }, TaskInstanceID: `${site}.8`, WorkerID: id }
    await w().master.send('ADD_INPUT', id, flow)
    await slowly(async () => expect(await stored(site)).toHaveLength(BURST + 1))
    kill(first, wire)
    await eventually(10_000, async () =>
      expect(await w().master.waiting(id)).toBeLessThanOrEqual(1),
    )
    expect(of(site, await w().running())).toEqual([])

    const second = begin(site, wire, true)
    const expected = idsOf(site).filter((task) => task !== `${site}.7`)
    await slowly(async () => {
      expect(of(site, await w().running())).toEqual(expected)
      expect(await stored(site)).toEqual([])
    })
    await second.worker.stop('deleted')
    expect(of(site, await w().running())).toEqual([])
    wire.close()
  })

  test('a later message does not come before what a connection that is still there has not acknowledged', async () => {
    const [site, id, task] = ['B2', 'Worker.B2', 'B2.1']
    const wire = await wireTo(rabbit())
    const first = begin(site, wire, true)
    await joined(id, 1)
    await first.worker.stop('replaced')
    const lost = await w().master.take(id)
    await w().master.send('ADD_TASK', id, plan(task, id))
    await eventually(10_000, () => expect(lost.taken).toHaveLength(1))
    await w().master.send('REMOVE_TASK', id, { ID: task, WorkerID: id })
    const second = begin(site, wire, true)
    await eventually(10_000, () => expect(second.said.join()).toMatch(/another connection has/))
    expect(w().master.status(task)).toBeUndefined()

    await lost.end()
    await slowly(async () => expect(w().master.status(task)).toBe('removed'))
    await eventually(10_000, async () => expect(await w().master.waiting(id)).toBe(0))
    await second.worker.stop('deleted')
    expect(of(site, await w().running())).toEqual([])
    wire.close()
  })

  test.each(['removed', 'lost'])(
    'a Deployment that a killed worker had sent arrives after the start of its successor: %s by then',
    async (message) => {
      const [site, id] = [`L-${message}`, `Worker.L-${message}`]
      const [task, other] = [`${site}.1`, `${site}.2`]
      const wire = await wireTo(rabbit())
      const first = begin(site, wire, false)
      await joined(id, 1)
      await w().master.send('ADD_TASK', id, plan(task, id))
      await eventually(10_000, () => expect(first.network.held).toBe(1))
      let arrive = (): void => {}
      first.network.arrives = new Promise<void>((resolve) => {
        arrive = resolve
      })
      kill(first, wire)
      await eventually(10_000, async () => expect(await w().master.waiting(id)).toBe(1))
      if (message === 'lost') await w().master.lose(id)
      else await w().master.send('REMOVE_TASK', id, { ID: task, WorkerID: id })
      const second = begin(site, wire, true)
      await w().master.send('ADD_TASK', id, plan(other, id))
      await slowly(async () => expect(w().master.status(other)).toBe('running'))
      await slowly(async () => expect(await w().deployment(id, task)).toBeUndefined())

      const { sent } = first.network
      arrive()
      await slowly(async () => expect(first.network.sent).toBe(sent + 1))
      const left = message === 'lost' ? [task, other] : [other]
      await slowly(async () => expect(of(site, await w().running())).toEqual(left))
      await slowly(async () =>
        expect(second.worker.health.counts()).toMatchObject({ running: left.length }),
      )
      await second.worker.stop('deleted')
      wire.close()
    },
  )

  test.each(Array.from({ length: KILLS }, (_, index) => index))(
    'a burst of additions and removals has its result, however often the worker is killed: %i',
    async (seed) => {
      const random = numbers(seed)
      const below = (count: number): number => Math.floor(random() * count)
      const [site, id] = [`K${seed}`, `Worker.K${seed}`]
      const wire = await wireTo(rabbit())
      let present = begin(site, wire, true)
      await joined(id, 1)
      const wanted = new Set<string>()
      for (const task of idsOf(site)) {
        wanted.add(task)
        void w().master.send('ADD_TASK', id, plan(task, id))
        if (below(3) > 0) continue
        const other = [...wanted][below(wanted.size)] as string
        wanted.delete(other)
        void w().master.send('REMOVE_TASK', id, { ID: other, WorkerID: id })
      }
      for (let round = 0; round < 6; round++) {
        await new Promise((resolve) => setTimeout(resolve, below(400)))
        kill(present, wire)
        present = begin(site, wire, true)
      }
      await slowly(async () => {
        expect(of(site, await w().running())).toEqual([...wanted].sort())
        expect(await stored(site)).toEqual([])
      })
      await present.worker.stop('deleted')
      wire.close()
    },
  )
}
