import { memoryFiles } from '@landfall/compose'
import { parseIgnoreFile } from '@landfall/image'
import { describe, expect, test } from 'vitest'
import { convert } from '../test-conversion.ts'
import { contextFiles } from './context-files.ts'

const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n'

const TREE: Record<string, string> = {
  '/shop/app/main.py': 'print()',
  '/shop/app/.env': 'DB_PASSWORD=hop-sing-7\n',
  '/shop/app/.env.example': 'DB_PASSWORD=change-it-now\n',
  '/shop/app/.git/HEAD': 'ref: x',
  '/shop/app/.git/config': '[core]',
}

function reported(
  files: Record<string, string>,
  { dockerfile = 'FROM a\nCOPY . .\n', build = 'build: ./app' } = {},
) {
  const compose = `services:\n  web: { ${build} }\n  other: { ${build}, image: other }\n`
  const { diagnostics } = convert(compose, {
    files: { '/shop/app/Dockerfile': dockerfile, ...files },
  })
  return diagnostics
    .filter(({ code }) => code === 'convert/credentials-in-build')
    .map(({ severity, message, hint }) => ({ severity, message, hint }))
}

test('the credentials that an image would contain are one line, for all services of the build', () => {
  expect(reported(TREE)).toEqual([
    {
      severity: 'warning',
      message: 'the image contains credentials from its build context: .env, .git',
      hint: 'list them in app/.dockerignore, or copy only what the program needs; a RUN can mount secrets',
    },
  ])
})

test('the history of sources alone is a note', () => {
  expect(reported({ '/shop/app/.git/HEAD': '', '/shop/app/.git/config': '[core]' })).toMatchObject([
    {
      severity: 'note',
      message: 'the image contains the history of sources from its build context: .git',
    },
  ])
})

describe('what counts as credentials', () => {
  const secret: Record<string, string> = {
    '.docker/config.json': '{}',
    'deep/.aws/credentials': '[default]',
    kubeconfig: '',
    'prod.kubeconfig': '',
    '.kube/config': '',
    'kube-prod.yaml': 'users: [{ user: { client-key-data: LS0t } }]',
    '.netrc': '',
    '.npmrc': '//registry.npmjs.org/:_authToken=npm_abc',
    '.config/gcloud/credentials.db': '',
    'my-service-account.json': '{ "private_key": "x" }',
    '.cargo/credentials.toml': '',
    id_ed25519: '',
    'certs/server.key': KEY,
    'ca.pem': KEY,
    '.env.production': 'API_TOKEN=abcdef123456',
    'prod.env': 'API_TOKEN=abcdef123456',
    'terraform.tfstate': '{}',
    '.git/config':
      '[remote]\nurl = https://u:ghp_0123456789abcdefghijABCDEFGHIJ012345@github.com/a/b',
  }
  test.each(Object.entries(secret))('%s does', (name, content) => {
    expect(reported({ [`/shop/app/${name}`]: content })).toMatchObject([
      { severity: 'warning', message: expect.stringContaining(name) },
    ])
  })

  const harmless: Record<string, string> = {
    '.npmrc': `# _authToken=x\n//registry.npmjs.org/:_authToken=\${NPM_TOKEN}\nsave-exact=true`,
    '.env': 'PORT=80\nDEBUG=true\n',
    '.env.sample': 'API_TOKEN=abcdef123456',
    'example.env': 'API_TOKEN=abcdef123456',
    'server.pem': '-----BEGIN CERTIFICATE-----',
    'id_rsa.pub': 'ssh-rsa',
    'node_modules/x/test/key.pem': KEY,
    'kube.yaml': 'kind: Service',
    'main.py': 'password = "abcdef123456"',
  }
  test.each(Object.entries(harmless))('%s does not', (name, content) => {
    expect(reported({ [`/shop/app/${name}`]: content })).toEqual([])
  })
})

test.each([
  ['copies something else', 'FROM a\nCOPY main.py .\n', {}],
  [
    'copies them to a stage that is not the image',
    'FROM a AS b\nCOPY . .\nFROM a\nCOPY --from=b /dist /\n',
    {},
  ],
  ['has them in .dockerignore', undefined, { '/shop/app/.dockerignore': '.env*\n.git\n' }],
  ['has only exceptions', undefined, { '/shop/app/.dockerignore': '*\n!main.py\n' }],
  ['has its own list', undefined, { '/shop/app/Dockerfile.dockerignore': '**/.*\n' }],
])('nothing is reported if the Dockerfile %s', (_, dockerfile, more) => {
  expect(reported({ ...TREE, ...more }, dockerfile === undefined ? {} : { dockerfile })).toEqual([])
})

test.each([
  [
    'an inline Dockerfile',
    'build: { context: ./app, dockerfile_inline: "FROM a\\nADD . /x" }',
    '.env, .git',
  ],
  [
    'an additional context',
    'build: { context: ./none, dockerfile_inline: "FROM a\\nCOPY --from=lib . /x", additional_contexts: { lib: ./app } }',
    '.env, .git',
  ],
])('%s counts', (_, build, names) => {
  const files = { ...TREE, '/shop/none/x': '' }
  expect(reported(files, { build })[0]?.message).toContain(`context: ${names}`)
})

test('three names are enough for a line', () => {
  const files = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e'].map((name) => [`/shop/app/${name}/.netrc`, '']),
  )
  expect(reported(files)[0]?.message).toMatch(/: a\/\.netrc, b\/\.netrc, c\/\.netrc and 2 more$/)
})

test('a context that others run on is not searched without end', () => {
  const many = Object.fromEntries(
    Array.from({ length: 30_000 }, (_, index) => [`/c/${index % 300}/${index}`, '']),
  )
  expect(contextFiles(memoryFiles(many), '/c', parseIgnoreFile('')).files.length).toBeLessThan(
    20_001,
  )
  const patterns = parseIgnoreFile('x\n'.repeat(4_000))
  expect(contextFiles(memoryFiles(many), '/c', patterns).files.length).toBeLessThan(501)
})
