import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { eventually, keepOnFailure, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Files and variables belong to the revision of a pod: `kubectl rollout undo` brings them back with it.

const root = await mkdtemp(`${tmpdir()}/landfall-configuration-`)
afterAll(() => rm(root, { recursive: true, force: true }))

const namespace = testNamespace('e2e-configuration')
const project = `${root}/project`

const COMPOSE = `name: configuration
services:
  web:
    image: busybox:1.35.0
    command: ["sleep", "3600"]
    environment: { PASSWORD: "\${WORD:?}" }
    volumes: ["./web.conf:/etc/web.conf:ro", "./web.key:/etc/web.key:ro"]
    deploy: { update_config: { order: start-first, monitor: 2s } }
`

async function write(version: string): Promise<void> {
  await writeFile(`${project}/web.conf`, `conf ${version}\n`)
  await writeFile(`${project}/web.key`, `key ${version}\n`)
  await writeFile(`${project}/.env`, `WORD=word-${version}\n`)
}

const up = (...options: string[]) => landfallOnCluster(namespace, 'up', [...options])

/** What the running pod has. */
const shown = () =>
  namespace.kubectl([
    ...['exec', 'deploy/web', '--', 'sh', '-c'],
    'cat /etc/web.conf /etc/web.key; echo "$PASSWORD"',
  ])

const configuration = async () =>
  (await namespace.list('configmaps,secrets'))
    .filter(({ immutable }) => immutable === true)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)

beforeAll(async () => {
  await mkdir(project)
  await writeFile(`${project}/compose.yaml`, COMPOSE)
  await write('1')
  await up(project)
})

test('a changed file and a changed variable come back with the pod', async () => {
  keepOnFailure(namespace)
  const before = await configuration()
  expect(before).toHaveLength(3)
  expect(await shown()).toBe('conf 1\nkey 1\nword-1\n')
  await write('2')
  await up(project)
  expect(await shown()).toBe('conf 2\nkey 2\nword-2\n')
  expect(await configuration()).toHaveLength(6)
  await namespace.kubectl(['rollout', 'undo', 'deploy/web'])
  await namespace.kubectl(['rollout', 'status', 'deploy/web', '--timeout=120s'])
  await eventually(90_000, async () => expect(await shown()).toBe('conf 1\nkey 1\nword-1\n'))
})

test('the files are in no object but theirs, and the next `up` sets the project again', async () => {
  keepOnFailure(namespace)
  await up(project, '--force-conflicts')
  expect(await shown()).toBe('conf 2\nkey 2\nword-2\n')
  expect(JSON.stringify(await namespace.list('configmaps,deployments,pods,events'))).not.toMatch(
    /word-[12]|key [12]/,
  )
})

test('another project directory changes no object', async () => {
  keepOnFailure(namespace)
  const other = `${root}/elsewhere`
  const versions = async () =>
    (await namespace.list('configmaps,secrets,deployments,services'))
      .filter(({ metadata }) => metadata.annotations?.['landfall.dev/applied'] !== undefined)
      .map(
        ({ kind, metadata }) =>
          `${kind} ${metadata.name} ${metadata.annotations['landfall.dev/applied']}`,
      )
  const before = await versions()
  await cp(project, other, { recursive: true })
  await rm(`${other}/compose.yaml`)
  await up('-f', `${project}/compose.yaml`, '--project-directory', other, '-p', 'configuration')
  expect(await versions()).toEqual(before)
})

test('what the history no longer needs is deleted with it', async () => {
  keepOnFailure(namespace)
  const { stdout } = await landfallOnCluster(namespace, 'down', [project])
  expect(stdout).not.toBe('')
  expect(await configuration().catch(() => [])).toEqual([])
})
