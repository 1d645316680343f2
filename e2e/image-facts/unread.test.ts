import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  allReady,
  eventually,
  keepOnFailure,
  landfallOnCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

const namespace = testNamespace('e2e-image-facts-unread')
const project = await mkdtemp(`${tmpdir()}/landfall-unread-`)

beforeAll(() => cp(fileURLToPath(new URL('unread', import.meta.url)), project, { recursive: true }))

afterAll(() => rm(project, { recursive: true, force: true }))

/** What a command prints inside the container of a service, without the last line break. */
async function inside(service: string, script: string): Promise<string> {
  keepOnFailure(namespace)
  const target = [`deployment/${service}`, '-c', service]
  const printed = await namespace.kubectl(['exec', ...target, '--', 'sh', '-c', script])
  return printed.replace(/\n$/, '')
}

test('up --local needs no lock file and no registry but those of the cluster', async () => {
  keepOnFailure(namespace)
  const { stderr } = await landfallOnCluster(namespace, 'up', [project, '--offline'])
  expect(stderr).not.toContain('image/unknown-facts')
  await eventually(300_000, () => allReady(namespace), 1000)
})

test('diff --local reads the same image metadata: right after up there is no difference', async () => {
  const { stdout } = await landfallOnCluster(namespace, 'diff', [project, '--offline'])
  expect(stdout).toBe('No difference.\n')
})

test('users by name are those of the images, also of one that is built', async () => {
  expect(await inside('db', 'id -u')).toBe(await inside('db', 'id -u postgres'))
  expect(await inside('made', 'id -u')).toBe('4321')
})

test('an image is built from the image of another service, a directory and a secret', async () => {
  expect(await inside('extra', 'cat /m /r /t')).toBe('made\nof the project\nfrom-the-environment')
})

test('images of the cluster may be other ones elsewhere: the lock file does not have them', async () => {
  const file = `${project}/landfall.lock`
  const text = existsSync(file) ? await readFile(file, 'utf8') : ''
  expect(text).not.toContain('postgres')
})
