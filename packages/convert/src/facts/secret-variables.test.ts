import { expect, test } from 'vitest'
import { whySecret } from './secret-variables.ts'

test.each([
  ['POSTGRES_PASSWORD', 'hop-hop'],
  ['MYSQL_ROOT_PASSWORD', 'x'],
  ['DB_PASS', 'x'],
  ['GF_SECURITY_ADMIN_PASSWORD', 'admin'],
  ['JWT_SECRET', 'abc'],
  ['SECRET_KEY_BASE', 'abc'],
  ['API_KEY', 'abc'],
  ['apikey', 'abc'],
  ['GITHUB_TOKEN', 'ghp'],
  ['AWS_SECRET_ACCESS_KEY', 'abc'],
  ['DATABASE_URL', 'postgres://shop:hop-hop@db:5432/shop'],
  ['REDIS_URL', 'redis://:hop@cache:6379'],
  ['JDBC', 'jdbc:mysql://db/x?user=a&password=b'],
  ['DSN', 'host=db user=a password=b'],
])('%s=%s is a secret', (name, value) => {
  expect(whySecret(name, value)).toBeTypeOf('string')
})

test.each([
  ['POSTGRES_USER', 'shop'],
  ['POSTGRES_PASSWORD_FILE', '/run/secrets/db'],
  ['TLS_KEY', '/etc/tls/tls.key'],
  ['ALLOW_EMPTY_PASSWORD', 'yes'],
  ['MYSQL_RANDOM_ROOT_PASSWORD', 'yes'],
  ['TOKEN_TTL', '3600'],
  ['PUBLIC_KEY', 'ssh-rsa AAAA'],
  ['AWS_ACCESS_KEY_ID', 'AKIA'],
  ['EMPTY_PASSWORD', ''],
  ['DATABASE_URL', 'postgres://db:5432/shop'],
  ['HOME_PAGE', 'http://shop.example.com:80/@me'],
  ['MONKEYS', '3'],
])('%s=%s is none', (name, value) => {
  expect(whySecret(name, value)).toBeUndefined()
})

test('landfall.yaml has the last word', () => {
  const rules = { variables: ['*_PIN', 'MY.X'], plain: ['DEMO_*'] }
  expect(whySecret('CARD_PIN', '1234', rules)).toBeTypeOf('string')
  expect(whySecret('MYaX', '1234', rules)).toBeUndefined()
  expect(whySecret('DEMO_PASSWORD', 'demo', rules)).toBeUndefined()
})
