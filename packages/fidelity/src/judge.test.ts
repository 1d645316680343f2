import { loadProject, memoryFiles, type Project } from '@landfall/compose'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { accountedKeys } from './accounted.ts'
import { clusterOf } from './cluster.ts'
import type { LedgerLine } from './convert.ts'
import type { Json } from './json.ts'
import { judge } from './judge.ts'

const COMPOSE = `
name: shop
services:
  web:
    image: web
    container_name: shop_web
    hostname: front
    ports: ["8080:80"]
    command: ["serve", "$$HOME"]
    environment: { DATABASE: "postgres://db:5432/x", LITERAL: "a$$(DATABASE)" }
    depends_on:
      db: { condition: service_healthy }
      migrate: { condition: service_completed_successfully }
    volumes: ["./conf:/etc/web", "data:/data"]
    secrets: [token]
  db:
    image: db
    networks: { default: { aliases: [database] } }
    healthcheck: { test: "pg_isready -U x" }
    volumes: ["data:/var/lib/data"]
  migrate: { image: web, restart: "no" }
volumes: { data: {} }
secrets: { token: { file: ./token } }
`

const FILES: Record<string, string> = {
  '/shop/compose.yaml': COMPOSE,
  '/shop/conf/a.conf': 'a',
  '/shop/conf/sub/b.conf': 'b',
  '/shop/token': 'secret',
}

const service = (name: string, selects: string, ports: string) => `
kind: Service
metadata: { name: ${name} }
spec: { clusterIP: ${ports === '' ? 'None' : '10.0.0.1'}, selector: { app: ${selects} }, ports: [${ports}] }
---`

/** Written by hand, as a careful person would port the project. */
const OBJECTS = `
kind: Deployment
metadata: { name: web, annotations: { landfall.dev/source: "compose.yaml#/services/web" }, labels: { app.kubernetes.io/name: web } }
spec:
  template:
    metadata: { labels: { app: web, app.kubernetes.io/name: web } }
    spec:
      serviceAccountName: web-gate
      initContainers:
      - { name: gate, image: curl, volumeMounts: [{ name: waits, mountPath: /waits }] }
      containers:
      - name: web
        image: web
        args: [serve, "$HOME"]
        env:
        - { name: DATABASE, valueFrom: { secretKeyRef: { name: web-env, key: DATABASE } } }
        - { name: LITERAL, value: "a$$(DATABASE)" }
        volumeMounts:
        - { name: conf, mountPath: /etc/web }
        - { name: data, mountPath: /data }
        - { name: token, mountPath: /run/secrets/token, subPath: token }
      volumes:
      - { name: waits, configMap: { name: gates, items: [{ key: web, path: waits/web }] } }
      - { name: conf, projected: { sources: [{ configMap: { name: conf, items: [{ key: a, path: a.conf }, { key: b, path: sub/b.conf }] } }] } }
      - { name: data, persistentVolumeClaim: { claimName: data } }
      - { name: token, secret: { secretName: token } }
---
kind: Deployment
metadata: { name: db }
spec:
  template:
    metadata: { labels: { app: db } }
    spec:
      containers:
      - name: db
        image: db
        readinessProbe: { exec: { command: [/bin/sh, -c, "pg_isready -U x"] } }
        volumeMounts: [{ name: data, mountPath: /var/lib/data }]
      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
---
kind: Job
metadata: { name: migrate-1, annotations: { landfall.dev/source: "compose.yaml#/services/migrate" }, labels: { app.kubernetes.io/name: migrate } }
spec: { template: { metadata: { labels: { app: migrate } }, spec: { containers: [{ name: migrate, image: web }] } } }
---
kind: ConfigMap
metadata: { name: gates }
data: { web: "healthy db 5432\\njob migrate-1 migrate\\n" }
---
kind: ConfigMap
metadata: { name: conf }
data: { a: a, b: b }
---
kind: Secret
metadata: { name: token }
data: { token: ${Buffer.from('secret').toString('base64')} }
---
kind: Secret
metadata: { name: web-env }
stringData: { DATABASE: "postgres://db:5432/x" }
---
kind: Role
metadata: { name: web-gate }
rules: [{ apiGroups: [batch], resources: [jobs], resourceNames: [migrate-1], verbs: [get, watch] }]
---
kind: RoleBinding
metadata: { name: web-gate }
roleRef: { kind: Role, name: web-gate }
subjects: [{ kind: ServiceAccount, name: web-gate }]
---
${['web', 'shop-web', 'front'].map((name) => service(name, 'web', '{ port: 80 }')).join('')}
${['db', 'database'].map((name) => service(name, 'db', '{ port: 5432 }')).join('')}
`

/** A ledger that has an entry for each key. */
function everything({ services }: Project): LedgerLine[] {
  return Object.entries(services).flatMap(([service, keys]) =>
    Object.keys(keys).map((key) => ({
      path: `/services/${service}/${key}`,
      outcome: 'kept',
      reason: 'by hand',
    })),
  )
}

/** What is missing when the objects are changed in one place: `title: what`. */
function missesAfter(from: string | RegExp, to: string): string[] {
  if (from !== '' && OBJECTS.replace(from, to) === OBJECTS) throw new Error(`${from} is not there`)
  const objects: Json[] = parseAllDocuments(OBJECTS.replace(from, to))
    .map((document) => document.toJS())
    .filter((object) => object !== null)
  const { project } = loadProject({
    files: memoryFiles(FILES),
    workingDirectory: '/shop',
    environment: {},
  })
  if (project === undefined) throw new Error('the project does not load')
  const bytesOf = (path: string) =>
    FILES[path] === undefined ? undefined : Buffer.from(FILES[path])
  const converted = {
    project,
    directory: '/shop',
    cluster: clusterOf(objects),
    readFile: bytesOf,
    listFolder: (path: string) => {
      const below = Object.keys(FILES).filter((file) => file.startsWith(`${path}/`))
      return below.length === 0 ? undefined : below.map((file) => file.slice(path.length + 1))
    },
    modeOf: () => undefined,
    realPath: (path: string) => path,
    environment: {},
  }
  return judge(converted, everything(project)).misses.map(({ at, missing }) => `${at}: ${missing}`)
}

test('a careful port misses nothing', () => {
  expect(missesAfter('', '')).toEqual([])
})

describe('what is lost is found', () => {
  test.each<[string, string | RegExp, string, string[]]>([
    [
      'a wait',
      'healthy db 5432',
      '# healthy db 5432',
      ['/services/web/depends_on/db: its pod does not wait for it'],
    ],
    [
      'a wait for ready, where only started is awaited',
      'healthy db 5432',
      'started db 5432',
      ['/services/web/depends_on/db: its pod waits for less than ready'],
    ],
    [
      'a wait for completion that is over while the Job runs',
      'job migrate-1',
      'job-or-ready migrate-1',
      ['/services/web/depends_on/migrate: its pod does not wait for the Job'],
    ],
    [
      'the permission to read the Job',
      'resourceNames: [migrate-1]',
      'resourceNames: [migrate]',
      ['/services/web/depends_on/migrate: its account may not read the Job'],
    ],
    [
      'a one-shot that runs for ever',
      'kind: Job',
      'kind: Deployment',
      [
        '/services/web/depends_on/migrate: what it waits for is no Job',
        '/services/migrate: migrate does not resolve to its pods',
        '/services/migrate: migrate does not resolve to its pods',
        '/services/migrate: it is a Deployment',
      ],
    ],
    [
      'a name that selects other pods',
      'metadata: { name: database }\nspec: { clusterIP: 10.0.0.1, selector: { app: db }',
      'metadata: { name: database }\nspec: { clusterIP: 10.0.0.1, selector: { app: web }',
      ['/services/db/networks/default/aliases/0: database does not resolve to its pods'],
    ],
    [
      'a port that peers dial',
      'metadata: { name: front }\nspec: { clusterIP: 10.0.0.1, selector: { app: web }, ports: [{ port: 80 }]',
      'metadata: { name: front }\nspec: { clusterIP: 10.0.0.1, selector: { app: web }, ports: [{ port: 8080, targetPort: 80 }]',
      ['/services/web/hostname: front:80/TCP does not reach it'],
    ],
    [
      'the shell of a healthcheck',
      '[/bin/sh, -c, "pg_isready -U x"]',
      '["pg_isready -U x"]',
      ['/services/db/healthcheck: the probe asks something else'],
    ],
    [
      'a nested file',
      ', { key: b, path: sub/b.conf }',
      '',
      ['/services/web/volumes/0: /etc/web/sub/b.conf is not there'],
    ],
    [
      'bytes of a file',
      'data: { a: a, b: b }',
      'data: { a: a, b: c }',
      ['/services/web/volumes/0: /etc/web/sub/b.conf has other bytes'],
    ],
    [
      'the path of a secret',
      '/run/secrets/token, subPath: token',
      '/run/secrets/token',
      ['/services/web/secrets/0: /run/secrets/token is not there'],
    ],
    [
      'a volume that two share',
      'claimName: data } }]',
      'claimName: db-data } }]',
      ['/services/db/volumes/0: claim data and claim db-data are two places'],
    ],
    [
      'a variable that Kubernetes would expand',
      'value: "a$$(DATABASE)"',
      'value: "a$(DATABASE)"',
      ['/services/web/environment/LITERAL: LITERAL is "apostgres://db:5432/x"'],
    ],
    [
      'a variable in a Secret that is not there',
      'metadata: { name: web-env }',
      'metadata: { name: other }',
      [
        '/services/web/environment/DATABASE: db:5432 does not reach db',
        '/services/web/environment/DATABASE: DATABASE is in an object that is not there',
      ],
    ],
    [
      'a word of a command',
      'args: [serve,',
      'args: [serves,',
      ['/services/web/command: it is ["serves","$HOME"]'],
    ],
  ])('%s', (_, from, to, expected) => {
    expect(missesAfter(from, to)).toEqual(expected)
  })
})

test('a key without an entry in the ledger is found', () => {
  const { project } = loadProject({
    files: memoryFiles(FILES),
    workingDirectory: '/shop',
    environment: {},
  })
  const ledger = everything(project as Project).filter(
    ({ path }) => path !== '/services/web/secrets',
  )
  const lost = accountedKeys(project as Project, ledger).filter(({ missing }) => missing)
  expect(lost.map(({ at }) => at)).toEqual(['/services/web/secrets'])
})
