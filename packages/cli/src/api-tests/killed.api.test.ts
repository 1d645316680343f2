import { setTimeout as pause } from 'node:timers/promises'
import { landfall, numbers, sharedApi } from '@landfall/testkit'
import { beforeAll, expect, test, vi } from 'vitest'
import { releaseOf, SERVICES } from './processes.ts'

vi.setConfig({ testTimeout: 7_200_000, hookTimeout: 400_000 })

/** `npm run soak` kills more. */
const kills = Number(process.env.LANDFALL_KILLS ?? 4)
const seed = Number(process.env.LANDFALL_SEED ?? 1)

const KINDS = [
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'Deployment'],
] as const

const sharedRelease = sharedApi().bare ? releaseOf('killedoften') : undefined

beforeAll(async () => {
  await landfall(['--version'])
})

test.skipIf(sharedRelease === undefined)(
  `${kills} times killed at any moment (seed ${seed}): the next run converges, nothing is left over, and the history is true`,
  async () => {
    const { client, namespace, up, wishes, history } = sharedRelease as NonNullable<
      typeof sharedRelease
    >
    const random = numbers(seed)
    const some = () => SERVICES.filter(() => random() < 0.6).concat('z')
    /** Objects of the namespace that are not of the present revision, with those that every namespace has left out. */
    const leftOver = async (services: readonly string[]): Promise<string[]> => {
      const found: string[] = []
      for (const [apiVersion, kind] of KINDS)
        for (const { metadata } of (await client.list({ apiVersion, kind, namespace })).items) {
          const name = metadata.name
          if (['kube-root-ca.crt', 'default'].includes(name)) continue
          if (name.startsWith('landfall-')) continue
          if (!services.some((service) => name === service || name.startsWith(`${service}-`)))
            found.push(`${kind} ${name}`)
        }
      return found
    }
    let uninterrupted = 0
    let usualMs = 2_000
    for (let round = 0; round < kills; round++) {
      const kill = new AbortController()
      const killed = up(`killed${round}`, kill.signal, some()).catch(() => undefined)
      await pause(usualMs * (0.15 + random()))
      kill.abort()
      if ((await killed) !== undefined) uninterrupted++
      const services = some()
      const next = await up(`next${round}`, undefined, services)
      usualMs = next.ms
      expect(next.code, `round ${round}\n${next.stdout}${next.stderr}`).toBe(0)
      const expected = services.map((service) => `${service} next${round}`)
      expect((await wishes()).sort(), `round ${round}`).toEqual(expected.sort())
      expect(await leftOver(services), `round ${round}`).toEqual([])
      const { revisions } = JSON.parse((await history()).stdout)
      const states: string[] = revisions.map(({ state }: { state: string }) => state)
      expect(states.at(-1), `round ${round}`).toBe('ready')
      expect(states, `round ${round}`).not.toContain('deploying')
    }
    process.stdout.write(
      `${kills} kills, ${uninterrupted} after the end of the command (seed ${seed})\n`,
    )
  },
)
