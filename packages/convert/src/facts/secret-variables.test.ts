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
  ['DB_PASSWORD', '12345'],
  ['DB_PASSWORD', '2h'],
  ['DB_PASSWORD', 'db.example.com'],
  ['DB_PASS', '8080'],
  ['ADMIN_PIN', '1234'],
  ['PIN', '0042'],
  ['JWT_SECRET', '12345'],
  ['API_KEY', '1234567890'],
  ['BOT_TOKEN', '123456:AAF-x'],
  ['encryptionKey', 'abc'],
  ['AUTH_TOKEN', 'eyJhbGciOi.eyJzdWIiOi.SflKxw'],
  ['PASSWORD_SALT', 'pepper'],
  ['SECRET_KEY', '/ab+cd/ef=='],
  ['OIDC_URL', 'https://shop:hop@auth.example.com'],
  ['COLOUR', `ghp_${'a1B2'.repeat(9)}`],
  ['JAVA_OPTS', '-Xmx1g -Djavax.net.ssl.keyStorePassword=hop'],
  ['APPLICATION_JSON', '{"datasource": {"password": "hop"}}'],
])('%s=%s is a secret', (name, value) => {
  expect(whySecret(name, value)).toBeDefined()
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
  ['MONKEY', 'banana'],
  ['PASSWORD_MIN_LENGTH', '8'],
  ['PASSWORD_ITERATIONS', 'many'],
  ['TOKEN_VALIDITY', '2592000'],
  ['SECRET_PATH', '/run/x'],
  ['SECRET_PATH', 'secret/data/shop'],
  ['KEY_FILE', 'server'],
  ['SSH_KEY_PATH', 'id_ed25519'],
  ['KEYCLOAK_PORT', '8080'],
  ['TOKEN_PORT', '8443'],
  ['SECRET_SERVER', '8200'],
  ['SECRET_KEY', './keys/server.key'],
  ['TLS_KEY', 'certs/server.pem'],
  ['DB_PASSWORD', '/run/secrets/db'],
  ['TOKEN', 'true'],
  ['MAX_TOKENS', '4096'],
  ['REFRESH_TOKEN', '15m'],
  ['REFRESH_TOKEN', '1h30m'],
  ['REFRESH_TOKEN', '30 days'],
  ['REFRESH_TOKEN', 'PT15M'],
  ['KEY', '16M'],
  ['SECRETS', 'vault.example.com'],
  ['SECRETS', 'vault:8200'],
  ['SECRETS', 'http://vault:8200'],
  ['TOKENS', '10.0.0.1:80'],
  ['TOKENIZER', 'standard'],
  ['GPIO_PIN', '17'],
  ['JAVA_OPTS', '-Xmx1g -Duser.timezone=UTC'],
  ['IMAGE', 'registry.example.com:5000/shop/web:1.2'],
  ['BUILD', 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
])('%s=%s is none', (name, value) => {
  expect(whySecret(name, value)).toBeUndefined()
})

test('landfall.yaml has the last word', () => {
  const rules = { variables: ['*_PIN', 'MY.X'], plain: ['DEMO_*'] }
  expect(whySecret('CARD_PIN', '1234', rules)?.by).toBe('settings')
  expect(whySecret('MYaX', '1234', rules)).toBeUndefined()
  expect(whySecret('DEMO_PASSWORD', 'demo', rules)).toBeUndefined()
})
