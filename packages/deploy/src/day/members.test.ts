import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { ownersOf } from '../assess/roots.ts'
import { findMembers, type Members, membersOf } from './members.ts'
import { restartRounds } from './restart.ts'

function workload(
  name: string,
  more: { annotations?: object; init?: string[]; containers?: string[]; kind?: string } = {},
): KubeObject {
  const { annotations = {}, init = [], containers = [name], kind = 'Deployment' } = more
  const labels = { 'app.kubernetes.io/name': name }
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, annotations: { 'landfall.dev/service': name, ...annotations } },
    spec: {
      template: {
        metadata: { labels },
        spec: {
          containers: containers.map((one) => ({ name: one })),
          initContainers: init.map((one) => ({ name: one })),
        },
      },
    },
  }
}

function service(name: string, of: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations: { 'landfall.dev/source': `compose.yaml#/services/${of}` } },
    spec: { selector: { 'app.kubernetes.io/name': of } },
  }
}

function release(workloads: KubeObject[], services: KubeObject[] = []): Members {
  return {
    reference: { release: 'shop', namespace: 'shop' },
    members: membersOf(workloads, services),
    workloads,
    services,
    owners: ownersOf(workloads, services),
  }
}

test('a service of a shared pod has its own containers; gates have none', () => {
  const vpn = workload('vpn', {
    annotations: { 'landfall.dev/service.torrent': 'torrent' },
    containers: ['torrent', 'vpn'],
    init: ['wait-for-db', 'fill-data'],
  })
  const { members } = release([vpn])
  expect(members.map(({ service, containers }) => [service, containers])).toEqual([
    ['vpn', ['vpn', 'fill-data']],
    ['torrent', ['torrent']],
  ])
})

test('names: key, container name, alias, Job without its hash; an unknown one with the nearest', () => {
  const job = workload('migrate-0123456789', {
    kind: 'Job',
    annotations: { 'landfall.dev/service': 'migrate_db' },
  })
  const all = release([workload('web'), job], [service('web', 'web'), service('front', 'web')])
  const found = (...names: string[]) => findMembers(all, names).map((one) => one.service)
  expect(found('front', 'migrate', 'web')).toEqual(['web', 'migrate_db'])
  expect(() => found('wbe')).toThrow('release shop has no service wbe')
  expect(() => found('wbe')).toThrow(expect.objectContaining({ hint: 'did you mean web?' }))
  expect(() => found('zookeeper')).toThrow(
    expect.objectContaining({ hint: 'its services: web, migrate_db' }),
  )
})

test('restart: those that restart with a service follow it, round by round; one-shots do not restart', () => {
  const after = (name: string, ...targets: string[]) =>
    workload(name, { annotations: { 'landfall.dev/restarts-with': targets.join(',') } })
  const job = workload('seed', { kind: 'Job' })
  const all = release([
    after('web', 'api'),
    after('api', 'db', 'seed'),
    workload('db'),
    workload('other'),
    job,
  ])
  expect(restartRounds(all, ['db'])).toEqual([
    ['deployment/db'],
    ['deployment/api'],
    ['deployment/web'],
  ])
  expect(restartRounds(all, ['web', 'api'])).toEqual([['deployment/api'], ['deployment/web']])
  expect(restartRounds(all, []).flat().sort()).toEqual([
    'deployment/api',
    'deployment/db',
    'deployment/other',
    'deployment/web',
  ])
  expect(() => restartRounds(all, ['db', 'seed'])).toThrow('seed is a one-shot')
  const circle = release([after('a', 'b'), after('b', 'a')])
  expect(restartRounds(circle, ['a'])).toEqual([['deployment/a', 'deployment/b']])
})
