import {
  eventually,
  type Json,
  keepOnFailure,
  landfall,
  type Namespace,
  podReady,
} from '@landfall/testkit'
import { expect, test } from 'vitest'

/** Where the sites are deployed, and how. */
export interface Places {
  cloud: Namespace
  edge: Namespace
  /** Arguments of `up`, `down` and others: files and the cluster. */
  args: readonly string[]
  env?: Record<string, string>
}

const TASK = 'fogflow.landfall.dev/worker'
const NEAR = {
  cloud: { latitude: 49.4, longitude: 8.7 },
  edge: { latitude: 35.5, longitude: 139.6 },
}

/** What "works" means for FogFlow at two sites, with the worker of this repository: each step goes on where the one before it ended. */
export function fogflowSteps({ cloud, edge, args, env = {} }: Places): void {
  const both = { cloud, edge }
  const keep = () => Object.values(both).forEach(keepOnFailure)

  const inside = (namespace: Namespace, service: string, url: string, body?: object) =>
    namespace.kubectl([
      ...['exec', `deploy/${service}`, '-c', service, '--', 'python3', '-c'],
      'import sys,urllib.request as r; print(r.urlopen(sys.argv[1], sys.argv[2].encode() or None, timeout=5).read().decode())',
      url,
      body === undefined ? '' : JSON.stringify(body),
    ])
  const master = async (path: string): Promise<Json> =>
    JSON.parse(await inside(cloud, 'discovery', `http://master:8010/${path}`))
  const broker = async (at: Namespace, path: string, body?: object): Promise<Json> =>
    JSON.parse(await inside(at, 'broker', `http://broker:8070/ngsi10/${path}`, body))
  const functionOf = (name: string) =>
    inside(cloud, 'discovery', 'http://designer:8080/fogfunction', {
      ...{ function: name, entity: name },
    })
  /** An entity at the broker of the edge, of the type of a function. */
  const entity = (name: string, location?: object, updateAction = 'UPDATE') =>
    broker(edge, 'updateContext', {
      contextElements: [
        {
          entityId: { type: name, id: `Device.${name}` },
          ...(location && {
            domainMetadata: [{ name: 'location', type: 'point', value: location }],
          }),
        },
      ],
      updateAction,
    })
  const tasks = (at: Namespace, kind: string): Promise<Json[]> => at.list(kind, TASK)
  const taskPods = async (at: Namespace, name: string): Promise<Json[]> =>
    (await tasks(at, 'pods')).filter(
      ({ metadata }) => metadata.labels['fogflow.landfall.dev/topology'] === name,
    )
  const runs = (at: Namespace, name: string): Promise<string> =>
    eventually(60_000, async () => {
      const pods = await taskPods(at, name)
      expect(pods.map(podReady)).toEqual([true])
      return pods[0].metadata.uid
    })
  const statuses = async (name: string): Promise<string[]> =>
    Object.entries(await master('statuses'))
      .filter(([task]) => task.startsWith(`Task.${name}.`))
      .flatMap(([, all]) => all as string[])
  /** The output of a function, as the broker of the cloud knows it. */
  const outputAtCloud = (name: string): Promise<Json> =>
    eventually(30_000, async () => {
      const all = [...(await broker(cloud, 'entities')), ...(await broker(edge, 'entities'))]
      const id = all.find((one: string) => one.startsWith(`Out.${name}.`))
      expect(id).toBeDefined()
      const found = await broker(cloud, 'queryContext', { entities: [{ id, type: 'Out' }] })
      expect(found.contextResponses).toHaveLength(1)
      return found.contextResponses[0].contextElement
    })
  const workersListed = () =>
    eventually(60_000, async () =>
      expect((await master('workers')).sort()).toEqual(['Worker.001', 'Worker.002']),
    )

  test('the master of the cloud lists the workers of both sites, and names of the cloud lead there from the edge', async () => {
    keep()
    await workersListed()
    expect(await inside(edge, 'broker', 'http://master:8010/workers')).toContain('Worker.001')
    const own = (await edge.list('deployments')).map(({ metadata }) => metadata.name)
    expect(own.sort()).toEqual(['broker', 'worker'])
  })

  test('a device near the edge gets its task there, as a Deployment and a Service, and its result is found at the broker of the cloud', async () => {
    keep()
    await functionOf('Near')
    await entity('Near', NEAR.edge)
    await runs(edge, 'Near')
    expect(await tasks(cloud, 'deployments')).toEqual([])
    expect(await tasks(edge, 'deployments')).toHaveLength(1)
    expect(await tasks(edge, 'services')).toHaveLength(1)
    const { attributes } = await outputAtCloud('Near')
    expect(attributes).toContainEqual({ name: 'of', value: 'Device.Near' })
    await eventually(30_000, async () => expect((await statuses('Near')).at(-1)).toBe('running'))
  })

  test('a rolled worker is not struck off the list, and finds its tasks again', async () => {
    keep()
    const pod = await runs(edge, 'Near')
    await edge.kubectl(['rollout', 'restart', 'deploy/worker'])
    await edge.kubectl(['rollout', 'status', 'deploy/worker', '--timeout=90s'])
    expect(await edge.kubectl(['logs', 'deploy/worker', '-c', 'worker'])).toContain(
      'is found again',
    )
    expect(await cloud.kubectl(['logs', 'deploy/master', '-c', 'master'])).not.toContain('leaves')
    expect(await master('workers')).toContain('Worker.002')
    expect(await runs(edge, 'Near')).toBe(pod)
  })

  test('a device that moves near the cloud takes its task and its output along', async () => {
    keep()
    await entity('Near', NEAR.cloud)
    await runs(cloud, 'Near')
    await eventually(60_000, async () => expect(await tasks(edge, 'pods')).toEqual([]))
    await eventually(30_000, async () => expect(await tasks(edge, 'deployments')).toEqual([]))
    const { entityId } = await outputAtCloud('Near')
    expect(entityId.type).toBe('Out')
  })

  test('RabbitMQ is deleted: both workers connect again, their tasks run on, and a new function runs', async () => {
    keep()
    const pod = await runs(cloud, 'Near')
    const own = async () =>
      (await edge.list('pods', 'app.kubernetes.io/name=worker')).map(({ metadata }) => metadata.uid)
    const worker = await own()
    await cloud.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/name=rabbitmq'])
    let count = 0
    // a function that comes while one program is away is lost, as it is with FogFlow: a user tries again
    await eventually(180_000, async () => {
      const name = `After${++count}`
      await functionOf(name)
      await entity(name, NEAR.edge)
      await eventually(8_000, async () =>
        expect((await taskPods(edge, name)).map(podReady)).toEqual([true]),
      )
    })
    expect(await runs(cloud, 'Near')).toBe(pod)
    expect(await own()).toEqual(worker)
    await workersListed()
  })

  test('a deleted entity takes its task, its Service, its subscription and its output along', async () => {
    keep()
    await functionOf('Last')
    await entity('Last', NEAR.edge)
    await runs(edge, 'Last')
    await outputAtCloud('Last')
    await entity('Last', undefined, 'DELETE')
    await eventually(60_000, async () => {
      expect(await taskPods(edge, 'Last')).toEqual([])
      for (const kind of ['deployments', 'services'])
        expect(
          (await tasks(edge, kind)).map(
            ({ metadata }) => metadata.labels['fogflow.landfall.dev/topology'],
          ),
        ).not.toContain('Last')
      const outputs = [...(await broker(cloud, 'entities')), ...(await broker(edge, 'entities'))]
      expect(outputs.filter((one: string) => one.startsWith('Out.Last'))).toEqual([])
      const subscriptions = Object.values(await broker(edge, 'subscription')) as Json[]
      expect(subscriptions.map(({ entities }) => entities[0].type)).not.toContain('Last')
    })
  })

  test('`down` of the site ends its tasks, and the master strikes its worker off the list', async () => {
    keep()
    const { code, stdout, stderr } = await landfall(['down', ...args, '--site', 'edge-1'], { env })
    expect(code, `${stdout}\n${stderr}`).toBe(0)
    await eventually(60_000, async () => {
      const { stdout: left } = await edge.tryKubectl([
        'get',
        'pods,deployments,services',
        '-o',
        'name',
      ])
      expect(left).toBe('')
    })
    expect(await master('workers')).toEqual(['Worker.001'])
  })
}
