import type { Fetch, FetchResponse, KubeObject } from '@landfall/kube'
import { apiNamespace, deployment, ended, eventually, sharedApi, waiting } from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import type { DeployEvent } from '../events.ts'
import { deployRelease } from '../index.ts'
import { fastClock } from '../test-clock.ts'

// A load balancer or a proxy may forget the connection of a watch: nothing comes any more, and neither side learns of that.

const clock = fastClock(8)

/** A network on which, from a moment on, nothing of a watch arrives; other requests are answered as ever. */
function network() {
  let silent = false
  const over =
    (reach: Fetch): Fetch =>
    async (url, init) => {
      const answer = await reach(url, init)
      return /[?&]watch=true/.test(url) ? withBody(answer, held(answer.body, init.signal)) : answer
    }
  async function* held(
    body: FetchResponse['body'],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array> {
    for await (const bytes of body ?? []) {
      if (silent)
        await new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
        })
      yield bytes
    }
  }
  return {
    over,
    fallSilent: () => {
      silent = true
    },
  }
}

const withBody = (answer: FetchResponse, body: AsyncIterable<Uint8Array>): FetchResponse => ({
  status: answer.status,
  headers: answer.headers,
  body,
})

describe
  .skipIf(!sharedApi().bare)
  .concurrent(
    'watches that report nothing any more (needs an API server without controllers)',
    () => {
      const deploys = (namespace: ReturnType<typeof apiNamespace>, objects: KubeObject[]) => {
        const { over, fallSilent } = network()
        const events: DeployEvent[] = []
        const verdict = deployRelease({
          client: namespace.api.clientOver(over),
          objects,
          release: 'shop',
          namespace: namespace.name,
          clock,
          timeoutMs: 400_000,
          onEvent: (event) => events.push(event),
        })
        const waitsFor = (message: string) =>
          eventually(
            60_000,
            () =>
              expect(events).toContainEqual({
                type: 'wait',
                object: 'deployment/web',
                message: expect.stringContaining(message),
              }),
            20,
          )
        return { verdict, waitsFor, fallSilent }
      }

      const fallen = apiNamespace('fallen')
      test('a program that ends meanwhile is not ready', async () => {
        const { statuses } = fallen
        const { verdict, waitsFor, fallSilent } = deploys(fallen, [deployment('web')])
        const pod = await statuses.pod('Deployment', 'web', {
          phase: 'Running',
          ready: true,
          secondsAgo: 0,
        })
        await statuses.available('web')
        await waitsFor('watching whether')
        fallSilent()
        await statuses.podStatus(pod, {
          phase: 'Running',
          containers: [{ ...waiting('CrashLoopBackOff'), lastState: ended(1), restartCount: 5 }],
        })
        expect((await verdict).failure).toMatchObject({
          object: 'deployment/web',
          code: 'deploy/crash-loop',
        })
      })

      const risen = apiNamespace('risen')
      test('a program that becomes ready meanwhile is ready', async () => {
        const { statuses } = risen
        const { verdict, waitsFor, fallSilent } = deploys(risen, [deployment('web')])
        await waitsFor('')
        fallSilent()
        await statuses.deploymentReady('web')
        expect(await verdict).toMatchObject({ state: 'ready' })
      })
    },
  )
