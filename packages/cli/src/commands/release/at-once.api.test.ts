import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { KubeObject } from '@landfall/kube'
import { apiNamespace, type Finished, landfall, sharedApi } from '@landfall/testkit'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'

// several processes one after the other, on a machine that may be busy
vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 })

/** The seed of the moments at which commands are killed; printed with a failure. */
const seed = Number(process.env.LANDFALL_SEED ?? 1)
const rounds = Number(process.env.LANDFALL_ROUNDS ?? 1)

const root = mkdtempSync(join(tmpdir(), 'landfall-at-once-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const SERVICES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' }

/** A project whose services have no replicas, so that an API server without nodes is enough; every one says whose wish it is. */
function projectOf(name: string, wish: string): string {
  const directory = join(root, name, wish)
  mkdirSync(directory, { recursive: true })
  const services = Object.fromEntries(
    SERVICES.map((service) => [
      service,
      {
        image: 'busybox:1.35.0',
        command: ['sleep', '1d'],
        environment: { WISH: wish },
        deploy: { replicas: 0 },
      },
    ]),
  )
  writeFileSync(join(directory, 'compose.yaml'), JSON.stringify({ name, services }))
  return directory
}

/** `kubeconfig` of the API that the tests share. */
function kubeconfig(): string {
  const { server, authority = '', token } = inject('api')
  const file = join(root, 'kubeconfig')
  writeFileSync(
    file,
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
      clusters: [
        {
          name: 'c',
          cluster: {
            server,
            'certificate-authority-data': Buffer.from(authority).toString('base64'),
          },
        },
      ],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  )
  return file
}

/** A release, the commands on it as processes, and what it is. */
function releaseOf(name: string) {
  const { name: namespace, api, statuses } = apiNamespace(name, { deletes: true })
  const { client } = api
  const over = new AbortController()
  const deployments = async (): Promise<KubeObject[]> =>
    (await client.list({ ...DEPLOYMENT, namespace })).items
  /** The Deployment controller has nothing to do but to see each generation. */
  const control = async () => {
    while (!over.signal.aborted) {
      for (const { metadata, status } of await deployments().catch(() => []))
        if (status?.observedGeneration !== metadata.generation)
          await statuses.available(metadata.name).catch(() => {})
      await pause(50, undefined, { signal: over.signal }).catch(() => {})
    }
  }
  void control()
  afterAll(() => over.abort())
  const env = { KUBECONFIG: kubeconfig(), HOME: root, XDG_CACHE_HOME: join(root, 'cache') }
  const command = (args: string[], signal?: AbortSignal): Promise<Finished> =>
    landfall(args, { env, ...(signal && { signal, killSignal: 'SIGKILL' }) })
  return {
    namespace,
    up: (wish: string, signal?: AbortSignal) =>
      command(['up', projectOf(namespace, wish), '--offline'], signal),
    down: (signal?: AbortSignal) => command(['down', '-p', namespace], signal),
    rollback: (signal?: AbortSignal) => command(['rollback', '-p', namespace], signal),
    history: () => command(['history', '-p', namespace, '--output', 'json']),
    async wishes(): Promise<string[]> {
      const found = (await deployments()).filter(
        ({ metadata }) => metadata.deletionTimestamp === undefined,
      )
      return found.map(({ metadata, spec }) => {
        const [{ env }] = spec.template.spec.containers
        return `${metadata.name} ${env.find((one: { name: string }) => one.name === 'WISH').value}`
      })
    },
  }
}

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
