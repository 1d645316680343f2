import { expect, test } from 'vitest'
import { replaceAddresses, sameAddress } from './fixed-addresses.ts'

const replaced = (line: string, addresses: string[] = ['172.20.0.5', 'fd00::5']): string =>
  replaceAddresses(line, '', (address) =>
    addresses.includes(sameAddress(address)) ? 'db' : undefined,
  )

test.each([
  ['172.20.0.5', 'db'],
  ['http://172.20.0.5:80/', 'http://db:80/'],
  ['http://172.20.0.5/24/files', 'http://db/24/files'],
  ['redis://u:p@172.20.0.5/0', 'redis://u:p@db/0'],
  ['server 172.20.0.5;', 'server db;'],
  ['172.20.0.5,172.20.0.50:1', 'db,172.20.0.50:1'],
  ['see 172.20.0.5.', 'see db.'],
  ['[fd00::5]:80', 'db:80'],
  ['http://[FD00:0::5]/', 'http://db/'],
  ['[fd00::5, fd00::6]', '[db, fd00::6]'],
  ['[fd00::5]', '[db]'],
  ['bind fd00::5', 'bind db'],
])('a whole address is replaced: %s', (line, expected) => {
  expect(replaced(line)).toBe(expected)
})

test.each([
  '172.20.0.50',
  '1172.20.0.5',
  '172.20.0.5.1',
  '172.20.0.5/24',
  '172.20.0.5/32',
  '172.20.0.1-172.20.0.5',
  '172.20.0.5-172.20.0.9',
  'v172.20.0.5',
  'fd00::5:1',
  'fd00::5/64',
  'afd00::5',
  '12:30:45',
])('a part of something else stays: %s', (line) => {
  expect(replaced(line)).toBe(line)
})
