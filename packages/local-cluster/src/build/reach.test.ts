import { expect, test } from 'vitest'
import { buildReach, parsePlace } from './reach.ts'

test.each([
  ['10.213.0.1:22500', { host: '10.213.0.1', port: 22500 }],
  ['http://localhost:4873/', { host: 'localhost', port: 4873 }],
  ['https://user:secret@pypi.example/simple', { host: 'pypi.example', port: 443 }],
  ['http://deb.debian.org/debian', { host: 'deb.debian.org', port: 80 }],
  ['not a place', undefined],
])('%s is at %j', (place, parsed) => {
  expect(parsePlace(place)).toEqual(parsed)
})

test('a mirror on this machine becomes an endpoint, one that is elsewhere needs none', async () => {
  const { endpoints } = await buildReach(['http://127.0.0.1:4873', '192.0.2.99:80'], undefined)
  expect(endpoints).toEqual([{ address: '127.0.0.1', port: 4873 }])
})

test('a name server of a build is never on loopback', async () => {
  const { nameServers } = await buildReach([], '10.213.0.1')
  expect(nameServers.filter((server) => server.startsWith('127.'))).toEqual([])
  expect(nameServers.length).toBeGreaterThan(0)
})
