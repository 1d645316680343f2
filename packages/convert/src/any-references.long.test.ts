import { loadProject, memoryFiles } from '@landfall/compose'
import { hasErrors } from '@landfall/diagnostic'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { convertProject } from './convert.ts'

const NAMES = ['one', 'My_Two', 'init.three', 'db']
const name = fc.constantFrom(...NAMES, 'queue', 'Some_Alias', 'db-ready')
const address = fc.constantFrom('172.20.0.5', '172.20.0.6', '10.1.1.1', 'host-gateway', 'fd00::5')
const host = fc.oneof(name, address)
const among = (
  names: readonly string[],
  of: (one: fc.Arbitrary<string>) => fc.Arbitrary<string>,
) => (names.length === 0 ? fc.constant([]) : few(of(fc.constantFrom(...names))))
const few = <T>(values: fc.Arbitrary<T>) => fc.uniqueArray(values, { maxLength: 3 })

const text = fc.oneof(
  host.map((one) => `http://${one}:8080/x`),
  fc.tuple(host, host).map(([a, b]) => `${a}:5432,${b}:5433`),
  host,
  fc.constantFrom('tasks.db', 'mix_db_1', 'host.docker.internal:80', 'secret://u:p@db'),
)

const mount = fc.constantFrom(
  'data:/data',
  '/anonymous',
  './conf:/conf:ro',
  './missing:/srv/missing',
  '/var/run/docker.sock:/var/run/docker.sock',
  '/dev/shm:/dev/shm',
  './file.ini:/etc/file.ini',
)

/** One service that references those before it in every way that Compose has: the loader refuses circles. */
const serviceAfter = (before: readonly string[]) =>
  fc.record(
    {
      image: fc.constantFrom('redis:7', 'nginx', 'tool'),
      command: fc.constantFrom('migrate', 'sh -c "exit 0"', 'serve'),
      container_name: fc.constantFrom(`box_${before.length}`, `box-${before.length}`),
      hostname: name,
      restart: fc.constantFrom('no', 'always', 'on-failure:3'),
      environment: fc.dictionary(fc.constantFrom('A_HOST', 'B_URL', 'API_TOKEN', 'PEERS'), text),
      extra_hosts: few(fc.tuple(name, address).map(([one, at]) => `${one}=${at}`)),
      links: among(before, (one) => fc.tuple(one, name).map(([to, as]) => `${to}:${as}`)),
      external_links: few(name),
      volumes: few(mount),
      volumes_from: among(before, (one) =>
        fc.tuple(one, fc.constantFrom('', ':ro')).map((parts) => parts.join('')),
      ),
      ports: few(fc.constantFrom('8080:80', '30080:80', '9000-9003:9000-9003', '127.0.0.1:53:53')),
      labels: fc.dictionary(fc.constantFrom('a', 'not valid!', 'kubernetes.io/x'), fc.string()),
      dns: address,
      networks: fc.record(
        { aliases: few(name), ipv4_address: fc.constantFrom('172.20.0.5', '172.20.0.6') },
        { requiredKeys: [] },
      ),
      mode: fc.constantFrom(...before.map((one) => `service:${one}`), 'none', 'bridge'),
    },
    { requiredKeys: ['image'] },
  )

const project = fc
  .tuple(...NAMES.map((_, index) => serviceAfter(NAMES.slice(0, index))))
  .map((services) => ({
    name: 'mix',
    networks: { lan: {} },
    volumes: { data: {} },
    services: Object.fromEntries(
      services.map(({ mode, networks, ...rest }, index) => [
        NAMES[index],
        mode === undefined
          ? { ...rest, networks: { lan: networks ?? {} } }
          : { ...rest, network_mode: mode },
      ]),
    ),
  }))

test('any mix of references converts: each key has one owner', { timeout: 120_000 }, () => {
  let converted = 0
  fc.assert(
    fc.property(project, fc.boolean(), (value, known) => {
      const files = memoryFiles({
        '/mix/compose.yaml': JSON.stringify(value),
        '/mix/conf/a.conf': 'upstream http://My_Two:80',
        '/mix/file.ini': 'host = 172.20.0.5',
      })
      const loaded = loadProject({ files, workingDirectory: '/mix', environment: {} })
      if (loaded.project === undefined || hasErrors(loaded.diagnostics)) return
      converted++
      const { ledger } = convertProject({
        project: loaded.project,
        origins: loaded.origins,
        projectDirectory: loaded.projectDirectory,
        files,
        settings: known ? { hostGateway: '10.0.0.9', external: { queue: { host: 'q.io' } } } : {},
        settingsOrigins: new Map(),
      })
      expect(ledger.length).toBeGreaterThan(0)
    }),
    { numRuns: 400 },
  )
  expect(converted).toBeGreaterThan(20)
})
