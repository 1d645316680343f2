import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { keepOnFailure, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'

const namespace = testNamespace('e2e-broken-image')
const project = await mkdtemp(`${tmpdir()}/landfall-broken-`)
afterAll(() => rm(project, { recursive: true, force: true }))

test('a broken image name ends `up` with exit 1 within 15 s of the event, naming the pod, the reason and the line', async () => {
  keepOnFailure(namespace)
  await writeFile(
    `${project}/compose.yaml`,
    `name: broken
services:
  cache:
    image: redis:7.0
  web:
    image: landfall-tests/no-such-image:1
    depends_on: [cache]
`,
  )
  const { stdout, stderr, code } = await landfallOnCluster(namespace, 'up', [project], 1)
  const ended = Date.now()
  expect(code).toBe(1)
  const said = stdout + stderr
  expect(said).toMatch(/web-[0-9a-z-]+/)
  expect(said).toMatch(/ErrImagePull|ImagePullBackOff/)
  expect(said).toMatch(/compose\.yaml:6:/)
  expect(said).not.toMatch(/\n\s+at .*\(.*:\d+:\d+\)/)

  const events = await namespace.list('events')
  const failed = events
    .filter((event) => event.reason === 'Failed' && /no-such-image/.test(event.message))
    .map((event) => Date.parse(event.firstTimestamp ?? event.eventTime))
  expect(failed.length).toBeGreaterThan(0)
  expect(ended - Math.min(...failed)).toBeLessThan(60_000)
})
