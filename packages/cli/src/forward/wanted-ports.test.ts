import type { ForwardedPort, Member } from '@landfall/deploy'
import { expect, test } from 'vitest'
import { readPortWord, wantedPorts } from './wanted-ports.ts'

const member = { service: 'web', containers: ['web'], names: [] } as unknown as Member
const port = (
  published: number,
  port: number,
  more: Partial<ForwardedPort> = {},
): ForwardedPort => ({
  ...{ member, published, port, protocol: 'tcp' },
  ...more,
})
const published = [
  port(8080, 80),
  port(8080, 80),
  port(5432, 5432, { address: '127.0.0.2' }),
  port(9000, 9000, { address: '192.168.1.5' }),
  port(53, 53, { protocol: 'udp' }),
]

const placesOf = (word: string, address?: string) => {
  const { wanted, udp } = wantedPorts([{ word: readPortWord(word), member, published }], address)
  return [
    ...wanted.map(({ local, port }) => `${local.address}:${local.port} ${port}`),
    ...udp.map(({ published }) => `udp ${published}`),
  ]
}

test('everything that is published, on the same ports of this machine; an address of another machine is not bound', () => {
  expect(placesOf('web')).toEqual([
    '127.0.0.1:8080 80',
    '127.0.0.2:5432 5432',
    '127.0.0.1:9000 9000',
    'udp 53',
  ])
  expect(placesOf('web', '0.0.0.0')[1]).toBe('0.0.0.0:5432 5432')
})

test('one port: by its published number, by its container port, or any other; at a local port of choice', () => {
  expect(placesOf('web:8080')).toEqual(['127.0.0.1:8080 80'])
  expect(placesOf('web:80')).toEqual(['127.0.0.1:8080 80'])
  expect(placesOf('web:18080:80')).toEqual(['127.0.0.1:18080 80'])
  expect(placesOf('web:6379')).toEqual(['127.0.0.1:6379 6379'])
})

test.each(['web:', 'web:x', ':80', 'web:1:2:3', 'web:70000'])('%s is no port', (word) => {
  expect(() => readPortWord(word)).toThrow(`${word} is not SERVICE`)
})
