import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { landfall, repository, testNamespace } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

const output = await mkdtemp(`${tmpdir()}/landfall-accepted-`)
const namespace = testNamespace('e2e-accepted')
const adaptations = 'packages/convert/src/adaptations'

beforeAll(() => namespace.kubectl(['create', 'namespace', namespace.name]))
afterAll(() => rm(output, { recursive: true, force: true }))

/** Cases of values that Docker's engine refuses, and with it the command line; the library converts them. */
const refusedByDocker = new Set([
  'resources/cases/limits-and-reservations',
  'rollout/cases/in-one-pod',
  'shared-namespaces/cases/everything-twice',
])

/** Every golden case that conversion turns into objects and Docker runs, and the examples. */
async function projects(): Promise<string[]> {
  const found = ['examples/shop', 'examples/edgex']
  for (const entry of await readdir(repository + adaptations, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    for (const name of await readdir(`${repository}${adaptations}/${entry.name}/cases`)) {
      const directory = `${adaptations}/${entry.name}/cases/${name}`
      if (refusedByDocker.has(`${entry.name}/cases/${name}`)) continue
      if (existsSync(`${repository}${directory}/objects.yaml`)) found.push(directory)
    }
  }
  return found
}

test.each(await projects())('the API server takes every object of %s', async (project) => {
  const directory = `${output}/${project.replaceAll('/', '-')}`
  const { code, stderr } = await landfall(['convert', repository + project, '-o', directory])
  expect([0, 3], stderr).toContain(code)
  const args = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', directory]
  const { code: refused, stderr: why } = await namespace.tryKubectl(args)
  // A port number of the project that another suite on the cluster happens to have: the object is valid otherwise.
  const taken = /^The Service .* is invalid: \S+nodePort: .*provided port is already allocated$/
  const lines = why.split('\n').filter((line) => line !== '')
  expect(lines.filter((line) => !taken.test(line))).toEqual([])
  expect(refused).toBe(lines.length === 0 ? 0 : 1)
})
