import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretIn, secretsIn } from './find.ts'

const b64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const mixed = (length: number) => 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7'.repeat(20).slice(0, length)
const upper = (length: number) => 'AB2CD3EF4GH5'.repeat(20).slice(0, length)
const hex = (length: number) => '0a1b2c3d4e5f6789'.repeat(20).slice(0, length)

/** Examples are put together here, so that no scanner takes this file for a leak. */
const TOKENS: [what: string, token: string][] = [
  ['a GitHub token', `ghp_${mixed(36)}`],
  ['a GitHub token', `gho_${mixed(36)}`],
  ['a GitHub token', `ghs_${mixed(36)}`],
  ['a GitHub token', `github_pat_${mixed(22)}_${mixed(59)}`],
  ['a GitLab token', `glpat-${mixed(20)}`],
  ['a Slack token', `xoxb-${'1234567890'}-${mixed(24)}`],
  ['a Slack token', `xoxp-${'1234567890'}-${mixed(24)}`],
  ['a Stripe key', `sk_live_${mixed(24)}`],
  ['a Stripe key', `rk_live_${mixed(24)}`],
  ['a Stripe key', `sk_test_${mixed(24)}`],
  ['an AWS access key', `AKIA${upper(16)}`],
  ['a Google key', `AIza${mixed(35)}`],
  ['an API key', `sk-${mixed(48)}`],
  ['an API key', `sk-proj-${mixed(48)}`],
  ['an API key', `sk-ant-api03-${mixed(90)}-AA`],
  ['an npm token', `npm_${mixed(36)}`],
  ['a PyPI token', `pypi-AgE${mixed(60)}`],
  ['a Docker token', `dckr_pat_${mixed(27)}`],
  ['a Telegram bot token', `110201543:AA${mixed(33)}`],
  ['a SendGrid key', `SG.${mixed(22)}.${mixed(43)}`],
  ['a DigitalOcean token', `dop_v1_${hex(64)}`],
  ['a Vault token', `hvs.${mixed(24)}`],
  ['a Hugging Face token', `hf_${mixed(34)}`],
  [
    'a JSON web token',
    `${b64url({ alg: 'HS256', typ: 'JWT' })}.${b64url({ sub: '1' })}.${mixed(43)}`,
  ],
  [
    'a private key',
    `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${mixed(64)}\n-----END RSA ${'PRIVATE'} KEY-----`,
  ],
  ['a private key', `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----\n${mixed(64)}`],
  ['a password hash', `$apr1$${mixed(8)}$${mixed(22)}`],
  ['a password hash', `$2y$05$${mixed(53)}`],
  ['a password hash', `{SHA}${mixed(27)}=`],
]

const IN_OTHERS: [text: string, secret: string, what: string][] = [
  ['postgres://shop:hop-hop@db:5432/shop', 'hop-hop', 'a URL with a password'],
  ['redis://:hop@cache:6379/0', 'hop', 'a URL with a password'],
  ['amqp://u:p%40w@queue', 'p%40w', 'a URL with a password'],
  ['mongodb+srv://u:hop@a.example.com/x', 'hop', 'a URL with a password'],
  ['smtps://me:p@ss@mail:465', 'p@ss', 'a URL with a password'],
  ['shop:hop@tcp(db:3306)/shop', 'hop', 'a data source name with a password'],
  ['host=db user=a password=hop', 'hop', 'connection parameters with a password'],
  ['jdbc:mysql://db/x?user=a&password=hop', 'hop', 'connection parameters with a password'],
  ['Server=db;User Id=sa;Password=hop;', 'hop', 'connection parameters with a password'],
  [`Authorization: Basic ${btoa('me:hop')}`, btoa('me:hop'), 'basic credentials'],
  [`Authorization: Bearer ${mixed(24)}`, mixed(24), 'a bearer token'],
  [
    'https://hooks.slack.com/services/T000/B000/XXXXXXXXXXXX1234',
    'T000/B000/XXXXXXXXXXXX1234',
    'a webhook address with its key',
  ],
]

describe('what is a secret whatever its name', () => {
  test.each(TOKENS)('%s', (what, token) => {
    expect(secretIn(token)).toBe(what)
    for (const around of [`x=${token}`, `"${token}"`, `--token ${token} -v`, `a ${token}, b`])
      expect(secretIn(around)).toBeDefined()
  })

  test.each(IN_OTHERS)('the secret of %s', (text, secret, what) => {
    expect(secretsIn(text).map(({ start, end, what }) => [text.slice(start, end), what])).toEqual([
      [secret, what],
    ])
  })

  test('an AWS secret key beside its access key', () => {
    const [id, key] = [`AKIA${upper(16)}`, `${mixed(39)}/`]
    expect(secretsIn(`${id} ${key}`).map(({ what }) => what)).toEqual([
      'an AWS access key',
      'an AWS secret key',
    ])
    expect(secretsIn(key)).toEqual([])
  })

  test('the body of a private key, also in JSON', () => {
    const body = `\\n${mixed(64)}\\n`
    const text = `{"private_key": "-----BEGIN ${'PRIVATE'} KEY-----${body}-----END ${'PRIVATE'} KEY-----\\n"}`
    expect(secretsIn(text).map(({ start, end }) => text.slice(start, end))).toEqual([body])
  })
})

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/)
const hexOf = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))

const PLAIN = fc.oneof(
  fc.uuid(),
  hexOf(64).map((digest) => `sha256:${digest}`),
  hexOf(40),
  hexOf(64),
  fc
    .tuple(word, word, word)
    .map(([host, name, tag]) => `${host}.example.com:5000/${name}/x:${tag}`),
  fc.tuple(word, hexOf(64)).map(([name, digest]) => `${name}@sha256:${digest}`),
  fc.array(word, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`),
  fc.array(word, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('-')),
  fc.array(word, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('_')),
  fc.array(word, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' ')),
  fc.nat(65_535).map(String),
  fc.tuple(fc.nat(65_535), fc.nat(65_535)).map(([a, b]) => `127.0.0.1:${a}:${b}/tcp`),
  fc.tuple(fc.nat(65_535), word).map(([port, name]) => `http://${name}:${port}/${name}`),
  fc.tuple(word, word).map(([user, host]) => `postgres://${user}@${host}/${user}`),
  fc.tuple(word, word).map(([user, host]) => `postgres://${user}:\${PASSWORD}@${host}/${user}`),
  fc.boolean().map(String),
  fc.ipV4(),
  fc.ipV6(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.emailAddress(),
)

test('identifiers, digests, images, paths, ports and addresses are none', () => {
  fc.assert(
    fc.property(PLAIN, (text) => {
      expect(secretsIn(text)).toEqual([])
      expect(secretsIn(`VALUE=${text}`)).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

test.each([
  'disk-io-scheduler-of-something-quite-long',
  'sk-SK',
  'sk-learn-something-else-and-more',
  'task-0123456789abcdefghijklmn',
  'gh_pages_something_long_enough',
  'https://key@o0.ingest.sentry.io/1',
  'http://shop.example.com:80/@me',
  'http://user:$' + '{PASSWORD}@host',
  'http://user:$PASSWORD@host',
  'amqp://user:<password>@host',
  'Basic authentication is used',
  'Bearer authentication is used here',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@host',
  'eyJhbGciOi.eyJzdWIiOi.SflKxw',
])('%s is none', (text) => {
  expect(secretsIn(text)).toEqual([])
})

test('spans are sorted, in the text and apart from each other', () => {
  const part = fc.oneof(
    fc.constantFrom(...TOKENS.map(([, token]) => token), ...IN_OTHERS.map(([text]) => text)),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const text = parts.join(' ')
      let at = 0
      for (const { start, end } of secretsIn(text)) {
        expect(start).toBeGreaterThanOrEqual(at)
        expect(end).toBeGreaterThan(start)
        at = end
      }
      expect(at).toBeLessThanOrEqual(text.length)
    }),
  )
})
