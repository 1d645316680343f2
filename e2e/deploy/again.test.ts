import {
  type DeployEvent,
  deployRelease,
  downRelease,
  releaseLogs,
  releaseStatus,
} from '@landfall/deploy'
import type { KubeObject } from '@landfall/kube'
import { claim, configMap, deployment, job, keepOnFailure, testNamespace } from '@landfall/testkit'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clusterClient } from './client.ts'
import { provideTestImage } from './image.ts'

const namespace = testNamespace('e2e-deploy-again')
const release = 'again'
const where = { release, namespace: namespace.name }
const client = clusterClient()

const mounted = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }
const mounts = { volumeMounts: [{ name: 'data', mountPath: '/data' }] }
const web = deployment('web', mounts, mounted)
const first = [configMap('files', { a: '1' }), claim('data'), web, job('migrate-1', 'echo one')]
const second = [claim('data'), web, job('migrate-2', 'echo two')]

/** Deploys, and gives the operations that were not `unchanged`. */
async function deploy(objects: readonly KubeObject[], forceConflicts = false): Promise<string[]> {
  const events: DeployEvent[] = []
  const verdict = await deployRelease({
    client: client(),
    objects,
    ...where,
    forceConflicts,
    timeoutMs: 600_000,
    onEvent: (event) => events.push(event),
  })
  expect(verdict.failure).toBeUndefined()
  expect(verdict.state).toBe('ready')
  return events
    .flatMap((event) => (event.type === 'plan' ? event.operations : []))
    .filter(({ verb }) => verb !== 'unchanged')
    .map(({ verb, object }) => `${verb} ${object}`)
}

const podUids = async () =>
  (await namespace.list('pods')).map(({ metadata }) => metadata.uid as string).sort()
const names = async (kinds: string) =>
  (await namespace.kubectl(['get', kinds, '-o', 'name'])).split('\n').filter(Boolean).sort()

beforeAll(provideTestImage)
beforeEach(() => keepOnFailure(namespace))

describe.sequential('a release that is deployed again', () => {
  test('the first time everything is made, the namespace too', async () => {
    expect(await deploy(first)).toEqual([
      'create namespace/e2e-deploy-again',
      'create configmap/files',
      'create persistentvolumeclaim/data',
      'create deployment/web',
      'create job/migrate-1',
    ])
  })

  test('with nothing changed it restarts no pod, runs no Job and writes nothing', async () => {
    const before = await podUids()
    const record = await namespace.get('configmap', 'landfall-release-again')
    expect(await deploy(first)).toEqual([])
    expect(await podUids()).toEqual(before)
    expect(await namespace.get('configmap', 'landfall-release-again')).toEqual(record)
  })

  test('what someone changed by hand is put right if that is wanted', async () => {
    await namespace.kubectl(['patch', 'configmap', 'files', '-p', '{"data":{"a":"2"}}'])
    expect(await deploy(first, true)).toEqual(['update configmap/files'])
    expect((await namespace.get('configmap', 'files')).data).toEqual({ a: '1' })
  })

  test('a changed migration runs once beside the old one, and what is gone from the project goes', async () => {
    const [webPod] = (await namespace.list('pods', 'app=web')).map(({ metadata }) => metadata.uid)
    expect(await deploy(second)).toEqual([
      'keep job/migrate-1',
      'create job/migrate-2',
      'delete configmap/files',
    ])
    expect(await names('jobs')).toEqual(['job.batch/migrate-1', 'job.batch/migrate-2'])
    expect((await namespace.list('pods', 'app=web')).map(({ metadata }) => metadata.uid)).toEqual([
      webPod,
    ])
    expect((await namespace.list('pods', 'app=migrate-2')).length).toBe(1)
  })

  test('its status and its logs tell the same', async () => {
    const status = await releaseStatus({ client: client(), ...where })
    expect(status).toMatchObject({ revision: 3, state: 'current' })
    expect(status?.workloads.map(({ object, ready }) => [object, ready])).toEqual([
      ['deployment/web', 1],
      ['job/migrate-2', 1],
    ])
    const lines: string[] = []
    for await (const { pod, line } of releaseLogs({ client: client(), ...where }))
      lines.push(`${pod.replace(/-\w{5}$/, '')} ${line}`)
    // a Job of an earlier revision is kept, and is no service of this one
    expect(lines).toEqual(['migrate-2 two'])
  })

  test('a Service that gets its first port is made anew, because it cannot be changed', async () => {
    const service = (spec: Record<string, unknown>): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ...spec },
    })
    await deploy([...second, service({ clusterIP: 'None' })])
    expect(await deploy([...second, service({ ports: [{ port: 80 }] })])).toEqual([
      'replace service/web',
      'keep job/migrate-1',
    ])
    expect((await namespace.get('service', 'web')).spec.clusterIP).not.toBe('None')
  })

  test('a deploy that is stopped in the middle is gone on with', async () => {
    const stop = new AbortController()
    const objects = [claim('data'), web, deployment('late'), job('migrate-3', 'echo three')]
    const stopped = deployRelease({
      client: client(),
      objects,
      ...where,
      signal: stop.signal,
      onEvent: ({ type }) => type === 'apply' && stop.abort(new Error('stopped')),
    })
    await expect(stopped).rejects.toThrow()
    await deploy(objects)
    expect(await deploy(objects)).toEqual(['keep job/migrate-1', 'keep job/migrate-2'])
    expect(await names('deployments')).toEqual(['deployment.apps/late', 'deployment.apps/web'])
  })

  test('down removes all of it and nothing else; the claim stays with its data', async () => {
    await namespace.kubectl(['create', 'configmap', 'theirs'])
    const report = await downRelease({ client: client(), ...where })
    expect(report).toMatchObject({ kept: ['persistentvolumeclaim/data'], namespace: 'inUse' })
    expect(report.left.sort()).toEqual(['configmap/theirs', 'persistentvolumeclaim/data'])
    expect(await names('all,secrets,configmaps,pvc')).toEqual([
      'configmap/kube-root-ca.crt',
      'configmap/theirs',
      'persistentvolumeclaim/data',
    ])
  })

  test('down with the volumes removes the claim, and the namespace when nothing else is in it', async () => {
    await namespace.kubectl(['delete', 'configmap', 'theirs'])
    const report = await downRelease({ client: client(), ...where, volumes: true })
    expect(report).toMatchObject({ deleted: ['persistentvolumeclaim/data'], namespace: 'deleted' })
    expect((await namespace.tryKubectl(['get', 'namespace', namespace.name])).code).toBe(1)
    expect(await downRelease({ client: client(), ...where })).toMatchObject({ namespace: 'absent' })
  })
})
