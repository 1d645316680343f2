import { Buffer } from 'node:buffer'
import { textFinder } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { isSecretFile } from './secret-files.ts'

const key = `-----BEGIN ${'PRIVATE'} KEY-----\nMIIB\n-----END ${'PRIVATE'} KEY-----\n`

test.each([
  ['server.key', ''],
  ['tls.pem', key],
  ['.env', ''],
  ['.htpasswd', ''],
  ['users', 'admin:$apr1$a1b2c3d4$0123456789abcdefghijkl'],
  ['app.yaml', 'database: { password: hop }'],
  ['app.json', '{"rabbit": {"url": "amqp://a:hop@queue"}}'],
  ['app.properties', 'spring.datasource.password=hop'],
  ['redis.conf', 'port 6379\nrequirepass hop'],
  ['init.sql', "CREATE USER shop WITH PASSWORD 'hop';"],
  ['start.sh', 'export TOKEN_SECRET=hop\nexec serve'],
  ['main.js', `const key = 'ghp_${'a1B2'.repeat(9)}'`],
  ['service-account.json', JSON.stringify({ type: 'service_account', private_key: key })],
])('%s is a secret', (path, text) => {
  expect(isSecretFile(path, Buffer.from(text), textFinder([]))).toBe(true)
})

test.each([
  ['tls.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
  ['nginx.conf', 'server { listen 443 ssl; ssl_certificate_key /etc/tls.key; }'],
  ['app.yaml', 'database: { password: $' + '{DB_PASSWORD}, user: shop }'],
  ['prometheus.yml', 'scrape_configs:\n- job_name: a\n  bearer_token_file: /run/token'],
  ['login.js', 'const form = { password: "hop", token: field }'],
  ['secrets.js', 'export function hide() {}'],
  [
    'package-lock.json',
    `{"integrity": "sha512-${'a1B2'.repeat(21)}==", "resolved": "https://registry.npmjs.org/a"}`,
  ],
  ['logo.png', `\0password=hop`],
  ['init.sql', 'CREATE TABLE users (id int PRIMARY KEY, password text);'],
])('%s is none', (path, text) => {
  expect(isSecretFile(path, Buffer.from(text), textFinder(['hop-hop-1']))).toBe(false)
})
