import type { KubeObject } from '@landfall/kube'
import { apiNamespace, configMap, deployment } from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import type { DeployEvent } from '../events.ts'
import { deployRelease, diffRelease, scaleRelease } from '../index.ts'
import { fastClock } from '../test-clock.ts'

const { name: namespace, api, statuses } = apiNamespace('scale')
const { client } = api
const where = { client, release: 'scale', namespace, clock: fastClock(10), timeoutMs: 200_000 }

const named = (object: KubeObject, annotations: Record<string, string> = {}): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { 'landfall.dev/service': object.metadata.name, ...annotations },
  },
})
const withReplicas = (object: KubeObject, replicas: number): KubeObject => ({
  ...object,
  spec: { ...object.spec, replicas },
})
const withoutReplicas = ({ spec: { replicas: _, ...spec }, ...object }: KubeObject): KubeObject =>
  ({ ...object, spec }) as KubeObject
const autoscaler: KubeObject = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 2,
    maxReplicas: 6,
    metrics: [
      {
        type: 'ContainerResource',
        containerResource: {
          name: 'cpu',
          container: 'web',
          target: { type: 'Utilization', averageUtilization: 70 },
        },
      },
    ],
  },
}
const files = configMap('files', { a: '1' })
const read = (kind: string, name: string, apiVersion = 'apps/v1') =>
  client.get({ apiVersion, kind, name, namespace })
const replicas = async () => (await read('Deployment', 'web'))?.spec.replicas
const budget = () => read('PodDisruptionBudget', 'web', 'policy/v1')

/** `changed`: Deployments whose controller has something to do. */
async function deploy(objects: readonly KubeObject[], ...changed: string[]): Promise<string[]> {
  const events: DeployEvent[] = []
  const [verdict] = await Promise.all([
    deployRelease({ ...where, objects, onEvent: (event) => events.push(event) }),
    ...changed.map((name) => statuses.deploymentReady(name)),
  ])
  expect(verdict.failure).toBeUndefined()
  // the API server of the tests serves no metrics
  expect(verdict.withoutMetrics).toEqual(objects.includes(autoscaler) ? ['web'] : undefined)
  return events
    .flatMap((event) => (event.type === 'plan' ? event.operations : []))
    .filter(({ verb }) => verb !== 'unchanged')
    .map(({ verb, object, cause }) => `${verb} ${object}: ${cause}`)
}

async function scale(copies: Record<string, number>) {
  const [report] = await Promise.all([
    scaleRelease({ ...where, copies: new Map(Object.entries(copies)) }),
    statuses.deploymentReady('web'),
  ])
  return report
}

/** As the autoscaler does it. */
const autoscale = (count: number) =>
  api.send(
    'PATCH',
    `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale?fieldManager=kube-controller-manager`,
    { spec: { replicas: count } },
    'application/merge-patch+json',
  )

describe.sequential('the number of pods', () => {
  const web = named(deployment('web'))
  const db = named(deployment('db'), {
    'landfall.dev/one-copy': 'PostgreSQL does not form a cluster; use an operator',
  })

  test('is set by scale, with a budget, and set back by the next deploy of the project', async () => {
    await deploy([web, db, files], 'web', 'db')
    const { verdict, services } = await scale({ web: 3 })
    expect(verdict.state).toBe('ready')
    expect(services).toEqual([
      { service: 'web', object: 'deployment/web', from: 1, to: 3, declared: 1 },
    ])
    expect(await replicas()).toBe(3)
    expect((await budget())?.spec.maxUnavailable).toBe(1)

    expect(await deploy([web, db, files], 'web')).toEqual([
      'delete poddisruptionbudget/web: no longer part of the release',
      'update deployment/web: was scaled from 1 to 3, or changed in the project',
    ])
    expect(await replicas()).toBe(1)
  })

  test('is not set where one copy is right, and then nothing is changed', async () => {
    const refused = scaleRelease({
      ...where,
      copies: new Map([
        ['db', 2],
        ['web', 2],
        ['nobody', 1],
      ]),
    })
    await expect(refused).rejects.toMatchObject({
      refusals: [
        {
          service: 'db',
          message: 'db has one copy, because PostgreSQL does not form a cluster',
          hint: 'use an operator; or declare services.db.singleton: false in landfall.yaml if it may have more',
        },
        { service: 'nobody', message: 'the release has no service nobody', hint: 'it has db, web' },
      ],
    })
    expect(await replicas()).toBe(1)
  })

  test('is left to an autoscaler, which takes it over as it is', async () => {
    await deploy([withReplicas(web, 5), db, files], 'web')
    const scaled = withoutReplicas(web)
    const { changes } = await diffRelease({ ...where, objects: [scaled, db, files, autoscaler] })
    expect(changes.map(({ change, object }) => `${change} ${object}`)).toEqual([
      'create horizontalpodautoscaler/web',
    ])
    await deploy([scaled, db, files, autoscaler], 'web')
    expect(await replicas()).toBe(5)

    await autoscale(3)
    await statuses.deploymentReady('web')
    expect(await deploy([scaled, db, files, autoscaler])).toEqual([])
    expect(await replicas()).toBe(3)

    await expect(scaleRelease({ ...where, copies: new Map([['web', 4]]) })).rejects.toMatchObject({
      refusals: [
        { message: 'horizontalpodautoscaler/web sets the number of pods of web, from 2 to 6' },
      ],
    })
  })

  test('is the least of the autoscaler where it is less, and that of the project without one', async () => {
    await autoscale(0)
    await statuses.deploymentReady('web')
    const scaled = withoutReplicas(web)
    expect(await deploy([scaled, db, files, autoscaler], 'web')).toEqual([
      'update deployment/web: has fewer pods than its autoscaler',
    ])
    expect(await replicas()).toBe(2)
    await autoscale(3)
    await statuses.deploymentReady('web')
    await deploy([withReplicas(web, 4), db, files], 'web')
    expect(await replicas()).toBe(4)
  })
})
