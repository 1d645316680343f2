import { ConnectionError, type KubeClient, kubeClient, StatusError } from '@landfall/kube'
import { expect, test } from 'vitest'
import { skippingClock } from '../test-clock.ts'
import { patientClient, patiently } from './patiently.ts'

const unreachable = () => Promise.reject(new ConnectionError('http://cluster', new Error('gone')))

test('what cannot reach the server is done again, what is refused is not', async () => {
  const clock = skippingClock()
  let tries = 0
  const reached = await patiently(async () => {
    tries++
    return tries === 3 ? 'done' : unreachable()
  }, clock)
  expect([reached, tries, clock.now()]).toEqual(['done', 3, 2_000])
  await expect(patiently(async () => Promise.reject(new Error('refused')), clock)).rejects.toThrow(
    'refused',
  )
})

test('after two minutes it is given up', async () => {
  const clock = skippingClock()
  await expect(patiently(unreachable, clock)).rejects.toThrow('cannot reach')
  expect(clock.now()).toBe(121_000)
})

test.each([
  [502, 'bad gateway', true],
  [504, 'the server was unable to return a response in the time allotted', true],
  [500, 'etcdserver: request timed out', true],
  [500, 'Internal error occurred: failed calling webhook', false],
  [403, 'pods is forbidden', false],
])('a server that answers %i, %s, is waited for: %s', async (code, message, waits) => {
  const clock = skippingClock()
  const refused = () => Promise.reject(new StatusError({ code, message }))
  await expect(patiently(refused, clock)).rejects.toThrow(message)
  expect(clock.now() > 0).toBe(waits)
})

/** A server that takes each request, and loses the answer to the first POST. */
function forgetful(): { client: KubeClient; requests: string[] } {
  const requests: string[] = []
  const objects = new Set<string>()
  const client = kubeClient({
    server: 'http://cluster',
    clock: skippingClock(),
    fetch: async (url, { method, body }) => {
      const { pathname } = new URL(url)
      requests.push(`${method} ${pathname}`)
      const name = body === undefined ? '' : (JSON.parse(body).metadata?.name ?? '')
      const known = objects.has(name)
      if (method === 'POST') objects.add(name)
      if (method === 'POST' && !known) throw new Error('socket hang up')
      const answer =
        pathname === '/api/v1'
          ? {
              resources: [
                { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list', 'create'] },
              ],
            }
          : method === 'POST' && known
            ? { kind: 'Status', code: 409, reason: 'AlreadyExists' }
            : {
                apiVersion: 'v1',
                kind: 'Pod',
                metadata: { name: 'one', uid: '1' },
                spec: { containers: [] },
              }
      return Response.json(answer, { status: 'code' in answer ? 409 : 200 })
    },
  })
  return { client, requests }
}

test('an object whose creation was answered into the void is found, not refused', async () => {
  const { client, requests } = forgetful()
  const patient = patientClient(client, skippingClock())
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one' } }
  expect(await patient.create(pod)).toMatchObject({ metadata: { uid: '1' } })
  expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(2)
})
