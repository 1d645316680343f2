import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

// The first call of a command loads its code.
vi.setConfig({ testTimeout: 60_000 })

let directory = ''
const closeAll: (() => void)[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-lock-'))
})

afterEach(() => {
  for (const close of closeAll.splice(0)) close()
  rmSync(directory, { recursive: true })
})

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

/** A registry with `app:1`, for those whom `lets` lets in; gives its address. */
async function serveApp(lets: (request: IncomingMessage) => boolean): Promise<string> {
  const config = JSON.stringify({ os: 'linux', config: { ExposedPorts: { '80/tcp': {} } } })
  const manifest = JSON.stringify({ config: { digest: digestOf(config) }, layers: [] })
  const server = createServer((request, response) => {
    const wanted = request.url?.split('/').at(-1)
    if (!lets(request)) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
    else if (wanted === '1') response.end(manifest)
    else if (wanted === digestOf(config)) response.end(config)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closeAll.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function landfall(args: string[], env: Record<string, string> = {}) {
  const { terminal, printed } = quietTerminal()
  const inDirectory = { ...terminal, cwd: directory, env: { HOME: directory, ...env } }
  const code = await run(args, inDirectory)
  return { code, ...printed }
}

function writeProject(image: string): void {
  writeFileSync(
    join(directory, 'compose.yaml'),
    `name: p\nservices: { a: { image: "${image}" } }\n`,
  )
}

test('lock asks the registry with what the credential helper of docker login knows', async () => {
  const login = `Basic ${btoa('me:secret')}`
  const host = await serveApp(({ headers }) => headers.authorization === login)
  writeProject(`${host}/app:1`)
  const helper = join(directory, 'docker-credential-test')
  const answer = '{"Username":"me","Secret":"secret"}'
  const script = `#!/bin/sh\n[ "$1" = get ] && [ "$(cat)" = ${host} ] && echo '${answer}'\n`
  writeFileSync(helper, script, { mode: 0o755 })
  mkdirSync(join(directory, '.docker'))
  const config = JSON.stringify({ credHelpers: { [host]: 'test' } })

  const env = { PATH: `${directory}:${process.env.PATH}` }
  const refused = await landfall(['lock'], env)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(`docker login ${host}`)

  writeFileSync(join(directory, '.docker', 'config.json'), config)
  const { code, stdout } = await landfall(['lock'], env)
  expect(stdout).toMatch(/^new {2}127\.0\.0\.1:\d+\/app:1 {2}sha256:[0-9a-f]{64}\nlandfall\.lock /)
  expect(code).toBe(0)
  const { images } = JSON.parse(readFileSync(join(directory, 'landfall.lock'), 'utf8'))
  expect(Object.values(images)).toMatchObject([{ ports: ['80/tcp'] }])
  const again = await landfall(['lock', '--output', 'json'], env)
  expect(JSON.parse(again.stdout)).toMatchObject({ type: 'lock', known: 1, images: [] })
})

test('check reads files alone; plan asks for what is not in the lock file and writes nothing; convert keeps it', async () => {
  let asked = 0
  const host = await serveApp(() => {
    asked++
    return true
  })
  writeProject(`${host}/app:1`)
  expect((await landfall(['check'])).code).toBe(0)
  expect(readdirSync(directory)).toEqual(['compose.yaml'])
  expect(asked).toBe(0)
  const plan = () => landfall(['plan'])
  expect((await plan()).stdout).toMatch(/80\/tcp +EXPOSE of the image/)
  expect(() => readFileSync(join(directory, 'landfall.lock'))).toThrow()

  const { stderr } = await landfall(['convert', '-o', 'out'])
  expect(stderr).toMatch(/^Wrote landfall\.lock: metadata of 127\.0\.0\.1:\d+\/app:1/)
  const before = asked
  expect((await plan()).stdout).toMatch(/80\/tcp +EXPOSE of the image/)
  expect(asked).toBe(before)
})

test('lock keeps the one-shots that `up` has seen', async () => {
  const host = await serveApp(() => true)
  writeProject(`${host}/app:1`)
  const file = join(directory, 'landfall.lock')
  writeFileSync(file, '{"version": 1, "images": {}, "oneShots": ["a", "gone"]}')
  expect((await landfall(['lock'])).code).toBe(0)
  expect(JSON.parse(readFileSync(file, 'utf8')).oneShots).toEqual(['a'])
})

test('a source that contains no images is wrong usage', async () => {
  writeProject('app:1')
  writeFileSync(join(directory, 'text.tar'), 'no archive')
  const [absent, text] = await Promise.all(
    ['absent.tar', 'app:1=text.tar'].map((from) => landfall(['lock', '--from', from])),
  )
  expect(absent).toMatchObject({ code: 2, stderr: expect.stringContaining('absent.tar') })
  expect(text).toMatchObject({ code: 2, stderr: expect.stringContaining('contains no images') })
})

test('lock fails where no registry lets it in, says what can be done, and writes nothing', async () => {
  const registry = await serveApp(() => false)
  writeProject(`${registry}/app:1`)
  const { code, stdout, stderr } = await landfall(['lock'])
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^error: .*app:1: .*\n {2}hint: log in with docker login/)
  expect(existsSync(join(directory, 'landfall.lock'))).toBe(false)
})
