import { loadProject, memoryFiles, type Project } from '@landfall/compose'
import { expect, test } from 'vitest'
import { convertProject } from './convert.ts'
import { emitManifests } from './emit/manifests.ts'
import { renderPlan } from './plan/render-plan.ts'
import { convert, everything } from './test-conversion.ts'

test('a project whose services are all in profiles is told to have nothing to run', () => {
  const { diagnostics, bundle } = convert('services: { web: { image: x, profiles: [a] } }')
  expect(diagnostics).toMatchObject([{ code: 'convert/nothing-to-run', severity: 'warning' }])
  expect(bundle?.objects.size).toBe(0)
})

test('a cycle through a shared pod tells who shares it', () => {
  const { diagnostics } = convert(`
services:
  vpn: { image: x }
  check: { image: x, depends_on: [vpn] }
  client: { image: x, network_mode: "service:vpn", depends_on: [check] }
`)
  const cycle = diagnostics.find(({ code }) => code === 'convert/wait-cycle')
  expect(cycle?.message).toContain('client runs in the pod of vpn, and a pod waits for')
})

test('objects name Compose files from the first one, wherever the project directory is', () => {
  const compose = 'name: shop\nservices: { web: { image: x, volumes: ["./a:/a:ro"] } }'
  const paths = ['/shop/a', '/elsewhere/a'].map((path): [string, string] => [path, 'text'])
  const files = memoryFiles({ '/shop/compose.yaml': compose, ...Object.fromEntries(paths) })
  const print = (input: { workingDirectory: string; projectDirectory?: string }) => {
    const configFiles = ['/shop/compose.yaml']
    const { project, ...loaded } = loadProject({ files, environment: {}, configFiles, ...input })
    const none = { settings: {}, settingsOrigins: new Map() }
    const result = convertProject({ ...loaded, ...none, project: project as Project, files })
    return [...emitManifests(result.bundle as never)]
  }
  const expected = print({ workingDirectory: '/shop' })
  expect(expected.join()).toContain('landfall.dev/source: "compose.yaml#/services/web"')
  expect(print({ workingDirectory: '/tmp', projectDirectory: '/elsewhere' })).toEqual(expected)
  expect(print({ workingDirectory: '/', projectDirectory: '/elsewhere' })).toEqual(expected)
})

test('the same project gives the same bytes', () => {
  const print = () => [...emitManifests(convert(everything).bundle as never)]
  expect(print()).toEqual(print())
})

test('an error leaves no bundle, and names the key that has to change', () => {
  const { bundle, diagnostics } = convert(`
services:
  web:
    image: nginx:1.22
    depends_on: { db: { condition: service_healthy } }
  db:
    image: postgres:15
    healthcheck: { disable: true }
`)
  expect(bundle).toBeUndefined()
  expect(diagnostics).toMatchObject([
    {
      code: 'convert/impossible-wait',
      path: '/services/web/depends_on/db',
      at: { file: 'compose.yaml' },
    },
  ])
})

test('a one-shot whose effect is shown by one that waits for it is a cycle', () => {
  const compose = 'services: { seed: { image: x }, web: { image: x, depends_on: [seed] } }'
  const seed = { oneShot: { doneWhen: { http: 'http://web:80/' } } }
  const { diagnostics } = convert(compose, { settings: { services: { seed } } })
  expect(diagnostics).toMatchObject([
    { code: 'convert/wait-cycle', message: expect.stringContaining('seed → web → seed') },
  ])
})

test('a wait for a Job that is none is an error, a file is looked for on the volumes of the service', () => {
  const compose =
    'services: { a: { image: x, volumes: ["data:/v"] }, b: { image: x } }\nvolumes: { data: }'
  const waits = (effect: object) =>
    convert(compose, { settings: { services: { a: { waitsFor: [effect] } } } })
  expect(waits({ job: 'b' }).diagnostics).toMatchObject([
    { code: 'convert/impossible-wait', path: '/services/a/waitsFor' },
  ])
  const deployment = waits({ file: '/v/ready' }).bundle?.objects.get('deployment/a')
  const gate = deployment?.spec.template.spec.initContainers.at(-1)
  expect(gate.volumeMounts).toContainEqual({
    name: 'volume-data',
    mountPath: '/v',
    readOnly: true,
  })
})

test('a secret of the environment is read there, and one that is missing is a reference', () => {
  const { bundle, diagnostics } = convert(
    'services: { a: { image: x, secrets: [s, t] } }\nsecrets: { s: { environment: S }, t: { file: ./none } }',
    { environment: { S: 'hop' } },
  )
  expect(bundle?.objects.get('secret/a-secrets')?.data).toEqual({ s: 'aG9w' })
  expect(diagnostics).toMatchObject([
    { code: 'convert/content-missing', severity: 'warning', path: '/secrets/t' },
  ])
})

test('a service with UDP ports alone is waited for by a name that only ready pods have', () => {
  const { bundle, plan } = convert(`
services:
  app: { image: x, depends_on: { dns: { condition: service_healthy } } }
  dns: { image: x, ports: ["53:53/udp"], healthcheck: { test: "true" } }
`)
  expect(plan.services[0]?.gates).toMatchObject([
    { wait: { kind: 'ready-name', host: 'dns-ready' }, on: 'dns' },
  ])
  expect(bundle?.objects.get('service/dns-ready')?.spec).toEqual({
    clusterIP: 'None',
    selector: { 'app.kubernetes.io/name': 'dns', 'app.kubernetes.io/instance': 'shop' },
  })
})

test('thousands of ports make a headless Service, and say so', () => {
  const { bundle, ledger } = convert(
    'services: { sip: { image: x, ports: ["10000-10999:10000-10999/udp"] } }',
  )
  expect(bundle?.objects.get('service/sip')?.spec).toMatchObject({ clusterIP: 'None' })
  expect(bundle?.objects.has('service/sip-published')).toBe(false)
  expect(ledger.filter(({ path }) => path.startsWith('/services/sip/ports'))).toMatchObject([
    { path: '/services/sip/ports', outcome: 'adapted' },
    { path: '/services/sip/ports/0', outcome: 'dropped', dangerous: true },
  ])
})

test('what one ConfigMap cannot hold is unpacked from an archive in several, and more than 8 MiB is copied into a claim', () => {
  const compose = 'services: { web: { image: x, volumes: ["./site:/site:ro"] } }'
  const noise = Uint8Array.from(
    { length: 400_000 },
    (_, index) => (index * index * 2_654_435_761) >>> 24,
  )
  const { bundle } = convert(compose, {
    files: { '/shop/site/noise.bin': noise, '/shop/site/a/index.html': 'x'.repeat(100_000) },
  })
  const manifests = emitManifests(bundle as never)
  const names = [...manifests.keys()].filter((name) => name.startsWith('configmap-'))
  expect(names).toEqual([
    'configmap-web-files-2.yaml',
    'configmap-web-files-3.yaml',
    'configmap-web-files.yaml',
  ])
  for (const name of names) expect(manifests.get(name)?.length).toBeLessThan(250_000)
  const binary = new Uint8Array(8 * 1024 * 1024 + 1)
  const large = convert(compose, { files: { '/shop/site/big.bin': binary } })
  expect(large.diagnostics).toEqual([])
  expect(large.bundle?.uploads).toEqual([
    {
      claim: 'site',
      path: 'data',
      source: '/shop/site',
      shown: './site',
      files: 1,
      bytes: binary.length,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ])
  expect(large.ledger).toContainEqual(
    expect.objectContaining({ code: 'volumes/upload', outcome: 'dropped', dangerous: true }),
  )
})

test.each([
  ['volumes: ["v:/x"]', 'v:/x'],
  ['volumes: ["/srv/data:rel/path"]', 'rel/path'],
  ['tmpfs: [foo]', 'foo'],
  ['tmpfs: [/]', '/'],
  ['volumes: ["data:/data"], tmpfs: [/data/]', '/data/'],
  ['configs: [{ source: motd, target: "/a:b" }]', '/a:b'],
])('a service with %s is refused: nothing is mounted at %s', (keys, target) => {
  const compose = `services: { web: { image: x, ${keys} } }\nvolumes: { data: }\nconfigs: { motd: { content: hi } }`
  const { diagnostics, bundle } = convert(compose)
  expect(bundle).toBeUndefined()
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
    { code: 'convert/wrong-target', message: expect.stringContaining(`${target} in`) },
  ])
})

test('the plan reads as text', () => {
  const { plan } = convert(
    `
name: shop
services:
  web:
    image: nginx:1.22
    ports: ["8080:80"]
    depends_on: { migrate: { condition: service_completed_successfully } }
    environment: { DB: "postgres://db" }
    tmpfs: /run
  migrate:
    image: busybox:1.35.0
    depends_on: { db: { condition: service_healthy } }
  db:
    image: postgres:15
    healthcheck: { test: pg_isready, interval: 5s }
    volumes: ["data:/var/lib/postgresql/data"]
volumes: { data: }
`,
    { settings: { services: { migrate: { oneShot: { doneWhen: { tcp: 'db:5432' } } } } } },
  )
  expect(renderPlan(plan)).toBe(`project shop

db: Deployment, because it keeps running
  image       postgres:15
  names       db
  reached     when ready, because no service connects to it before it is healthy
  ports       5432/tcp  referenced by migrate (landfall.yaml)
  ready when  /bin/sh -c pg_isready  healthcheck, every 5 s, unhealthy after 15 s
  volumes     data at /var/lib/postgresql/data, first filled from the image
  starts      landfall-tools, seed-data, then db
  single      because PostgreSQL does not form a cluster by itself: each copy has data of its own, and a client reaches any of them
  replaced    old pods stop first, because two pods must not write the volume data at once

migrate: Job, because it is declared as a one-shot in landfall.yaml
  image      busybox:1.35.0
  waits for  healthy db 5432  depends_on db: service_healthy
  done when  tcp db:5432
  starts     wait-for-db, migrate, then check-done
  runs       6 more tries if its pod is lost
  may        mark its Job as done

web: Deployment, because it keeps running
  image      nginx:1.22
  variables  1
  names      web
  reached    when ready, because nothing tests its health
  ports      80/tcp  ports
  published  80/tcp on a NodePort assigned by the cluster
  waits for  job migrate  depends_on migrate: service_completed_successfully
  scratch    /run, in memory
  starts     wait-for-migrate, then web
  replaced   1 at a time, new pods first, each ready for 25 s, because nothing shows that two pods disturb each other
  may        read the Job of migrate
  drains     5 s, because web is published

volume data: claim data of 1Gi
  mounted by  db
`)
})

test('a service may have the name of an init container', () => {
  const { bundle } = convert(
    'services: { landfall-files: { image: x, volumes: ["./a.txt:/a.txt"] } }',
    { files: { '/shop/a.txt': 'a' } },
  )
  const { initContainers, containers } =
    bundle?.objects.get('deployment/landfall-files')?.spec.template.spec ?? {}
  expect([initContainers, containers].flat().map(({ name }) => name)).toEqual([
    'landfall-files-landfall-files',
    'landfall-files',
  ])
})
