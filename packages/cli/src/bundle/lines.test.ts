import type { Failure } from '@landfall/deploy'
import { formatSpan } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { placeIn } from './lines.ts'
import { readObjects } from './read/objects.ts'

const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      initContainers:
        - name: first
          image: busybox
      containers:
        - name: web
          image: nginx
          resources:
            limits: { memory: 1Mi }
        - name: side
          image: busybox
          command: [sleep]
      volumes:
        - { name: data, emptyDir: {} }
`

test.each([
  [{ container: 'web', about: 'image' }, 13],
  [{ container: 'first', about: 'image' }, 10],
  [{ container: 'side', about: 'command' }, 18],
  [{ container: 'web', about: 'command' }, 12],
  [{ container: 'web', about: 'memory' }, 15],
  [{ about: 'volumes' }, 20],
  [{ about: 'placement' }, 4],
  [{}, 4],
] as const)('a failure about %j is at line %i', (about, line) => {
  const manifests = readObjects(text, 'a.yaml', () => {})
  const span = placeIn(manifests)({ object: 'deployment/web', ...about } as Failure)
  expect(span && formatSpan(span, new Map([['a.yaml', text]]))).toMatch(
    new RegExp(`^a.yaml:${line}:`),
  )
})

test('an object that the manifests do not have has no place', () => {
  const manifests = readObjects(text, 'a.yaml', () => {})
  expect(placeIn(manifests)({ object: 'deployment/other' })).toBeUndefined()
})
