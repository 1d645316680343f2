import { expect, test } from 'vitest'
import { parseConfig } from '../config.ts'
import { parseMessage, printMessage } from './message.ts'
import { profileOf } from './profile.ts'

const read = (message: unknown) =>
  parseMessage(
    new TextEncoder().encode(typeof message === 'string' ? message : JSON.stringify(message)),
  )

/** As the real master sent it. */
const CAPTURED = {
  ...{ ID: 'Task.Test.Main.225957054', TopologyName: 'Test', TaskName: 'Main' },
  ...{ ServiceIntentID: 'ServiceIntent.1', OperatorName: 'counter', TaskType: '' },
  ...{ FunctionCode: '', DockerImage: 'fogflow/counter:latest', Parameters: [] },
  ...{ WorkerID: 'Worker.002', IsExclusive: false, PriorityLevel: 0, Status: 'scheduled' },
  Inputs: [{ Type: 'Temperature', ID: 'Device.T1', AttributeList: ['all'] }],
  Outputs: [{ Type: 'Out', StreamID: 'Out.225957054.1', Annotations: null }],
}
const sent = (Type: string, PayLoad: unknown, RoutingKey = 'Worker.002.') => ({
  ...{ Type, RoutingKey, From: 'Master.001', PayLoad },
})

test('a task as the master sends it', () => {
  expect(read(sent('ADD_TASK', CAPTURED))).toEqual({
    type: 'ADD_TASK',
    worker: 'Worker.002',
    task: {
      ...{ id: 'Task.Test.Main.225957054', worker: 'Worker.002', topology: 'Test', name: 'Main' },
      ...{ intent: 'ServiceIntent.1', operator: 'counter', code: '', priority: 0 },
      ...{ image: 'fogflow/counter:latest', servicePorts: [], exclusive: false },
      inputs: [{ type: 'Temperature', id: 'Device.T1', attributes: [] }],
      outputs: [{ type: 'Out', id: 'Out.225957054.1' }],
      raw: CAPTURED,
    },
  })
})

test('lists that Go writes as null are empty, and ports that are none are left out', () => {
  const task = { ...CAPTURED, Inputs: null, Outputs: null }
  const Parameters = [
    { name: 'service_port', value: '80; 443;x;80' },
    { name: 'gpus', value: 'all' },
  ]
  expect(read(sent('ADD_TASK', { ...task, Parameters }))).toMatchObject({
    task: { inputs: [], outputs: [], servicePorts: [80, 443] },
  })
})

test('a removal has the id alone; a flow without a worker is for that of its key', () => {
  expect(read(sent('REMOVE_TASK', { ID: 'T', WorkerID: 'Worker.002' }))).toEqual({
    ...{ type: 'REMOVE_TASK', worker: 'Worker.002', taskId: 'T' },
  })
  const flow = { InputStream: { ID: 'Device.T1' }, TaskInstanceID: 'T' }
  expect(read(sent('REMOVE_INPUT', flow))).toEqual({
    ...{ type: 'REMOVE_INPUT', worker: 'Worker.002', taskId: 'T', inputId: 'Device.T1' },
  })
  expect(read(sent('PREFETCH_IMAGE', {}))).toMatchObject({ type: 'other', name: 'PREFETCH_IMAGE' })
})

test.each([
  ['', /^the message is not JSON/],
  ['{"Type":', /^the message is not JSON/],
  ['[]', /^the message is not an object$/],
  [{}, /^the message\.Type is missing$/],
  [sent('ADD_TASK', null), /^the PayLoad of ADD_TASK is not an object$/],
  [sent('ADD_TASK', { ...CAPTURED, ID: '' }), /^the task\.ID is missing$/],
  [sent('ADD_TASK', { ...CAPTURED, Inputs: {} }), /^the task\.Inputs is not a list$/],
  [
    sent('ADD_TASK', { ...CAPTURED, Outputs: [{}] }),
    /^the task\.Outputs\[0\]\.StreamID is missing$/,
  ],
  [sent('ADD_INPUT', { TaskInstanceID: 'T' }), /^the input is not an object$/],
])('%j is refused by name', (message, reason) => {
  expect(() => read(message)).toThrow(reason)
})

test('what a worker says of itself', () => {
  const config = parseConfig(
    '{"site_id":"002","my_hostip":"h","broker":{"http_port":1},"worker":{"capacity":8}}',
    'n',
  )
  expect(printMessage('WORKER_JOIN', 'heartbeat.', config.id, profileOf(config, 3, 'arm64'))).toBe(
    '{"Type":"WORKER_JOIN","RoutingKey":"heartbeat.","From":"Worker.002","PayLoad":{"id":"Worker.002","location":{"latitude":0,"longitude":0},"geohash_id":"","os":"linux","hardware":"arm","capacity":8,"workload":3,"CAdvisorPort":0,"EdgeAddress":""}}',
  )
})
