import {
  FILL_PROGRAM,
  type KubeObject,
  RESTARTS_WITH_SECRETS_ANNOTATION,
  SECRETS_CHECKSUM,
} from '@landfall/kube'
import { expect, test } from 'vitest'
import { objectKey } from '../inventory.ts'
import { APPLIED_ANNOTATION, releaseObject } from '../release.ts'
import { withKeyedHashes } from './keyed-hashes.ts'

const shop = { release: 'shop', namespace: 'shop' }

const secret = (name: string, password: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  data: { password: Buffer.from(password).toString('base64') },
})

const workload = (name: string, from?: string, annotations = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, annotations },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name,
            env:
              from === undefined
                ? []
                : [{ name: 'P', valueFrom: { secretKeyRef: { name: from, key: 'password' } } }],
          },
        ],
      },
    },
  },
})

const objects = (password: string) => [
  secret('db', password),
  workload('db', 'db'),
  workload('web', undefined, { [RESTARTS_WITH_SECRETS_ANNOTATION]: 'db' }),
  workload('other', 'of-the-cluster'),
]

/** What is in the cluster after a deploy. */
function deployed(password: string, before: ReadonlyMap<string, KubeObject> = new Map()) {
  const { objects: made, key } = withKeyedHashes(objects(password), [], before, shop)
  return new Map(made.map((object) => [objectKey(object), releaseObject(object, shop, true, key)]))
}

const hashes = (live: ReadonlyMap<string, KubeObject>) =>
  ['db', 'web', 'other'].map(
    (name) =>
      live.get(`apps/v1 deployment/${name}`)?.spec.template.metadata?.annotations?.[
        SECRETS_CHECKSUM
      ],
  )

test('a workload changes with a Secret of the release that its pods use, or that it restarts with', () => {
  const first = deployed('a')
  const [db, web, other] = hashes(first)
  expect(db).toMatch(/^[0-9a-f]{32}$/)
  expect(web).toBe(db)
  expect(other).toBeUndefined()
  expect(hashes(deployed('a', first))).toEqual([db, web, undefined])
  expect(hashes(deployed('b', first))[0]).not.toBe(db)
})

test('hashes of the same secret differ from release to release', () => {
  const [one, other] = [deployed('a'), deployed('a')]
  expect(hashes(one)[0]).not.toBe(hashes(other)[0])
  const applied = (live: typeof one) =>
    live.get('v1 secret/db')?.metadata.annotations?.[APPLIED_ANNOTATION]
  expect(applied(one)).not.toBe(applied(other))
  expect(applied(deployed('a', one))).toBe(applied(one))
})

test('a key that another release or user has put there is not used', () => {
  const theirs = deployed('a')
  for (const one of theirs.values()) delete one.metadata.labels
  expect(hashes(deployed('a', theirs))[0]).not.toBe(hashes(theirs)[0])
})

test('where nothing is secret there is no key', () => {
  const plain = [workload('web')]
  expect(withKeyedHashes(plain, [], new Map(), shop)).toEqual({ objects: plain, uploads: [] })
})

test('pods wait for a copy with a digest that depends on the key', () => {
  const upload = {
    claim: 'c',
    path: 'data',
    source: '/p/data',
    shown: './data',
    files: 1,
    bytes: 1,
    digest: 'd1',
  }
  const pods = workload('web')
  pods.spec.template.spec.initContainers = [
    { name: 'wait', command: ['sh', FILL_PROGRAM, 'await', '0', 'data', 'data', './data', 'd1'] },
    { name: 'other', command: ['sh', '-c', 'd1'] },
  ]
  const { objects: keyed, uploads } = withKeyedHashes([pods], [upload], new Map(), shop)
  const digest = uploads[0]?.digest
  expect(digest).toMatch(/^[0-9a-f]{32}$/)
  const [waiting, other] = keyed[0]?.spec.template.spec.initContainers ?? []
  expect(waiting.command.at(-1)).toBe(digest)
  expect(other.command).toEqual(['sh', '-c', 'd1'])
})
