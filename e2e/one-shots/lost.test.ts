import { fileURLToPath } from 'node:url'
import {
  allReady,
  eventually,
  keepOnFailure,
  landfallOnCluster,
  testNamespace,
} from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'

// What a one-shot has written is lost while its Job stays complete: nothing says that all is well.

const namespace = testNamespace('e2e-one-shots-lost')
const project = fileURLToPath(new URL('lost', import.meta.url))

beforeAll(async () => {
  await landfallOnCluster(namespace, 'up', [project])
})

/** The memory of the store is gone with its container; everything is ready again. */
async function loseKeys(): Promise<void> {
  await namespace.kubectl(['delete', 'pods', '-l', 'app.kubernetes.io/name=store', '--wait'])
  await eventually(180_000, () => allReady(namespace))
}

const GONE = 'http://store:8000/key answers 404'

test('status: what a one-shot has done is there, and then it is gone', async () => {
  keepOnFailure(namespace)
  const { stdout } = await landfallOnCluster(namespace, 'status', [project])
  expect(stdout).toMatch(/seed \(job\) .* complete\n/)
  await loseKeys()
  const status = await landfallOnCluster(namespace, 'status', [project], 1)
  expect(status.stdout).toContain(`done, but its effect is gone: ${GONE}`)
  const wait = await landfallOnCluster(namespace, 'wait', [project], 1)
  expect(wait.stdout + wait.stderr).toContain(GONE)
})

test('without a keeper up is not Ready, and says what makes it so', async () => {
  keepOnFailure(namespace)
  const { stdout, stderr } = await landfallOnCluster(namespace, 'up', [project], 1)
  expect(stdout + stderr).toContain('deploy/effect-gone')
  expect(stdout + stderr).toContain('GET http://store:8000/key: status 404 instead of 2xx')
  const job = /kubectl delete (job\/seed-\w+)/.exec(stdout + stderr)?.[1] ?? ''
  await namespace.kubectl(['delete', job])
  await landfallOnCluster(namespace, 'up', [project])
  await landfallOnCluster(namespace, 'status', [project])
})

test('with a keeper up waits until it has run the one-shot again', async () => {
  keepOnFailure(namespace)
  const kept = [project, '--environment', 'kept']
  await landfallOnCluster(namespace, 'up', kept)
  const [before] = await namespace.list('jobs')
  await namespace.kubectl(['delete', 'pods', '-l', 'app.kubernetes.io/name=store', '--wait'])
  await landfallOnCluster(namespace, 'up', kept)
  const [after] = await namespace.list('jobs')
  expect(after.metadata.name).toBe(before.metadata.name)
  expect(after.metadata.uid).not.toBe(before.metadata.uid)
  await landfallOnCluster(namespace, 'status', [project])
})
