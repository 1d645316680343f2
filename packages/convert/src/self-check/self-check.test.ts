import type { KubeObject } from '@landfall/kube'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { check } from './index.ts'

const OBJECTS = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app.kubernetes.io/name: web } }
spec:
  selector: { matchLabels: { app.kubernetes.io/name: web } }
  template:
    metadata: { labels: { app.kubernetes.io/name: web } }
    spec:
      serviceAccountName: web-gate
      containers:
      - name: web
        image: web
        env: [{ name: KEY, valueFrom: { secretKeyRef: { name: token, key: token } } }]
        ports: [{ name: tcp-80, containerPort: 80, protocol: TCP }]
        volumeMounts: [{ name: data, mountPath: /data }, { name: conf, mountPath: /conf }]
      volumes:
      - { name: data, persistentVolumeClaim: { claimName: data } }
      - { name: conf, configMap: { name: conf } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: seed }
spec:
  template:
    metadata: { labels: { app.kubernetes.io/name: seed } }
    spec: { restartPolicy: Never, containers: [{ name: seed, image: seed }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app.kubernetes.io/name: web }
  ports: [{ name: a, port: 80, targetPort: 80, nodePort: 30080 }, { name: b, port: 81 }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: conf }
data: { a.conf: a }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: web-gate }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: web-gate }
rules: [{ apiGroups: [batch], resources: [jobs], resourceNames: [seed], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: web-gate }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: web-gate }
subjects: [{ kind: ServiceAccount, name: web-gate }]
`

const OUTSIDE = new Set(['secret/token', 'persistentvolumeclaim/data'])

/** What the check says when one place of the objects is changed. */
function foundAfter(from: string, to: string, outside = OUTSIDE): string[] {
  if (!OBJECTS.includes(from)) throw new Error(`${from} is not there`)
  const objects: KubeObject[] = parseAllDocuments(OBJECTS.replace(from, to)).map((one) =>
    one.toJS(),
  )
  const all = new Map(
    objects.map((object, index) => [
      `${object.kind.toLowerCase()}/${object.metadata.name}:${index}`,
      object,
    ]),
  )
  return check({ all, outside }).map(
    ({ object, at, message }) => `${object.split(':')[0]}${at}: ${message}`,
  )
}

test('objects that a cluster takes have nothing against them', () => {
  expect(foundAfter('', '')).toEqual([])
})

const POD = 'deployment/web/spec/template'

describe('what an API server refuses is found', () => {
  test.each([
    ['image: web', 'imagge: web', `${POD}/spec/containers/0/imagge: a Container has no such field`],
    [
      'containerPort: 80',
      'containerPort: "80"',
      `${POD}/spec/containers/0/ports/0/containerPort: it must be integer, not string`,
    ],
    [
      'protocol: TCP',
      'protocol: tcp',
      `${POD}/spec/containers/0/ports/0/protocol: tcp is none of SCTP|TCP|UDP`,
    ],
    [
      'name: tcp-80, containerPort: 80, ',
      'name: tcp-80, ',
      `${POD}/spec/containers/0/ports/0: containerPort is missing`,
    ],
    [
      'name: tcp-80,',
      'name: a-much-longer-name,',
      `${POD}/spec/containers/0: a-much-longer-name is no name of a port`,
    ],
    [
      'name: conf, mountPath: /conf',
      'name: conf, mountPath: /data',
      `${POD}/spec/containers/0: two mounts are at /data`,
    ],
    [
      'name: conf, mountPath',
      'name: config, mountPath',
      `${POD}/spec/containers/0: there is no volume config`,
    ],
    [
      '{ name: conf, configMap: { name: conf }',
      '{ name: conf, configMap: { name: other }',
      `${POD}: there is no configmap/other`,
    ],
    ['claimName: data', 'claimName: other', `${POD}: there is no persistentvolumeclaim/other`],
    ['name: token, key', 'name: tokens, key', `${POD}: there is no secret/tokens`],
    ['name: KEY', 'name: A KEY', `${POD}/spec/containers/0: "A KEY" is no name of a variable`],
    [
      'serviceAccountName: web-gate',
      'serviceAccountName: web',
      `${POD}: there is no serviceaccount/web`,
    ],
    [
      'metadata: { name: web-gate }\nrules',
      'metadata: { name: gate }\nrules',
      'rolebinding/web-gate/subjects: there is no role/web-gate',
    ],
    [
      'matchLabels: { app.kubernetes.io/name: web }',
      'matchLabels: { app.kubernetes.io/name: wep }',
      'deployment/web/spec/selector: it does not select its own pods',
    ],
    [
      'selector: { app.kubernetes.io/name: web }\n  ports',
      'selector: { app.kubernetes.io/name: wep }\n  ports',
      'service/web/spec/selector: it selects no pod',
    ],
    ['port: 81', 'port: 80', 'service/web/spec/ports: port 80/TCP is there twice'],
    ['name: b, port', 'name: a, port', 'service/web/spec/ports: two ports are named a'],
    [
      'name: b, port: 81',
      'name: b, port: 81, nodePort: 30080',
      'service/web/spec/ports: 30080 is given to two Services',
    ],
    [
      'restartPolicy: Never',
      'restartPolicy: Always',
      'job/seed/spec/template/spec/restartPolicy: Always is not for a Job',
    ],
    [
      'metadata: { name: seed }',
      'metadata: { name: Seed }',
      'job/Seed/metadata/name: Seed is no name of a Job',
    ],
    [
      'labels: { app.kubernetes.io/name: seed }',
      'labels: { app.kubernetes.io/name: "a b" }',
      'job/seed/spec/template/metadata/labels: app.kubernetes.io/name cannot be "a b"',
    ],
    ['a.conf: a', 'a/conf: a', 'configmap/conf/data: a/conf is no key of a ConfigMap'],
  ])('%s → %s', (from, to, expected) => {
    expect(foundAfter(from, to)).toContain(expected)
  })
})

test('an object that kubectl cannot keep in an annotation is found', () => {
  const [message] = foundAfter('a.conf: a', `a.conf: ${'a'.repeat(262_200)}`)
  expect(message).toMatch(
    /^configmap\/conf: it has 262\d\d\d bytes, and kubectl apply takes 262144$/,
  )
})

test('a line that no gate knows is found', () => {
  const gates = (line: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'landfall-gates' },
    data: { 'gate.sh': 'exit 0', 'waits-web': `tcp db 5432\n${line}\n` },
  })
  const found = (line: string) =>
    check({ all: new Map([['configmap/landfall-gates', gates(line)]]), outside: OUTSIDE })
  expect(found('dns db')).toEqual([])
  expect(found('udp db 53')).toMatchObject([
    { at: '/data/waits-web', message: '"udp db 53" is not a wait' },
  ])
})
