import type { KubeObject } from '@landfall/kube'
import { apiNamespace, configMap, deployment } from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import type { DeployEvent } from '../events.ts'
import { deployRelease, diffRelease, releaseStatus, rollbackRelease } from '../index.ts'
import { fastClock } from '../test-clock.ts'

// What somebody changes by hand, with the tools that people use.

const { name: namespace, api } = apiNamespace('drift', { deletes: true })
const { client } = api
const where = { client, release: 'drift', namespace }
const clock = fastClock(10)

/** No copies, so that it is ready without a controller. */
const web = deployment('web', { env: [{ name: 'A', value: '1' }] })
web.spec.replicas = 0
const objects = [configMap('files', { a: '1' }), web]

async function deploy(forceConflicts = false, wanted: readonly KubeObject[] = objects) {
  const events: DeployEvent[] = []
  const verdict = await deployRelease({
    ...where,
    objects: wanted,
    clock,
    forceConflicts,
    timeoutMs: 200_000,
    onEvent: (event) => events.push(event),
  })
  const operations = events
    .flatMap((event) => (event.type === 'plan' ? event.operations : []))
    .filter(({ verb }) => verb !== 'unchanged')
    .map(({ verb, object }) => `${verb} ${object}`)
  const added = events.flatMap((event) => (event.type === 'added' ? event.fields : []))
  return { verdict, operations, added }
}

/** Changes an object as `kubectl edit` and its like do. */
const byHand = (path: string, manager: string, patch: object, type = 'strategic-merge-patch') =>
  api.send(
    'PATCH',
    `/${path}?fieldManager=${manager}`.replace('NAMESPACE', namespace),
    patch,
    `application/${type}+json`,
  )
const DEPLOYMENT = 'apis/apps/v1/namespaces/NAMESPACE/deployments/web'
const FILES = 'api/v1/namespaces/NAMESPACE/configmaps/files'

const container = (rest: object) => ({
  spec: { template: { spec: { containers: [{ name: 'web', ...rest }] } } },
})
const statusDrift = async () => (await releaseStatus(where))?.drift.map(({ at, ...rest }) => rest)
const read = async () =>
  (await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace }))?.spec
    .template.spec

describe.skipIf(!api.bare).sequential('what others change', () => {
  test('nothing, after a deploy and a controller that leaves its notes', async () => {
    await deploy()
    const notes = { metadata: { annotations: { 'deployment.kubernetes.io/revision': '1' } } }
    await byHand(DEPLOYMENT, 'kube-controller-manager', notes)
    await byHand(DEPLOYMENT, 'kubectl-label', { metadata: { labels: { team: 'a' } } })
    expect(await statusDrift()).toEqual([])
  })

  test('a variable that was added stays, is reported, and makes no revision', async () => {
    const env = [{ name: 'DEBUG', value: 'yes' }]
    await byHand(DEPLOYMENT, 'kubectl-edit', container({ env }))
    const field = 'spec.template.spec.containers[web].env[DEBUG]'
    const drift = { object: 'deployment/web', change: 'added', field, manager: 'kubectl-edit' }
    expect(await statusDrift()).toEqual([drift])
    for (const round of [1, 2]) {
      const { verdict, operations, added } = await deploy()
      expect([round, verdict.state, operations]).toEqual([round, 'ready', []])
      expect(added).toMatchObject([drift])
    }
  })

  test('a container that was added is one field', async () => {
    await byHand(DEPLOYMENT, 'kubectl-edit', container({ name: 'shell', image: 'busybox:1.35' }))
    expect(await statusDrift()).toContainEqual({
      object: 'deployment/web',
      change: 'added',
      field: 'spec.template.spec.containers[shell]',
      manager: 'kubectl-edit',
    })
  })

  test('values that were changed are a conflict that names field and tool, and nothing is changed', async () => {
    await byHand(DEPLOYMENT, 'kubectl-set', container({ env: [{ name: 'A', value: '2' }] }))
    await byHand(FILES, 'kubectl-edit', { data: { a: '2' } }, 'merge-patch')
    const { conflicts } = await diffRelease({ ...where, objects })
    expect(conflicts).toMatchObject([
      { object: 'configmap/files', field: 'data.a', manager: 'kubectl-edit' },
      { object: 'deployment/web', manager: 'kubectl-set' },
    ])
    const { verdict } = await deploy()
    expect(verdict).toMatchObject({
      state: 'failed',
      failure: {
        code: 'deploy/conflict',
        message: expect.stringMatching(
          /kubectl-edit has set data\.a of configmap\/files .*kubectl-set has set spec\.template\.spec\.containers\[web\]\.env\[A\]\.value of deployment\/web/,
        ),
      },
    })
    expect(verdict.back ?? verdict.notBack).toBeUndefined()
    expect((await read())?.containers).toContainEqual(
      expect.objectContaining({
        name: 'web',
        env: expect.arrayContaining([{ name: 'A', value: '2' }]),
      }),
    )
  })

  test('a changed project conflicts with them as well, unless it has the same values', async () => {
    const changed = { ...configMap('files', { a: '3' }) }
    expect((await deploy(false, [changed, web])).verdict.failure?.code).toBe('deploy/conflict')
    const same = deployment('web', { env: [{ name: 'A', value: '2' }] })
    same.spec.replicas = 0
    const { verdict } = await deploy(false, [configMap('files', { a: '2' }), same])
    expect(verdict.state).toBe('ready')
  })

  test('--force-conflicts sets them again, and removes what was added', async () => {
    await byHand(FILES, 'kubectl-edit', { data: { a: '9', b: '9' } }, 'merge-patch')
    const { verdict } = await deploy(true)
    expect(verdict.failure).toBeUndefined()
    const spec = await read()
    expect(spec?.containers.map(({ name, env }: never) => ({ name, env }))).toEqual([
      { name: 'web', env: [{ name: 'A', value: '1' }] },
    ])
    const files = await client.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'files',
      namespace,
    })
    expect(files?.data).toEqual({ a: '1' })
    expect(await statusDrift()).toEqual([])
    expect((await deploy()).operations).toEqual([])
  })

  test('a rollback takes values from whoever changed them', async () => {
    await byHand(FILES, 'kubectl-edit', { data: { a: '9' } }, 'merge-patch')
    const verdict = await rollbackRelease({ ...where, clock, timeoutMs: 200_000 })
    expect(verdict.failure).toBeUndefined()
    const files = await client.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'files',
      namespace,
    })
    expect(files?.data.a).not.toBe('9')
    await deploy(true)
  })

  test('the number of pods belongs to an autoscaler, also to one of somebody else', async () => {
    const scaler: KubeObject = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'theirs', namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 1,
        maxReplicas: 3,
      },
    }
    const scale = { spec: { replicas: 2 } }
    await byHand(`${DEPLOYMENT}/scale`, 'kubectl', scale, 'merge-patch')
    expect(await statusDrift()).toMatchObject([{ field: 'spec.replicas', change: 'changed' }])
    await client.create(scaler)
    expect(await statusDrift()).toEqual([])
  })

  test('what is missing is a failure', async () => {
    await client.delete({ apiVersion: 'v1', kind: 'ConfigMap', name: 'files', namespace })
    expect(await releaseStatus(where)).toMatchObject({
      state: 'failed',
      drift: [{ object: 'configmap/files', change: 'missing' }],
    })
  })
})
