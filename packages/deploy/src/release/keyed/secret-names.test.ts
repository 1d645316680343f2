import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { withSecretNames } from './secret-names.ts'

const key = new Uint8Array(32).fill(1)

const secret = (name: string, password: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'landfall', ...labels } },
  data: { password: Buffer.from(password).toString('base64') },
})

const workload = (names: readonly string[]): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    template: {
      spec: {
        initContainers: [{ name: 'gate', env: names.map(variable) }],
        containers: [{ name: 'web', env: [{ name: 'A', value: 'b' }, ...names.map(variable)] }],
        volumes: [
          {
            name: 'a',
            projected: { sources: names.map((name) => ({ secret: { name, items: [] } })) },
          },
          ...names.map((name) => ({ name: 'b', secret: { secretName: name, defaultMode: 256 } })),
        ],
      },
    },
  },
})

const variable = (name: string) => ({
  name: 'P',
  valueFrom: { secretKeyRef: { name, key: 'password' } },
})

/** The name that the first Secret gets. */
const nameOf = (password: string, used = key) =>
  withSecretNames([secret('db', password), workload(['db'])], used)[0]?.metadata.name

test('a Secret is named after its content, with the key of the release, and pods name it everywhere', () => {
  const name = nameOf('hop')
  expect(name).toMatch(/^db-[0-9a-f]{10}$/)
  expect(nameOf('hop')).toBe(name)
  expect(nameOf('pop')).not.toBe(name)
  expect(nameOf('hop', new Uint8Array(32).fill(2))).not.toBe(name)
  const [named, pods] = withSecretNames([secret('db', 'hop'), workload(['db'])], key)
  expect(named).toEqual({
    ...secret('db', 'hop'),
    immutable: true,
    metadata: { ...secret('db', 'hop').metadata, name },
  })
  expect(pods).toEqual(workload([name ?? '']))
})

test('Secrets of the cluster, of other tools, and those that no pod uses keep their names', () => {
  const objects = [
    secret('theirs', 'a', { 'app.kubernetes.io/managed-by': 'helm' }),
    secret('unused', 'b'),
    workload(['theirs', 'of-the-cluster']),
  ]
  expect(withSecretNames(objects, key)).toEqual(objects)
})
