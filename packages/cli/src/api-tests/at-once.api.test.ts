import { setTimeout as pause } from 'node:timers/promises'
import { landfall, sharedApi } from '@landfall/testkit'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { releaseOf, SERVICES } from './processes.ts'

// several processes one after the other, on a machine that may be busy
vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 })

/** The seed of the moments at which commands are killed; printed with a failure. */
const seed = Number(process.env.LANDFALL_SEED ?? 1)
const rounds = Number(process.env.LANDFALL_ROUNDS ?? 1)

const whole = (wish: string) => SERVICES.map((service) => `${service} ${wish}`)

describe.skipIf(!sharedApi().bare)(
  'two commands at once, as processes (needs an API server without controllers)',
  () => {
    // the first call builds the command line
    beforeAll(async () => {
      await landfall(['--version'])
    })

    for (let round = 0; round < rounds; round++) {
      test(`round ${round}: up and up`, async () => {
        const { up, wishes, history } = releaseOf(`upup${round}`)
        const both = await Promise.all([up('anna'), up('bert')])
        for (const { code, stdout, stderr } of both) expect(code, stdout + stderr).toBe(0)
        expect([whole('anna'), whole('bert')]).toContainEqual(await wishes())
        const { revisions } = JSON.parse((await history()).stdout)
        expect(revisions.map(({ state }: { state: string }) => state)).toEqual(['ready', 'ready'])
      })

      test(`round ${round}: up and down, whichever is first`, async () => {
        const { up, down, wishes } = releaseOf(`updown${round}`)
        expect((await up('old')).code).toBe(0)
        const work = [() => up('new'), () => down()]
        if (round % 2 === 1) work.reverse()
        const both = await Promise.all(work.map((one) => one()))
        for (const { code, stdout, stderr } of both) expect(code, stdout + stderr).toBe(0)
        expect([[], whole('new')]).toContainEqual(await wishes())
        // it is not broken for good
        expect((await up('next')).code).toBe(0)
        expect(await wishes()).toEqual(whole('next'))
      })

      test(`round ${round}: down and down`, async () => {
        const { up, down, wishes } = releaseOf(`downdown${round}`)
        expect((await up('old')).code).toBe(0)
        const both = await Promise.all([down(), down()])
        for (const { code, stdout, stderr } of both) expect(code, stdout + stderr).toBe(0)
        expect(await wishes()).toEqual([])
      })

      test(`round ${round}: rollback and up`, async () => {
        const { up, rollback, wishes } = releaseOf(`backup${round}`)
        expect((await up('first')).code).toBe(0)
        expect((await up('second')).code).toBe(0)
        const both = await Promise.all([rollback(), up('third')])
        for (const { code, stdout, stderr } of both) expect(code, stdout + stderr).toBe(0)
        const ends = [whole('first'), whole('second'), whole('third')]
        expect(ends).toContainEqual(await wishes())
      })

      test(`round ${round}: one of two is killed (seed ${seed})`, async () => {
        const { up, wishes, history } = releaseOf(`killed${round}`)
        expect((await up('old')).code).toBe(0)
        const kill = new AbortController()
        const killed = up('killed', kill.signal).catch(() => undefined)
        const waiting = pause(500).then(() => up('other'))
        await pause(1_000 + (((seed + round) * 7919) % 4_000))
        kill.abort()
        await killed
        const other = await waiting
        expect(other.code, other.stdout + other.stderr).toBe(0)
        expect([whole('other'), whole('killed')]).toContainEqual(await wishes())
        const again = await up('again')
        expect(again.code, again.stdout + again.stderr).toBe(0)
        expect(await wishes()).toEqual(whole('again'))
        const { revisions } = JSON.parse((await history()).stdout)
        const states: string[] = revisions.map(({ state }: { state: string }) => state)
        expect(states.at(-1)).toBe('ready')
        expect(states).not.toContain('deploying')
      })
    }
  },
)
