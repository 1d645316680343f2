import { loadProject, memoryFiles } from '@landfall/compose'
import { renderDiagnostic } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { loadLandfallFile } from './load.ts'

const compose = `name: shop
services:
  web:
    image: nginx:1.22
    volumes: [media:/media]
  config-seed:
    image: busybox:1.35.0
volumes:
  media:
`

function load(
  settings: string | undefined,
  project = compose,
  name = 'landfall.yaml',
  environment?: string,
) {
  const files = memoryFiles({
    '/shop/compose.yaml': project,
    ...(settings === undefined ? {} : { [`/shop/${name}`]: settings }),
  })
  const loaded = loadProject({ files, workingDirectory: '/shop', environment: {} })
  if (loaded.project === undefined) throw new Error('the project does not load')
  const result = loadLandfallFile({
    files,
    projectDirectory: loaded.projectDirectory,
    project: loaded.project,
    projectOrigins: loaded.origins,
    ...(environment === undefined ? {} : { environment }),
  })
  const sources = new Map([...loaded.sources, ...result.sources])
  return { ...result, printed: result.diagnostics.map((d) => renderDiagnostic(d, sources)) }
}

test('no file is no settings', () => {
  expect(load(undefined)).toMatchObject({ settings: {}, diagnostics: [] })
})

test('an empty file is no settings', () => {
  expect(load('# nothing yet\n')).toMatchObject({ settings: {}, diagnostics: [] })
})

test('a file of megabytes is refused unread', () => {
  expect(load(`accept:\n${'- a\n'.repeat(200_000)}`).printed).toEqual([
    expect.stringMatching(/^error: landfall\.yaml is larger than 512 KiB/),
  ])
})

test('landfall.yml is read as well, anchors and merge keys included', () => {
  const { settings, diagnostics } = load(
    'services:\n  web:\n    ready: &ping { http: "http://web/ping" }\n    alive: *ping\n',
    compose,
    'landfall.yml',
  )
  expect(diagnostics).toEqual([])
  expect(settings.services?.web?.alive).toEqual({ http: 'http://web/ping' })
})

test('x-landfall and landfall.yaml are one', () => {
  const { settings, printed } = load(
    'services:\n  web: { replicas: 2 }\n',
    `${compose}x-landfall:\n  services:\n    web: { ports: [9000] }\n  gate: { image: "curl:8" }\n`,
  )
  expect(printed).toEqual([])
  expect(settings).toEqual({
    services: { web: { ports: [9000], replicas: 2 } },
    gate: { image: 'curl:8' },
  })
})

test('a key in both is an error that shows both places', () => {
  const { printed } = load(
    'services:\n  web: { replicas: 2 }\n',
    `${compose}x-landfall:\n  services:\n    web: { replicas: 3 }\n`,
  )
  expect(printed).toHaveLength(1)
  expect(printed[0]).toMatch(/^landfall\.yaml:2:10: error: replicas is set in landfall\.yaml/)
  expect(printed[0]).toMatch(/compose\.yaml:\d+:\d+: also set here/)
})

test.each([
  ['services: [\n', 'landfall.yaml:2:1: error', 'convert/settings-syntax'],
  [
    'services:\n  web: { readdy: {} }\n',
    'landfall.yaml:2:10: error: unknown key "readdy"',
    'did you mean "ready"?',
  ],
  [
    'services:\n  web: { replicas: two }\n',
    'landfall.yaml:2:20: error: replicas must be an integer',
    '',
  ],
  [
    'services:\n  wep: { replicas: 2 }\n',
    'landfall.yaml:2:3: error: there is no service "wep"',
    'did you mean "web"?',
  ],
  ['volumes:\n  data: { size: 1Gi }\n', 'landfall.yaml:2:3: error: there is no volume "data"', ''],
  [
    'volumes:\n  media: { size: big }\n',
    'landfall.yaml:2:18: error: size cannot be "big"',
    'a Kubernetes quantity',
  ],
  [
    'services:\n  web: { expose: { type: Igress } }\n',
    'landfall.yaml:2:26: error: type must be one of',
    '',
  ],
  [
    'services:\n  web: { waitsFor: [{ status: 200 }] }\n',
    'landfall.yaml:2:21: error: an effect requires exactly one of',
    '',
  ],
  [
    'services:\n  web: { waitsFor: [{ command: [x] }] }\n',
    'error: command is not supported here',
    'use another effect',
  ],
  [
    'services:\n  web: { waitsFor: [{ job: migrate }] }\n',
    'error: there is no service "migrate"',
    'allowed: web, config-seed',
  ],
  ['services:\n  web: { ports: [99999] }\n', 'error: 0 must be at most 65535', ''],
  ['services:\n  web: {}\n  web: {}\n', 'landfall.yaml:3:3: error: Map keys must be unique', ''],
])('%j is told with its place', (text, place, hint) => {
  const { printed } = load(text)
  expect(printed).toHaveLength(1)
  expect(printed[0]).toContain(place)
  expect(printed[0]).toContain(hint)
})

const environments = `
services:
  web: { replicas: 1, ports: [9000, 9001], ready: { http: http://web/ping, body: ok } }
volumes:
  media: { size: 1Gi }
external:
  mail: { host: smtp.example.com }
environments:
  prod:
    services:
      web: { replicas: 3, ports: [9002], ready: { tcp: "web:9000" } }
    external:
      mail: { address: 10.0.2.2 }
  dev: {}
`

test('an environment is merged in: mappings by key, lists and effects as a whole', () => {
  const { settings, printed, origins } = load(environments, compose, 'landfall.yaml', 'prod')
  expect(printed).toEqual([])
  expect(settings).toEqual({
    services: { web: { replicas: 3, ports: [9002], ready: { tcp: 'web:9000' } } },
    volumes: { media: { size: '1Gi' } },
    external: { mail: { address: '10.0.2.2' } },
  })
  const [origin] = origins.get('/services/web/replicas') ?? []
  expect(origin?.kind === 'file' && environments.slice(origin.span.start)).toMatch(/^replicas: 3/)
})

test('without a chosen environment the file is what stands outside of all', () => {
  const { settings, printed } = load(environments)
  expect(printed).toEqual([])
  expect(settings.services?.web?.replicas).toBe(1)
  expect(settings).not.toHaveProperty('environments')
})

test('an environment that is not there is told with those that are', () => {
  const { printed } = load(environments, compose, 'landfall.yaml', 'prd')
  expect(printed).toHaveLength(1)
  expect(printed[0]).toContain('there is no environment "prd"')
  expect(printed[0]).toContain('did you mean "prod"?')
})

test('every environment is checked, chosen or not', () => {
  const { printed } = load(
    'environments: { prod: { services: { wbe: {} }, volumes: { media: { size: big } } } }\n',
  )
  expect(printed.join()).toContain('landfall.yaml:1:74: error: size cannot be "big"')
  expect(load('environments: { prod: { services: { we: {} } } }\n').printed.join()).toContain(
    'did you mean "web"?',
  )
})

test.each([
  ['external: { mail: {} }', 'mail requires either address, host or addressOf'],
  ['external: { web: { host: db.example.com } }', 'web is also the name of a service'],
  ['external: { mail: { host: 10.0.2.2 } }', 'host cannot be "10.0.2.2"'],
  ['external: { mail: { address: 300.1.1.1 } }', 'mail has an invalid IP address'],
  [
    'external: { mail: { host: a.b, ports: [25] } }',
    'mail has ports, which are only valid with address',
  ],
  ['services: { web: { environment: { KEY: {} } } }', 'KEY has no Secret'],
])('%s: %s', (settings, message) => {
  const { printed } = load(settings)
  expect(printed).toHaveLength(1)
  expect(printed[0]).toContain(message)
})

test('spans are named as those of the Compose file beside it', () => {
  const files = memoryFiles({
    '/home/examples/shop/compose.yaml': compose,
    '/home/examples/shop/landfall.yaml': 'servicez: {}\n',
  })
  const loaded = loadProject({
    files,
    workingDirectory: '/home',
    projectDirectory: '/home/examples/shop',
    environment: {},
    configFiles: ['examples/shop/compose.yaml'],
  })
  const { diagnostics } = loadLandfallFile({
    files,
    projectDirectory: loaded.projectDirectory,
    project: loaded.project as NonNullable<typeof loaded.project>,
    projectOrigins: loaded.origins,
  })
  expect(diagnostics[0]?.at?.file).toBe('examples/shop/landfall.yaml')
})

test('an environment replaces a service by one outside of the project', () => {
  const outside = 'external: { web: { host: web.example.com } }'
  const { settings, printed } = load(
    `environments: { prod: { services: { web: { enabled: false } }, ${outside} } }`,
    compose,
    'landfall.yaml',
    'prod',
  )
  expect(printed).toEqual([])
  expect(settings).toMatchObject({ services: { web: { enabled: false } }, external: { web: {} } })
  expect(load(outside).printed).toEqual([expect.stringContaining('also the name of a service')])
  expect(
    load(`services: { web: { enabled: false } }\nenvironments: { prod: { ${outside} } }`).printed,
  ).toEqual([])
})

test('sections whose lines are all comments are no settings', () => {
  const { settings, printed } = load('services:\n  web:\n    # replicas: 2\nvolumes:\naccept:\n')
  expect(printed).toEqual([])
  expect(settings).toEqual({ services: {} })
  expect(load('services: { web: { replicas: } }').printed).toEqual([
    expect.stringContaining('replicas must be'),
  ])
})
