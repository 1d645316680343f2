import { deployRelease, type FailureCode, type ProbeAddress } from '@landfall/deploy'
import {
  eventually,
  type Json,
  keepOnFailure,
  pages,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { clusterClient } from '../deploy/client.ts'
import { provideTestImage } from '../deploy/image.ts'
import { serviceOf, type Way, ways, web } from './ways.ts'

// Each failure of docs/verdict.md with a real container: it is reported soon, and the revision before it serves throughout.

const client = clusterClient()
beforeAll(provideTestImage)

/** From the event that decides to the verdict; a machine that runs all of them at once is slow. */
const WITHIN_MS = Number(process.env.LANDFALL_VERDICT_MS ?? 30_000)

/** One of each kind; `npm run soak` provokes all. */
const usual: ReadonlySet<string> = new Set<FailureCode>([
  'deploy/conflict',
  'deploy/crash-loop',
  'deploy/deleted',
  'deploy/image-name-invalid',
  'deploy/invalid-object',
  'deploy/job-failed',
  'deploy/out-of-memory',
  'deploy/port-closed',
  'deploy/quota-exceeded',
  'deploy/reference-not-found',
  'deploy/unhealthy',
  'deploy/unschedulable',
])

const provoked = Object.entries(ways).filter(
  (entry): entry is [FailureCode, Way] =>
    typeof entry[1] !== 'string' &&
    (process.env.LANDFALL_ALL_WAYS !== undefined || usual.has(entry[0])),
)
const took: string[] = []
const service = serviceOf([80])

const probe: ProbeAddress = ({ host, port }) =>
  fetch(`http://${host}:${port}`, { signal: AbortSignal.timeout(3_000) }).then(
    () => ({ answered: true, scheme: 'http' }),
    ({ cause, message }: Error & { cause?: NodeJS.ErrnoException }) => ({
      answered: false,
      error: cause?.code ?? message,
    }),
  )

describe.concurrent('an update that fails', () => {
  for (const [code, way] of provoked) {
    const namespace = testNamespace(`e2e-back-${code.slice('deploy/'.length)}`)
    test(code, async () => {
      keepOnFailure(namespace)
      const where = { client: client(), release: 'back', namespace: namespace.name }
      const first = await deployRelease({ ...where, objects: [web('one'), service] })
      expect(first.failure).toBeUndefined()
      const { spec } = await namespace.get('service', 'web')
      const address = `http://${sharedCluster().nodes[0]?.address}:${spec.ports[0].nodePort}`
      await eventually(180_000, async () => (await fetch(address)).text())
      await way.before?.(namespace)

      const names = new Set(way.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`))
      const others = [web('one'), service].filter(
        ({ kind, metadata }) => !names.has(`${kind} ${metadata.name}`),
      )
      const loop = pages(address)
      let reportedAt = 0
      let events: Promise<Json[]> = Promise.resolve([])
      const deploying = deployRelease({
        ...where,
        objects: [...others, ...way.objects],
        timeoutMs: 400_000,
        ...(code === 'deploy/port-closed' && { probeAddress: probe }),
        ...way.options,
        onEvent(event) {
          if (event.type !== 'failed' || reportedAt !== 0) return
          reportedAt = Date.now()
          events = namespace.list('events')
        },
      })
      const [verdict] = await Promise.all([deploying, way.during?.(namespace)])
      await way.after?.(namespace)
      const seen = await loop.end()
      const about = JSON.stringify({ verdict, seen: [...seen] }, undefined, 1)

      expect(verdict.state, about).toBe('failed')
      expect(verdict.failure, about).toMatchObject({
        code,
        ...(way.failure?.object === undefined &&
          way.untouched !== true && { object: 'deployment/web' }),
        ...way.failure,
      })
      expect(verdict.failure?.source ?? 'compose.yaml#', about).toMatch(/^compose\.yaml#/)
      if (way.untouched) expect(verdict.back, about).toBeUndefined()
      else expect(verdict.back?.state, about).toBe('ready')
      const served = code === 'deploy/port-closed' ? ['one', 'two'] : ['one']
      // a machine that is too busy to keep its nodes ready takes pods out of the Service
      const isLost = (await namespace.list('events')).some(
        (event) => event.reason === 'NodeNotReady',
      )
      if (isLost) served.push('none')
      expect(
        [...seen.keys()].filter((page) => !served.includes(page)),
        about,
      ).toEqual([])
      expect(seen.get('one'), about).toBeGreaterThan(0)
      expect((await (await fetch(address)).text()).trim(), about).toBe('one')

      if (way.decides === undefined) return
      const { event: reason, times = 1 } = way.decides
      const found = (await events).filter((event) => event.reason === reason)
      const at = found.map((event) =>
        Date.parse(
          times === 1
            ? (event.firstTimestamp ?? event.eventTime)
            : (event.lastTimestamp ?? event.eventTime),
        ),
      )
      expect(at, about).not.toEqual([])
      const ms = reportedAt - Math.min(...at)
      took.push(`${code} ${(ms / 1000).toFixed(1)} s`)
      expect(ms, about).toBeLessThan(WITHIN_MS)
    })
  }
})

test('the times', () => {
  process.stdout.write(`from the deciding event to the verdict: ${took.join(', ')}\n`)
})
