import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { forwardedPorts } from './forwarded-ports.ts'
import type { Member } from './members.ts'
import { usageOf } from './usage.ts'

const object = (
  kind: string,
  annotations: Record<string, string>,
  spec: object = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x', annotations },
  spec,
})
const member = (service: string, workload: KubeObject): Member => ({
  ...{ service, workload, containers: [service], names: [] },
})

test('ports: those that the cluster exposes, those that it does not, ranges, and addresses', () => {
  const workload = object('Deployment', {
    'landfall.dev/forwarded':
      'web=127.0.0.1:5432:5432/tcp,db=[::1]:70-71:80-81/tcp,web=localhost:90:91/udp,web=81:80/tcp',
  })
  const services = [
    object('Service', {
      'landfall.dev/service': 'web',
      'landfall.dev/published': '8080:80/tcp,90-91:90-91/tcp?',
    }),
  ]
  const ports = forwardedPorts({ services, workloads: [workload] }, [
    member('web', workload),
    member('db', workload),
  ])
  expect(
    ports.map(({ member, address = '', published, port, protocol }) =>
      [member.service, address, published, port, protocol].join(' '),
    ),
  ).toEqual([
    'web  8080 80 tcp',
    'web  90 90 tcp',
    'web  91 91 tcp',
    'web 127.0.0.1 5432 5432 tcp',
    'web localhost 90 91 udp',
    'web  81 80 tcp',
    'db ::1 70 80 tcp',
    'db ::1 71 81 tcp',
  ])
})

test('usage: the containers of the service in all its pods; a limit only where each container has one', () => {
  const limited = (memory?: string) => ({
    name: 'web',
    ...(memory && { resources: { limits: { memory } } }),
  })
  const metrics = ['a', 'b'].map(() => ({
    containers: [
      { name: 'web', usage: { cpu: '250m', memory: '64Mi' } },
      { name: 'other', usage: { cpu: '9', memory: '9Gi' } },
    ],
  }))
  const of = (container: object) =>
    usageOf(
      member('web', object('Deployment', {}, { template: { spec: { containers: [container] } } })),
      metrics,
    )
  const MiB = 1024 ** 2
  expect(of(limited('128Mi'))).toEqual({
    ...{ service: 'web', pods: 2, cpu: 0.5, memory: 128 * MiB, memoryLimit: 256 * MiB },
  })
  expect(of(limited()).memoryLimit).toBeUndefined()
})
