import { expect, test } from 'vitest'
import { hostsIn } from './references.ts'

function names(text: string, from = 0): string {
  return hostsIn({ text, from })
    .hosts.map(({ name }) => name)
    .join(' ')
}

test.each([
  ['postgres://shop:pw@db/shop', 'postgres shop pw db'],
  ['--host=Db', 'host db'],
  ['tcp(db:3306)', 'tcp db 3306'],
  ['rabbit@rabbit1', 'rabbit rabbit1'],
  ['/dns4/node/tcp/4001', 'node'],
  ['kc1[7800],kc2[7800]', 'kc1 7800 kc2 7800'],
  ['http://minio{1...3}/data', 'http minio1 minio2 minio3'],
  ['kafka-{1..2}.local', 'kafka-1.local kafka-2.local'],
  [`${'x'.repeat(300_000)}{y`, `${'x'.repeat(300_000)} y`],
  ['redis-{1..2}:6379', 'redis-1 redis-2 6379'],
  ['my_db.', 'my_db'],
])('%s names %s', (text, expected) => {
  expect(names(text)).toBe(expected)
})

test.each(['/srv/web', './web', 'web/main.py', '$web', `$${'{web}'}`])(
  '%s names no host',
  (text) => {
    expect(names(text).split(' ')).not.toContain('web')
  },
)

test('the first word of a command is a program', () => {
  expect(names('vault server vault', 5)).toBe('server vault')
})
