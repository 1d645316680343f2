import { loadProject, memoryFiles, type Service } from '@landfall/compose'
import { displayPath } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { convertProject } from './convert.ts'
import { emitManifests } from './emit/manifests.ts'
import type { LandfallFile } from './landfall-file.ts'
import { renderPlan } from './render-plan.ts'

function convert(
  compose: string,
  {
    files = {},
    settings = {},
  }: { files?: Record<string, string | Uint8Array>; settings?: LandfallFile } = {},
) {
  const all = memoryFiles({ '/shop/compose.yaml': compose, ...files })
  const { project, origins, projectDirectory, diagnostics } = loadProject({
    files: all,
    workingDirectory: '/shop',
    environment: {},
  })
  if (project === undefined) throw new Error(diagnostics.map(({ message }) => message).join())
  return convertProject({
    project,
    origins,
    projectDirectory,
    files: all,
    settings,
    settingsOrigins: new Map(),
  })
}

const everything = `
name: shop
x-note: mine
services:
  web:
    image: nginx:1.22
    annotations: { a: b }
    attach: false
    blkio_config: { weight: 300 }
    cap_add: [NET_ADMIN]
    cgroup: host
    configs: [settings]
    container_name: shop-web
    cpu_shares: 10
    cpus: 1
    depends_on: [db]
    deploy:
      mode: replicated
      replicas: 2
      labels: { x: y }
      resources: { limits: { cpus: "1", pids: 5 }, reservations: { memory: 1m } }
      restart_policy: { condition: any }
      update_config: { order: start-first }
      placement: { constraints: [node.role==worker] }
    devices: ["/dev/ttyUSB0:/dev/ttyUSB0"]
    dns: 1.1.1.1
    environment: { A: "1" }
    extra_hosts: ["a=10.0.0.1"]
    group_add: ["5"]
    healthcheck: { test: "true" }
    hostname: web1
    init: true
    ipc: host
    labels: { traefik.enable: "true" }
    logging: { driver: none }
    networks: { front: { aliases: [www], ipv4_address: 10.5.0.5 } }
    pid: host
    platform: linux/amd64
    ports: ["8080:80"]
    pull_policy: always
    read_only: true
    restart: always
    secrets: [key]
    security_opt: [seccomp=unconfined]
    shm_size: 64m
    stop_grace_period: 5s
    stop_signal: SIGQUIT
    sysctls: { net.core.somaxconn: 1024 }
    tmpfs: /tmp
    tty: true
    ulimits: { nofile: 1024 }
    user: "1"
    volumes: ["data:/data", "/proc:/host:ro"]
    working_dir: /srv
  db:
    image: postgres:15
configs: { settings: { content: x } }
secrets: { key: { environment: KEY } }
networks: { front: { driver: bridge } }
volumes: { data: { labels: { a: b } } }
`

test('every key of every service is in the ledger, each with a reason and a place', () => {
  const { ledger } = convert(everything)
  const paths = new Set(ledger.map(({ path }) => path))
  const isCovered = (path: string): boolean =>
    paths.has(path) || [...paths].some((other) => other.startsWith(`${path}/`))
  const { project } = loadProject({
    files: memoryFiles({ '/shop/compose.yaml': everything }),
    workingDirectory: '/shop',
    environment: {},
  })
  for (const [service, keys] of Object.entries(project?.services as Record<string, Service>))
    for (const [key, value] of Object.entries(keys))
      if (value !== null) expect.soft(isCovered(`/services/${service}/${key}`), key).toBe(true)
  expect(paths.size).toBe(ledger.length)
  for (const entry of ledger) expect(entry.reason).not.toBe('')
  const written = ledger.filter(({ path }) => path.startsWith('/services/web/'))
  for (const entry of written) expect.soft(entry.at?.file, entry.path).toBe('compose.yaml')
})

test('what a program would miss is a dangerous drop, until it is accepted by name', () => {
  const dangerous = ({ ledger }: ReturnType<typeof convert>): string[] =>
    ledger
      .filter((entry) => entry.dangerous === true && entry.accepted !== true)
      .map(({ path }) => displayPath(path))
  const keys = ['cgroup', 'devices[0]', 'ipc', 'pid', 'sysctls["net.core.somaxconn"]', 'volumes[1]']
  const all = keys.map((key) => `services.web.${key}`)
  expect(dangerous(convert(everything))).toEqual(expect.arrayContaining(all))
  const accept = ['services/web/cgroup', 'services/web/volumes/1']
  const accepted = dangerous(convert(everything, { settings: { accept } }))
  expect(accepted).not.toContain('services.web.cgroup')
  expect(accepted).not.toContain('services.web.volumes[1]')
  expect(accepted).toContain('services.web.devices[0]')
})

test('an acceptance of nothing is told: a misspelt path is an error, a needless one a warning', () => {
  const accept = ['services/web/device/0', 'services/web/privileged', 'services/web/pid']
  const compose =
    'services: { web: { image: x, privileged: true, pid: host, devices: ["vendor.com/class=x"] } }'
  const { diagnostics, bundle } = convert(compose, { settings: { accept } })
  expect(bundle).toBeUndefined()
  expect(diagnostics).toMatchObject([
    {
      code: 'convert/unknown-acceptance',
      severity: 'error',
      path: '/accept/0',
      hint: 'did you mean "services/web/devices/0"?',
    },
    { code: 'convert/nothing-to-accept', severity: 'warning', path: '/accept/1' },
  ])
})

test('what cannot be had is an error until it is accepted, and is then left out', () => {
  const compose = `
services:
  db: { provider: { type: cloud } }
  web: { image: x, depends_on: [db], models: [llm] }
models: { llm: { model: ai/small } }
`
  const refused = ['models/llm', 'services/db/provider', 'services/web/models']
  const { diagnostics, bundle } = convert(compose)
  expect(bundle).toBeUndefined()
  expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual(
    refused.map((path) => `convert/refused /${path}`),
  )
  const accepted = convert(compose, { settings: { accept: refused } })
  expect(accepted.diagnostics).toEqual([])
  expect([...(accepted.bundle?.objects.keys() ?? [])]).toEqual(['deployment/web', 'service/web'])
  expect(accepted.ledger.find(({ path }) => path === '/services/web/depends_on/db')).toMatchObject({
    outcome: 'dropped',
    reason: 'db has no pod: a provider makes it',
  })
})

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
  const compose =
    'services: { a: { image: x, secrets: [s, t] } }\nsecrets: { s: { environment: S }, t: { file: ./none } }'
  const files = memoryFiles({ '/shop/compose.yaml': compose })
  const loaded = loadProject({ files, workingDirectory: '/shop', environment: {} })
  const { bundle, diagnostics } = convertProject({
    project: loaded.project as NonNullable<typeof loaded.project>,
    origins: loaded.origins,
    projectDirectory: '/shop',
    files,
    settings: {},
    settingsOrigins: new Map(),
    environment: { S: 'hop' },
  })
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
  expect(plan.services[0]?.gates).toMatchObject([{ wait: 'ready-name dns-ready', on: 'dns' }])
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
    { outcome: 'dropped', dangerous: true },
  ])
})

test('what one ConfigMap cannot hold is unpacked from an archive in several, and more than 8 MiB is an error', () => {
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
  const { diagnostics } = convert(compose, { files: { '/shop/site/big.bin': binary } })
  expect(diagnostics).toMatchObject([
    {
      code: 'convert/file-too-large',
      severity: 'error',
      hint: expect.stringContaining('COPY site /site'),
    },
  ])
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
  ports       5432/tcp  dialled by migrate (landfall.yaml)
  ready when  /bin/sh -c pg_isready  healthcheck, every 5 s
  volumes     data at /var/lib/postgresql/data, first filled from the image

migrate: Job, because landfall.yaml declares it a one-shot
  image      busybox:1.35.0
  waits for  healthy db 5432  depends_on db: service_healthy
  done when  tcp db:5432

web: Deployment, because it keeps running
  image      nginx:1.22
  names      web
  ports      80/tcp  ports
  outside    80/tcp on a port that the cluster chooses
  waits for  job migrate  depends_on migrate: service_completed_successfully
  scratch    /run, in memory

volume data: claim data of 1Gi
  mounted by  db
`)
})
