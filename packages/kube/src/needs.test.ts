import { expect, test } from 'vitest'
import { needsOf } from './needs.ts'
import type { KubeObject } from './object.ts'

function workload(name: string, spec: Record<string, unknown>): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { template: { spec } },
  }
}

test('what pods refer to and nobody brings along is needed, once, with its keys', () => {
  const projected = (source: Record<string, unknown>) => ({ projected: { sources: [source] } })
  const objects: KubeObject[] = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } },
    workload('web', {
      volumes: [
        projected({ secret: { name: 'keys', items: [{ key: 'tls.key', path: '0/tls.key' }] } }),
        projected({ configMap: { name: 'own', items: [{ key: 'a', path: 'a' }] } }),
        { persistentVolumeClaim: { claimName: 'old' } },
        { configMap: { name: 'maybe', optional: true } },
        { emptyDir: {} },
        projected({
          configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca' }] },
        }),
      ],
      initContainers: [
        { env: [{ valueFrom: { configMapKeyRef: { name: 'settings', key: 'x' } } }] },
      ],
      containers: [
        {
          env: [
            { value: 'plain' },
            { valueFrom: { secretKeyRef: { name: 'keys', key: 'api' } } },
            { valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          ],
        },
      ],
    }),
    workload('api', { volumes: [{ secret: { secretName: 'keys' } }] }),
  ]
  expect(needsOf(objects)).toEqual([
    {
      kind: 'ConfigMap',
      name: 'settings',
      keys: [{ key: 'x', as: 'variable' }],
      by: ['deployment/web'],
    },
    { kind: 'PersistentVolumeClaim', name: 'old', keys: [], by: ['deployment/web'] },
    {
      kind: 'Secret',
      name: 'keys',
      keys: [
        { key: 'api', as: 'variable' },
        { key: 'tls.key', as: 'file' },
      ],
      by: ['deployment/api', 'deployment/web'],
    },
  ])
})
