import { fileURLToPath } from 'node:url'
import { keepOnFailure, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'

// Sources that are mounted over the image that is built from them need nothing; data below them is kept.

const namespace = testNamespace('e2e-developed')
const project = fileURLToPath(new URL('project', import.meta.url))
let printed = ''
beforeAll(async () => {
  printed = (await landfallOnCluster(namespace, 'up', [project])).stderr
})

async function within(service: string, script: string): Promise<string> {
  keepOnFailure(namespace)
  const command = ['exec', `deployment/${service}`, '-c', service, '--', 'sh', '-c', script]
  return (await namespace.kubectl(command)).trim()
}

test('the image has the sources, and what its build adds to them', async () => {
  expect(printed).toContain('., ./src are not mounted, because the images are built with them')
  expect(await within('app', 'cat src/main.txt src/generated public/index.html')).toBe(
    'program\nbuilt\npage',
  )
  expect(await within('code', 'cat src/main.txt src/generated')).toBe('program\nbuilt')
  expect(await namespace.kubectl(['get', 'configmaps', '-o', 'yaml'])).not.toContain('program')
})

test('an anonymous volume has what the image has there', async () => {
  expect(await within('app', 'cat /app/modules/m')).toBe('installed')
})

test('a folder of data below the sources outlives the pod', async () => {
  await within('app', 'echo upload > /app/uploads/file')
  await namespace.kubectl(['rollout', 'restart', 'deployment/app'])
  await namespace.kubectl(['rollout', 'status', 'deployment/app', '--timeout=180s'])
  expect(await within('app', 'cat /app/uploads/file /app/src/main.txt')).toBe('upload\nprogram')
})
