import { expect, test } from 'vitest'
import { parseConfig } from '../config.ts'
import { deploymentOf, referenceOf, serviceOf, taskName } from './objects.ts'
import { readRecord } from './store/record.ts'
import { record } from './test-task.ts'

const config = (worker: object = {}) =>
  parseConfig(
    JSON.stringify({ site_id: '001', my_hostip: 'h', broker: { http_port: 8070 }, worker }),
    'tasks',
  )

test('a task is named after its worker and its id, and is read again from its Deployment', () => {
  expect(taskName('Worker.001', 'Task.A')).toMatch(/^task-[0-9a-f]{10}$/)
  expect(taskName('Worker.001', 'Task.A')).not.toBe(taskName('Worker.002', 'Task.A'))
  const whole = record('Task.A', { FunctionCode: 'x' }, { subscriptions: { a: 's1' } }, false)
  const owner = { name: 'worker', uid: 'u1' }
  const deployment = deploymentOf(whole, { config: config(), owner })
  expect(readRecord(deployment)).toEqual(whole)
  expect(deployment.metadata.ownerReferences).toEqual([
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'worker', uid: 'u1' },
  ])
})

test('what is noted of a task does not replace its pod', () => {
  const template = (progress: object) =>
    deploymentOf(record('a', {}, progress), { config: config() }).spec.template
  expect(template({ subscriptions: { a: 's1' }, since: 7 })).toEqual(template({}))
})

test('pods have no more rights than restricted namespaces allow, and no port of the node', () => {
  const { spec } = deploymentOf(record('a', {}, { nonRoot: true }), { config: config() }).spec
    .template
  expect(spec.automountServiceAccountToken).toBe(false)
  expect(spec.securityContext).toEqual({
    ...{ seccompProfile: { type: 'RuntimeDefault' } },
    ...{ runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000 },
  })
  expect(spec.containers[0].securityContext).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  })
  expect(JSON.stringify(spec)).not.toContain('hostPort')
})

test('a task listens on a port that is not one of its service', () => {
  const { task } = record('a', { Parameters: [{ name: 'service-port', value: '8080;8081' }] })
  const service = serviceOf(task, { config: config() })
  expect(service.spec.ports.map(({ port }: { port: number }) => port)).toEqual([8082, 8080, 8081])
  const { name } = service.metadata
  expect(referenceOf(service, task, { config: config() })).toBe(`http://${name}.tasks.svc:8082`)
})

test('a site whose tasks are reached from outside has node ports', () => {
  const surroundings = { config: config({ task_host: '192.0.2.7' }) }
  const { task } = record('a')
  const service = serviceOf(task, surroundings)
  expect(service.spec.type).toBe('NodePort')
  expect(() => referenceOf(service, task, surroundings)).toThrow('has no node port yet')
  service.spec.ports[0].nodePort = 31_000
  expect(referenceOf(service, task, surroundings)).toBe('http://192.0.2.7:31000')
})
