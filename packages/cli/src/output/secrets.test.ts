import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '@landfall/testkit'
import { afterAll, expect, test, vi } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

// The first call of a command loads its code.
vi.setConfig({ testTimeout: 120_000 })

/** Stand in every place of cases/planted-secret that can hold a secret: the second where only the form shows it. */
const SECRETS = ['PLANTED-b7f3', 'PLANTEDb7f3']

const directory = mkdtempSync(join(tmpdir(), 'landfall-secrets-'))
afterAll(() => rmSync(directory, { recursive: true }))
cpSync(`${repository}packages/cli/cases/planted-secret`, directory, { recursive: true })
const [SECRET = ''] = SECRETS
const login = { auth: btoa(`me:${SECRET}`) }
mkdirSync(join(directory, '.docker'))
writeFileSync(
  join(directory, '.docker/config.json'),
  JSON.stringify({
    auths: { 'registry.example.com': login, 'https://index.docker.io/v1/': login },
  }),
)

/** Nothing leaves this machine: the proxy is a port on which nothing listens. */
const env = {
  HOME: directory,
  SHELL_SECRET: SECRET,
  HTTPS_PROXY: `http://me:${SECRET}@127.0.0.1:1`,
  HTTP_PROXY: `http://me:${SECRET}@127.0.0.1:1`,
}

async function landfall(...args: string[]) {
  const { terminal, printed } = quietTerminal(directory)
  const code = await run(args, { ...terminal, env })
  return { code, ...printed }
}

/** Neither as it is nor in base64, at any of the three offsets. */
function expectNoSecret(text: string): void {
  for (const secret of SECRETS) {
    const encoded = ['', 'x', 'xx'].map((before) =>
      btoa(before + secret).slice(before.length === 0 ? 0 : 4, -4),
    )
    for (const form of [secret, ...encoded]) {
      const at = text.indexOf(form)
      expect(at === -1 ? '' : text.slice(Math.max(0, at - 60), at + 60)).toBe('')
    }
  }
}

const COMMANDS: [command: string, args: string[], last: string][] = [
  ['check', [], 'checked'],
  ['plan', ['--offline'], 'plan'],
  ['convert', ['--offline', '-o', 'out', '--ledger', 'ledger.json'], 'written'],
  ['lock', [], 'lock'],
  ['up', ['--offline'], 'drop'],
  ['status', [], 'error'],
  ['logs', [], 'error'],
]

test.each(COMMANDS)('%s prints no secret for programs', async (command, args, last) => {
  const { stdout, stderr } = await landfall(command, ...args, '--output', 'json')
  const lines = stdout.trimEnd().split('\n')
  expect(JSON.parse(lines.at(-1) ?? '{}').type, stdout).toBe(last)
  expectNoSecret(stdout)
  expectNoSecret(stderr)
  if (command === 'convert') expectNoSecret(readFileSync(join(directory, 'ledger.json'), 'utf8'))
})

test.each([
  ...COMMANDS.map(([command, args]) => [command, args] as const),
  ['check', ['--output', 'sarif']],
  ['down', []],
  ['explain', ['environment']],
] as const)('%s %s prints no secret for people', async (command, args) => {
  const { stdout, stderr } = await landfall(command, ...args)
  expect(stdout + stderr).not.toBe('')
  expectNoSecret(stdout)
  expectNoSecret(stderr)
})

test('the comments of convert --comments show no secret', async () => {
  const texts = await Promise.all(
    [[], ['--comments']].map(async (args) => {
      const { stdout } = await landfall('convert', '--offline', '-o', '-', ...args)
      return stdout.split('\n')
    }),
  )
  const [plain, commented] = texts.map((lines) => new Set(lines)) as [Set<string>, Set<string>]
  const comments = [...commented].filter((line) => !plain.has(line))
  expect(comments.length).toBeGreaterThan(10)
  for (const line of comments) expect(line).toMatch(/^ *# /)
  expectNoSecret(comments.join('\n'))
})

test('errors and warnings of every phase show no secret', async () => {
  const broken = join(directory, 'broken')
  mkdirSync(broken)
  const compose = readFileSync(join(directory, 'compose.yaml'), 'utf8')
  for (const [name, from, to] of [
    ['unknown', 'PASSWORD:', 'PASSWORD: { a: b }\n      OTHER_PASSWORD:'],
    [
      'list',
      'environment: ["POSTGRES_PASSWORD=PLANTED-b7f3"]',
      'environment: [["POSTGRES_PASSWORD=PLANTED-b7f3"]]',
    ],
    ['port', 'ports: ["8080:80"]', `ports: ["postgres://a:${SECRET}@b"]`],
    ['image', 'image: postgres:17', `image: "user:${SECRET}@registry.example.com/x"`],
    ['tab', 'x-note: {', `x-note: { token: ${SECRET}, a: [`],
    ['key', 'labels: {', `labelz: { password: ${SECRET}, `],
  ] as const) {
    writeFileSync(join(broken, `${name}.yaml`), compose.replace(from, to))
    for (const output of [[], ['--output', 'json'], ['--output', 'sarif']]) {
      const { stdout, stderr } = await landfall('check', `broken/${name}.yaml`, ...output)
      expectNoSecret(stdout)
      expectNoSecret(stderr)
    }
  }
})

test('the lock file gets nothing of the project', () => {
  const of = (place: string) => readFileSync(join(place, 'landfall.lock'), 'utf8').split(SECRET)
  expect(of(directory).length).toBeLessThanOrEqual(
    of(`${repository}packages/cli/cases/planted-secret`).length,
  )
})
