import { expect, test } from 'vitest'
import { secretsInText } from './assignments.ts'
import { maskText } from './mask.ts'

test.each([
  ['password: hop', 'hop'],
  ['  "password": "hop hop",', 'hop hop'],
  ['password=hop', 'hop'],
  ['db.password = hop', 'hop'],
  ["'api_key' => 'hop'", 'hop'],
  ['<password>hop</password>', 'hop'],
  ['export DB_PASSWORD=hop', 'hop'],
  ['<property name="password" value="hop"/>', 'hop'],
  ['<name>db.password</name>\n  <value>hop</value>', 'hop'],
  ['- name: DB_PASSWORD\n  value: hop', 'hop'],
  ['{ "name": "DB_PASSWORD", "value": "hop" }', 'hop'],
  ['PGPASSWORD=hop pg_isready', 'hop'],
  ['serve --password hop', 'hop'],
  ['serve --password=hop', 'hop'],
  ['serve --api-key "hop"', 'hop'],
  ['redis-server --requirepass hop', 'hop'],
  ['requirepass hop', 'hop'],
  ['mysqladmin ping -h localhost -uroot -phop', 'hop'],
  ['redis-cli -a hop ping', 'hop'],
  ['curl -fsS -u admin:hop http://localhost', 'hop'],
  ['curl --user admin:hop http://localhost', 'hop'],
  ['mongosh -u root -p hop --eval x', 'hop'],
  ["CREATE USER x IDENTIFIED BY 'hop';", 'hop'],
  ["create user x password 'hop'", 'hop'],
  ['jwt_secret: hop', 'hop'],
  ['secret_key_base: hop', 'hop'],
])('the secret of %s', (text, secret) => {
  expect(secretsInText(text).map(({ start, end }) => text.slice(start, end))).toEqual([secret])
  expect(maskText(text)).toBe(
    text.slice(0, text.lastIndexOf(secret)) +
      text.slice(text.lastIndexOf(secret)).replace(secret, '***'),
  )
})

test.each([
  'key: value',
  'primary_key: id',
  'password:',
  'password: ""',
  'password: $PASSWORD',
  'password: {{ .Values.password }}',
  'password: <password>',
  'password: %env(DB_PASSWORD)%',
  'password_file: /run/secrets/db',
  'PASSWORD_FILE=/run/secrets/db',
  'mysqladmin ping -p$MYSQL_ROOT_PASSWORD',
  'mysqladmin ping -p"$MYSQL_ROOT_PASSWORD"',
  'redis-cli -a "$REDIS_PASSWORD" ping',
  'curl -u "$USER:$PASSWORD" http://localhost',
  'token_ttl: 3600',
  'tokenizer: standard',
  '# password: hop',
  '<property name="user" value="hop"/>',
  '- name: DB_HOST\n  value: hop',
  '; admin_password = admin',
  '"forgot_password": "Forgot your password?"',
  '"password": "Password"',
  'password = request.get("x")',
  'secrets: [db]',
  'ssl_certificate_key /etc/tls.key;',
  'max_tokens: 4096',
  'sort_key: name',
  'image: nginx:1.27',
  'mysql -P 3306 -h db',
  'test: CMD pg_isready -U shop -d shop',
  'kubectl create secret generic x',
])('nothing in %s', (text) => {
  expect(secretsInText(text)).toEqual([])
})
