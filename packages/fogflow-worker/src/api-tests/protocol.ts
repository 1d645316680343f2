import { type ApiNamespace, eventually } from '@landfall/testkit'
import { expect, test } from 'vitest'
import type { Worker } from '../worker.ts'
import { plan, type World } from './world.ts'

const WORKER = 'Worker.001'
const soon = <T>(check: () => T | Promise<T>): Promise<T> => eventually(100_000, check, 30)

/** Every message of the protocol, with one worker. */
export function protocolTests(w: () => World, namespace: ApiNamespace): void {
  let worker: Worker
  const add = (id: string, more: object = {}) =>
    w().master.send('ADD_TASK', WORKER, plan(id, WORKER, more))
  const remove = (id: string) =>
    w().master.send('REMOVE_TASK', WORKER, { ID: id, WorkerID: WORKER })
  const status = (id: string, expected: string) =>
    soon(() => expect(w().master.status(id)).toBe(expected))
  const gone = (id: string) =>
    soon(async () => expect(await w().deployment(WORKER, id)).toBeUndefined())
  const subscribed = () =>
    [...w().broker.subscriptions.values()]
      .map(({ correlator, entity }) => `${correlator} ${entity.id}`)
      .sort()

  test('it joins with its profile, beats, and is ready', async () => {
    worker = w().start('001', { worker: { capacity: 4 } })
    const join = await soon(() => {
      const [first] = w().master.heard
      if (first === undefined) throw new Error('nothing heard')
      return first
    })
    expect(join).toEqual({
      Type: 'WORKER_JOIN',
      RoutingKey: 'heartbeat.',
      From: WORKER,
      PayLoad: {
        ...{ id: WORKER, location: { latitude: 35.6, longitude: 139.7 }, geohash_id: '' },
        ...{ os: 'linux', hardware: 'amd64', capacity: 4, workload: 0 },
        ...{ CAdvisorPort: 0, EdgeAddress: '' },
      },
    })
    await soon(() => expect(w().master.heard.map(({ Type }) => Type)).toContain('WORKER_HEARTBEAT'))
    await soon(() => expect(worker.health.problems()).toEqual([]))
  })

  test('a task runs, is fed, and goes with its subscription and its output', async () => {
    const id = 'Task.Test.Main.225957054'
    await add(id)
    await status(id, 'running')
    const deployment = await w().deployment(WORKER, id)
    const { name } = deployment?.metadata ?? { name: '' }
    const reference = `http://${name}.${namespace.name}.svc:8080`
    expect([...w().broker.subscriptions.values()]).toEqual([
      {
        entity: { type: 'Temperature', id: 'Device.225957054' },
        attributes: [],
        reference,
        correlator: id,
      },
    ])
    const [{ env }] = deployment?.spec.template.spec.containers ?? []
    expect(env[0]).toEqual({ name: 'myport', value: '8080' })
    expect(JSON.parse(env[1].value)).toEqual([
      { command: 'CONNECT_BROKER', brokerURL: `http://127.0.0.1:${w().broker.port}/ngsi10` },
      { command: 'SET_CORRELATORID', correlatorID: id },
      { command: 'SET_REFERENCE', url: reference },
      { command: 'SET_OUTPUTS', type: 'Out', id: 'Out.225957054.1' },
    ])
    const info = w().master.heard.find(({ Type }) => Type === 'TASK_INFO')
    expect(info?.PayLoad).toMatchObject({ TaskID: id, Info: `refURL=${reference}` })

    await remove(id)
    await status(id, 'removed')
    await gone(id)
    expect(subscribed()).toEqual([])
    expect(w().broker.deleted).toContain('Out.225957054.1')
    expect(await w().services()).toEqual([])
  })

  test('a task that is added twice is one', async () => {
    await Promise.all([add('T.2'), add('T.2'), add('T.2')])
    await status('T.2', 'running')
    expect(await w().running()).toEqual(['T.2'])
    expect(subscribed()).toEqual(['T.2 Device.2'])
    await remove('T.2')
    await gone('T.2')
  })

  test('inputs come and go, also before their task runs, and before it is known', async () => {
    const flow = (ID: string) => ({
      InputStream: { Type: 'Temperature', ID, AttributeList: [] },
      TaskInstanceID: 'T.3',
      WorkerID: WORKER,
    })
    w().kubelet.paused = true
    await w().master.send('ADD_INPUT', WORKER, flow('Early'))
    await add('T.3')
    await w().master.send('ADD_INPUT', WORKER, flow('Late'))
    await w().master.send('REMOVE_INPUT', WORKER, {
      InputStream: { ID: 'Device.3' },
      TaskInstanceID: 'T.3',
      WorkerID: WORKER,
    })
    w().kubelet.paused = false
    await soon(() => expect(subscribed()).toEqual(['T.3 Early', 'T.3 Late']))
    await w().master.send('REMOVE_INPUT', WORKER, flow('Late'))
    await soon(() => expect(subscribed()).toEqual(['T.3 Early']))
    await remove('T.3')
    await gone('T.3')
    expect(subscribed()).toEqual([])
  })

  test('an exclusive task pauses the others, and they resume', async () => {
    await add('T.4')
    await status('T.4', 'running')
    await add('T.5', { IsExclusive: true, PriorityLevel: 1 })
    await status('T.4', 'paused')
    await add('T.6')
    await status('T.6', 'paused')
    await status('T.5', 'running')
    expect(await w().running()).toEqual(['T.5'])
    expect(subscribed()).toEqual(['T.5 Device.5'])
    expect(w().broker.deleted).not.toContain('Out.4.1')
    await remove('T.5')
    await status('T.4', 'running')
    await status('T.6', 'running')
    await Promise.all([remove('T.4'), remove('T.6')])
    await gone('T.6')
    await gone('T.4')
  })

  test('no more tasks run than it has places', async () => {
    for (const number of [11, 12, 13, 14, 15]) await add(`T.${number}`)
    await status('T.15', 'waiting: the worker is full')
    await status('T.14', 'running')
    await remove('T.11')
    await status('T.15', 'running')
    await Promise.all([12, 13, 14, 15].map((number) => remove(`T.${number}`)))
    for (const number of [11, 12, 13, 14, 15]) await gone(`T.${number}`)
  })

  test.each(['ADD first', 'REMOVE first'])(
    'a task that moves keeps its output: %s',
    async (order) => {
      const id = order === 'ADD first' ? 'T.21' : 'T.22'
      const output = order === 'ADD first' ? 'Out.21.1' : 'Out.22.1'
      await add(id)
      await status(id, 'running')
      const give = () => w().master.send('ADD_TASK', 'Worker.002', plan(id, 'Worker.002'))
      if (order === 'ADD first') await give()
      await remove(id)
      if (order === 'REMOVE first') await give()
      await gone(id)
      expect(w().broker.deleted).not.toContain(output)
      expect(subscribed()).toEqual([])
    },
  )

  test('a function and a service are part of a task', async () => {
    await add('T.31', {
      FunctionCode: 'exports.handler = () => {}',
      Parameters: [{ name: 'service-port', value: '9000;9001' }],
    })
    await status('T.31', 'running')
    const deployment = await w().deployment(WORKER, 'T.31')
    expect(deployment?.spec.template.spec.containers[0].volumeMounts).toEqual([
      { name: 'function', mountPath: '/app/function.js', subPath: 'function.js' },
    ])
    const [service] = await w().services()
    expect(service?.spec.ports.map(({ port }: { port: number }) => port)).toEqual([
      8080, 9000, 9001,
    ])
    const metadata = w().broker.entities.get('uService.Test.T.31')?.domainMetadata ?? []
    expect(Object.fromEntries(metadata.map(({ name, value }) => [name, value]))).toMatchObject({
      ...{ service: 'Test', taskID: 'T.31', operator: 'counter', port: '9000' },
    })
    await remove('T.31')
    await gone('T.31')
    expect(w().broker.entities.has('uService.Test.T.31')).toBe(false)
  })

  test('a start that fails is reported with its reason', async () => {
    await add('T.41', { DockerImage: '' })
    await status('T.41', 'failed: no image of the operator counter is for this worker')
    await add('T.42', { DockerImage: 'Not An Image' })
    w().kubelet.paused = true
    await add('T.43')
    const deployment = await soon(async () => {
      const found = await w().deployment(WORKER, 'T.43')
      if (found === undefined) throw new Error('not there yet')
      return found
    })
    await namespace.statuses.pod('Deployment', deployment.metadata.name, {
      containers: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }],
    })
    await status('T.43', 'failed: the image fogflow/counter:latest cannot be pulled')
    w().kubelet.paused = false
    await Promise.all([remove('T.41'), remove('T.42'), remove('T.43')])
    await status('T.41', 'removed')
    await gone('T.42')
  })

  test('what is not a message is left out, and the next one is taken', async () => {
    await w().master.sendRaw(WORKER, '')
    await w().master.sendRaw(WORKER, '{"Type":')
    await w().master.send('ADD_TASK', WORKER, { ID: 7 })
    await w().master.send('PREFETCH_IMAGE', WORKER, { OperatorName: 'counter' })
    await add('T.51')
    await status('T.51', 'running')
    await remove('T.51')
    await gone('T.51')
  })

  test('subscriptions that the broker has lost are made again', async () => {
    await add('T.61')
    await soon(() => expect(subscribed()).toContain('T.61 Device.61'))
    // listed once, then lost as by a restart
    const { listed } = w().broker
    await soon(() => expect(w().broker.listed).toBeGreaterThan(listed))
    w().broker.subscriptions.clear()
    await soon(() => expect(subscribed()).toContain('T.61 Device.61'))
    await remove('T.61')
    await gone('T.61')
  })

  test('a worker that is replaced leaves nothing, and one that is deleted leaves with its tasks', async () => {
    await add('T.71')
    await status('T.71', 'running')
    await worker.stop('replaced')
    expect(w().master.heard.map(({ Type }) => Type)).not.toContain('WORKER_LEAVE')
    expect(await w().running()).toEqual(['T.71'])
    const successor = w().start('001')
    await soon(() => expect(successor.health.problems()).toEqual([]))
    expect(subscribed()).toEqual(['T.71 Device.71'])
    await successor.stop('deleted')
    await soon(() => expect(w().master.heard.at(-1)?.PayLoad.Status ?? '').toBe('removed'))
    expect(w().master.heard.filter(({ Type }) => Type === 'WORKER_LEAVE')).toHaveLength(1)
    expect([await w().running(), await w().services(), subscribed()]).toEqual([[], [], []])
    expect(w().broker.deleted).toContain('Out.71.1')
  })
}
