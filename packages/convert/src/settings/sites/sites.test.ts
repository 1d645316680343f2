import { expect, test } from 'vitest'
import { sitesBefore } from './check-sites.ts'
import { allSites as all, oneSite as one } from './test-sites.ts'

const base = `files:
  ./config.json:
    set: { /site_id: { site: site_id }, /coreservice_ip: { addressOf: cloud/discovery } }
`

const edges = `siteTemplates:
  edge:
    services: [broker, worker]
    external: { discovery: { addressOf: cloud/discovery }, rabbitmq: { addressOf: cloud/rabbitmq } }
`

const REACHED = [
  { port: 8090, protocol: 'tcp' as const, host: '10.0.0.7', number: 31_090 },
  { port: 8091, protocol: 'tcp' as const, host: '10.0.0.7', number: 31_091 },
]

test('a site has its services, its facts and the addresses of others', () => {
  const { settings, site, printed } = one(
    `${base}${edges}sites: { cloud: { services: [discovery, rabbitmq] }, edge-1: { like: edge, values: { site_id: "002" } } }\n`,
    {
      name: 'edge-1',
      reachedAt: (_site, service) =>
        service === 'discovery'
          ? REACHED
          : [{ port: 5672, protocol: 'tcp', host: '10.0.0.7', number: 31_672 }],
      unknownAddress: 'error',
    },
  )
  expect(printed).toEqual([])
  expect(settings.files?.['./config.json']?.set).toEqual({
    '/site_id': '002',
    '/coreservice_ip': '10.0.0.7',
  })
  expect(settings.external).toEqual({
    discovery: { address: '10.0.0.7', ports: ['8090:31090/tcp', '8091:31091/tcp'] },
    rabbitmq: { address: '10.0.0.7', ports: ['5672:31672/tcp'] },
  })
  expect(settings.services?.discovery?.enabled).toBe(false)
  expect(settings.services?.broker?.enabled).toBeUndefined()
  expect(site).toMatchObject({ name: 'edge-1', namespace: 'fog-edge-1', project: 'fog' })
  expect(site?.connections.map((found) => `${found.site}/${found.service}`)).toEqual([
    'cloud/discovery',
    'cloud/rabbitmq',
    'cloud/discovery',
  ])
  expect(site?.elsewhere).toEqual({ discovery: 'cloud', rabbitmq: 'cloud' })
})

test('an address with a port is host:port, and portOf the port alone', () => {
  const { settings } = one(
    `files: { ./config.json: { set: { /a: { addressOf: "cloud/discovery:8091" }, /b: { portOf: "cloud/discovery:8091" } } } }
sites: { cloud: { services: [discovery] }, edge: { services: [broker, worker] } }\n`,
    { name: 'edge', reachedAt: () => REACHED, unknownAddress: 'error' },
  )
  // 8091 is what the cluster publishes, and not a port of the Compose file
  expect(settings.files?.['./config.json']?.set).toEqual({ '/a': '', '/b': '' })
  const declared = one(
    `files: { ./config.json: { set: { /a: { addressOf: "cloud/discovery:8090" }, /b: { portOf: "cloud/discovery:8090" } } } }
sites: { cloud: { services: [discovery], addresses: { discovery: "[2001:db8::1]:443" } }, edge: { services: [broker, worker] } }\n`,
    { name: 'edge', unknownAddress: 'error' },
  )
  expect(declared.printed).toEqual([])
  expect(declared.settings.files?.['./config.json']?.set).toEqual({
    '/a': '[2001:db8::1]:443',
    '/b': 443,
  })
})

test('an address that is not known is reported, with what to declare', () => {
  const text = `${base}sites:\n  cloud: { services: [discovery] }\n  edge: { services: [broker, worker], values: { site_id: 1 } }\n`
  const { printed, settings } = one(text, { name: 'edge', unknownAddress: 'warning' })
  expect(printed).toEqual([
    expect.stringMatching(
      /landfall\.yaml:3:\d+: warning: where cloud\/discovery is reached is not known[\s\S]*sites\.cloud\.addresses\.discovery/,
    ),
  ])
  expect(settings.files?.['./config.json']?.set?.['/coreservice_ip']).toBe(
    'discovery.cloud.invalid',
  )
  expect(one(text, { name: 'edge', unknownAddress: 'error' }).printed[0]).toContain('error: where')
})

test('a range with a CSV file is many sites', () => {
  const { sites, printed } = all(
    `${edges}sites:
  cloud: { services: [discovery, rabbitmq] }
  edge-{001..003}: { like: edge, from: edges.csv, context: "k3s-{{name}}", values: { region: east } }\n`,
    {
      '/fog/edges.csv':
        'name,site_id,latitude,longitude,region,namespace\nedge-001,"0,1",35.6,139.7,,\nedge-002,002,-1,2,"we""st",fog\nedge-003,3,,,,\n',
    },
  )
  expect(printed).toEqual([])
  expect(sites.map(({ name }) => name)).toEqual(['cloud', 'edge-001', 'edge-002', 'edge-003'])
  expect(sites[1]).toMatchObject({
    context: 'k3s-edge-001',
    namespace: 'fog-edge-001',
    location: { latitude: 35.6, longitude: 139.7 },
  })
  expect({ ...sites[1]?.facts }).toEqual({
    name: 'edge-001',
    number: '001',
    namespace: 'fog-edge-001',
    project: 'fog',
    region: 'east',
    site_id: '0,1',
    'location/latitude': 35.6,
    'location/longitude': 139.7,
  })
  expect(sites[2]?.facts.region).toBe('we"st')
  expect(sites[2]?.namespace).toBe('fog')
  expect(sites[3]?.location).toBeUndefined()
})

test('restartsWith of a service that is at another site is one across sites', () => {
  const { site, settings, printed } = one(
    `services: { worker: { restartsWith: [rabbitmq, broker] }, broker: { restartsWith: [cloud/discovery], alive: { tcp: "discovery:8090" } } }
${edges}sites: { cloud: { services: [discovery, rabbitmq] }, edge: { like: edge } }\n`,
    { name: 'edge', unknownAddress: 'warning' },
  )
  expect(settings.services?.worker?.restartsWith).toEqual(['broker'])
  expect(settings.services?.broker?.restartsWith).toBeUndefined()
  expect(site?.restarts).toEqual([
    { service: 'broker', with: { site: 'cloud', service: 'discovery' } },
    { service: 'worker', with: { site: 'cloud', service: 'rabbitmq' } },
  ])
  // a service that shows by itself whether it is connected is restarted by the keeper
  expect(printed.filter((text) => text.includes('restart-across-sites'))).toEqual([
    expect.stringContaining(
      'note: worker restarts with cloud/rabbitmq when landfall up runs, and not by itself',
    ),
  ])
})

test.each([
  ['sites: { Edge: {} }', 'sites.Edge', '"Edge" is not a valid name of a site'],
  ['sites: { "e-{3..1}": {} }', 'e-{3..1}', 'has no numbers: 1 is less than 3'],
  ['sites: { "e-{a..b}": {} }', 'e-{a..b}', 'is not a range of numbers'],
  ['sites: { "e-{1..3}": {}, e-2: {} }', 'e-2', 'the site e-2 is defined twice'],
  ['sites: { edge: { like: edg } }\nsiteTemplates: { edge: {} }', 'like', 'did you mean "edge"?'],
  ['sites: { edge: { services: [borker] } }', 'services', 'there is no service "borker"'],
  ['sites: { edge: { services: { borker: } } }', 'services', 'there is no service "borker"'],
  ['sites: { edge: { servces: [broker] } }', 'servces', 'unknown key "servces"'],
  [
    'sites: { "e-{1..3}": { namespace: fog } }',
    'e-{1..3}',
    'the sites e-1 and e-2 are both in the namespace fog',
  ],
  [
    'sites: { a: { external: { x: { addressOf: b/broker } } }, b: { external: { x: { addressOf: a/broker } } } }',
    'sites.a',
    'sites need addresses of each other: a -> b -> a',
  ],
  [
    'sites: { a: { external: { x: { addressOf: b/worker } } }, b: {} }',
    'external.x.addressOf',
    'worker publishes no port',
  ],
  [
    'sites: { a: { external: { x: { addressOf: c/broker } } }, b: {} }',
    'external.x.addressOf',
    'there is no site "c"',
  ],
  [
    'sites: { a: { external: { x: { addressOf: b/broker } } }, b: { services: [worker] } }',
    'external.x.addressOf',
    'the site b has no service "broker"',
  ],
  ['sites: { a: { context: "{{hub}}" } }', 'context', 'the site a has no value "hub"'],
  ['sites: { "a-{1..2}": { from: a.csv } }', 'a-{1..2}', 'a.csv does not exist'],
])('%s', (settings, place, message) => {
  const { printed } = all(`${settings}\n`)
  expect(printed).toHaveLength(1)
  expect(printed[0]).toContain(message)
  expect(printed[0]).toMatch(/^landfall\.yaml:\d+:\d+: error/)
  expect(printed[0]).toContain(place)
})

test('values of a site without a site are an error', () => {
  const { printed } = one(`${base}sites: { cloud: {} }\n`, undefined)
  expect(printed.map((text) => text.split('\n')[0])).toEqual([
    expect.stringContaining('/site_id is a value of a site'),
    expect.stringContaining('/coreservice_ip is a value of a site'),
  ])
  expect(
    one('sites: { cloud: {} }\n', { name: 'clod', unknownAddress: 'error' }).printed[0],
  ).toContain('did you mean "cloud"?')
})

test('sites are after those to which they connect; of two that need each other, after the one that is not declared', () => {
  const order = (settings: string) => {
    const { sites, printed } = all(settings)
    expect(printed).toEqual([])
    return Object.fromEntries(
      sitesBefore(sites.map((site) => ({ site, connections: site.connections }))),
    )
  }
  const outside = (site: string) => `external: { x: { addressOf: ${site}/broker } }`
  expect(order(`sites: { a: { ${outside('b')} }, b: {} }\n`)).toEqual({ a: ['b'], b: [] })
  const declared = 'addresses: { broker: 192.0.2.1 }'
  expect(order(`sites: { a: { ${outside('b')} }, b: { ${declared} } }\n`)).toEqual({
    a: ['b'],
    b: [],
  })
  expect(order(`sites: { a: { ${outside('b')} }, b: { ${outside('a')}, ${declared} } }\n`)).toEqual(
    {
      a: [],
      b: ['a'],
    },
  )
})
