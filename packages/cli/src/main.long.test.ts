import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Finished, repository, run as runProgram } from '@landfall/testkit'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

// Processes: slow where the machine is busy, and that is nothing to fail for.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** A bundle of its own, so that no edit meanwhile changes what runs; none of these tests needs a cluster. */
let scratch: string
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'landfall-cli-'))
  await runProgram(process.execPath, ['scripts/build.mjs', join(scratch, 'bundle')])
})
afterAll(() => rmSync(scratch, { recursive: true }))

function landfall(
  args: readonly string[],
  options: Parameters<typeof runProgram>[2] = {},
): Promise<Finished> {
  return runProgram(process.execPath, [join(scratch, 'bundle', 'main.js'), ...args], options)
}

/** So that no registry is asked. */
const knownImages = JSON.stringify({ version: 1, images: { 'nginx:1.22': { ports: ['81/tcp'] } } })

/** A directory with the given files, in which commands run without any cluster in sight. */
function project(
  name: string,
  files: Record<string, string>,
): (...args: string[]) => ReturnType<typeof landfall> {
  const directory = join(scratch, name)
  mkdirSync(directory)
  for (const [file, text] of Object.entries({ 'landfall.lock': knownImages, ...files })) {
    mkdirSync(dirname(join(directory, file)), { recursive: true })
    writeFileSync(join(directory, file), text)
  }
  const env = { HOME: directory, KUBECONFIG: undefined, NO_COLOR: undefined }
  return (...args) => landfall(args, { cwd: directory, env })
}

const web = 'name: demo\nservices:\n  web:\n    image: nginx:1.22\n    ports: ["8080:80"]\n'

describe('the command line', () => {
  test('./landfall runs it from any directory', async () => {
    const { stdout } = await runProgram(`${repository}landfall`, ['--version'], { cwd: scratch })
    expect(stdout).toMatch(/^landfall /)
  })

  test('an --env-file is one of the project, and never read by Node itself', async () => {
    const args = ['--env-file', 'nowhere.env', 'config']
    const { code, stderr } = await runProgram(`${repository}landfall`, args, { cwd: scratch })
    expect(code).toBe(1)
    expect(stderr).toContain('nowhere.env')
    expect(stderr).not.toContain('node:')
  })

  test('--version and --help', async () => {
    const [version, help] = await Promise.all([landfall(['--version']), landfall(['--help'])])
    expect(version.stdout).toMatch(/^landfall \d+\.\d+\.\d+\n$/)
    expect(help.code).toBe(0)
    for (const command of [
      'up',
      'status',
      'logs',
      'down',
      'check',
      'config',
      'plan',
      'convert',
      'cluster',
    ])
      expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  })
})

describe('bad input: one diagnostic with file, line, column and a hint, exit 1, nothing written', () => {
  const cases: Record<string, { files: Record<string, string>; at: string; says: RegExp }> = {
    'no-compose-file': { files: { 'readme.md': '' }, at: '', says: /compose\.yaml/ },
    'yaml-error': {
      files: { 'compose.yaml': 'services:\n  web:\n    image: "nginx\n' },
      at: 'compose.yaml:3:12: ',
      says: /YAML/,
    },
    'unknown-key': {
      files: { 'compose.yaml': 'name: demo\nservices:\n  web:\n    imagee: nginx:1.22\n' },
      at: 'compose.yaml:4:5',
      says: /image\b/,
    },
    'missing-env-file': {
      files: { 'compose.yaml': `${web}    env_file: web.env\n` },
      at: 'compose.yaml:6:15: ',
      says: /web\.env/,
    },
    'required-variable': {
      files: { 'compose.yaml': `${web}    environment: { A: "\${TOKEN:?set it in .env}" }\n` },
      at: 'compose.yaml:6:',
      says: /TOKEN[\s\S]*set it in \.env/,
    },
    'unknown-setting': {
      files: { 'compose.yaml': web, 'landfall.yaml': 'services:\n  web: { replica: 2 }\n' },
      at: 'landfall.yaml:2:10',
      says: /replicas/,
    },
  }

  test.each(Object.entries(cases))('%s', async (name, { files, at, says }) => {
    const run = project(name, files)
    const { code, stdout, stderr } = await run('convert', '-o', 'out')
    expect(stderr.match(/\berror: /g)).toHaveLength(1)
    expect(stderr.startsWith(at)).toBe(true)
    expect(stderr).toMatch(says)
    expect(stderr).toContain('hint: ')
    expect(stderr).not.toMatch(/^\s+at /m)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(existsSync(join(scratch, name, 'out'))).toBe(false)
  })
})

describe('convert and plan', () => {
  test('convert writes one object a file, gives the same again, and gives the ledger', async () => {
    const run = project('convert', { 'compose.yaml': web })
    const first = await run('convert', '.', '-o', 'out', '--ledger', 'ledger.json')
    expect(`${first.code} ${first.stderr}`).toBe('0 ')
    expect(first.stdout).toMatch(/^Wrote \d+ objects to out \(/)
    const out = join(scratch, 'convert', 'out')
    const files = readdirSync(out).filter((name) => name.endsWith('.yaml'))
    expect(files).toContain('deployment-web.yaml')
    const texts = files.map((name) => readFileSync(join(out, name), 'utf8'))
    const ledger = JSON.parse(readFileSync(join(scratch, 'convert', 'ledger.json'), 'utf8'))
    expect(ledger.entries).toContainEqual(
      expect.objectContaining({
        path: '/services/web/ports/0',
        at: { file: 'compose.yaml', line: 5, column: expect.any(Number) },
      }),
    )
    await run('convert', '.', '-o', 'out')
    expect(files.map((name) => readFileSync(join(out, name), 'utf8'))).toEqual(texts)
  })

  test('convert -o - prints one stream, -o FILE.yaml writes one file, and -n puts all objects into a namespace', async () => {
    const compose = `${web}    depends_on: { seed: { condition: service_completed_successfully } }\n  seed: { image: busybox }\n`
    const run = project('stream', { 'compose.yaml': compose })
    const { code, stdout, stderr } = await run('convert', '--offline', '-n', 'shop', '-o', '-')
    expect(code).toBe(0)
    expect(stderr).toMatch(/^note: no metadata/)
    const objects = stdout.split('---\n')
    for (const object of objects) expect(object).toMatch(/^ {2}namespace: shop$/m)
    const binding = objects.find((object) => object.includes('kind: RoleBinding\n'))
    expect(binding).toMatch(
      /^subjects:\n- kind: ServiceAccount\n {2}name: .*\n {2}namespace: shop$/m,
    )
    const file = await run('convert', '--offline', '-n', 'shop', '-o', 'all.yaml')
    expect(file.stdout).toMatch(/^Wrote \d+ objects to all\.yaml/)
    expect(readFileSync(join(scratch, 'stream', 'all.yaml'), 'utf8')).toMatch(
      /^# Generated by landfall convert: all\.yaml, sha256:[0-9a-f]{16}\n/,
    )
    expect(readFileSync(join(scratch, 'stream', 'all.yaml'), 'utf8').replace(/^#.*\n/, '')).toBe(
      stdout,
    )
    const left = readdirSync(join(scratch, 'stream')).filter((name) => name.startsWith('.'))
    expect(left).toEqual([])
    const alias = await run('convert', '--offline', '-n', 'shop', '--output-directory', 'all.yaml')
    expect(alias.stdout).toBe(file.stdout)
    expect(await run('convert', '--offline')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("required option '-o, --out <path>' not specified"),
    })
    expect((await run('convert', '-o', '-', '--output', 'json')).code).toBe(2)
    expect((await run('convert', '-o', '-', '-n', 'My_Shop')).code).toBe(2)
  })

  test('images of which nothing is known are told, a broken lock file is an error', async () => {
    const [unknown, broken] = await Promise.all(
      [
        { 'compose.yaml': web, 'landfall.lock': '{"version": 1, "images": {}}' },
        { 'compose.yaml': web, 'landfall.lock': 'version: 1' },
      ].map((files, index) => project(`lock-${index}`, files)('plan', '--offline')),
    )
    expect(unknown?.stderr).toMatch(/^note: .* nginx:1\.22: not in landfall\.lock/)
    expect(unknown?.code).toBe(0)
    expect(broken?.stderr).toMatch(/^landfall\.lock: error: .*\[image\/lock-syntax\]\n {2}hint: /)
    expect(broken?.code).toBe(1)
  })

  test('plan prints the decisions for people, and as one JSON value for programs', async () => {
    const run = project('plan', { 'compose.yaml': web })
    const [text, json] = await Promise.all([run('plan'), run('plan', '--output', 'json')])
    expect(text.code).toBe(0)
    expect(text.stdout).toMatch(/web/)
    expect(text.stdout).toMatch(/81\/tcp +EXPOSE of the image/)
    const values = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(values.at(-1)).toMatchObject({
      type: 'plan',
      project: 'demo',
      pods: [{ name: 'web', kind: 'Deployment' }],
      services: [{ service: 'web', pod: 'web' }],
    })
  })

  test('a dangerous drop: convert writes and exits 3 with the lines that accept it; accepted, it exits 0', async () => {
    const compose = `${web}    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]\n`
    const run = project('drop', { 'compose.yaml': compose })
    const refused = await run('convert', '-o', 'out')
    expect(refused.code).toBe(3)
    expect(refused.stderr).toContain('accept: [services/web/volumes/0]\n')
    expect(existsSync(join(scratch, 'drop', 'out', 'deployment-web.yaml'))).toBe(true)
    const up = await run('up')
    expect(up.code).toBe(3)

    const accepted = {
      'compose.yaml': compose,
      'landfall.yaml': 'accept:\n  - services/web/volumes/0\n',
    }
    const again = await project('drop-accepted', accepted)('convert', '-o', 'out')
    expect(again.code).toBe(0)
  })
})

test('config is a filter: of a file or of what comes in, with the options of docker compose before it', async () => {
  const demo = project('config', { 'compose.yaml': web })
  const [named, all, none] = await Promise.all([
    demo('-f', 'compose.yaml', '-p', 'other', 'config', '--images', '--services'),
    demo('config', '--format', 'json', 'web'),
    demo('config', 'nothing'),
  ])
  expect(named).toMatchObject({ code: 0, stdout: 'web\n', stderr: '' })
  expect(JSON.parse(all.stdout)).toMatchObject({ name: 'demo', services: { web: {} } })
  expect(none).toMatchObject({ code: 1, stdout: '' })
  expect(none.stderr).toContain('no such service: nothing')
})

describe('init and explain', () => {
  test('init writes a landfall.yaml that is taken as it is, and never a second one', async () => {
    const run = project('init', {
      'compose.yaml': `${web}    volumes: ["data:/data"]\nvolumes: { data: {} }\n`,
    })
    const first = await run('init')
    expect(`${first.code} ${first.stdout}${first.stderr}`).toBe('0 Wrote landfall.yaml.\n')
    const file = join(scratch, 'init', 'landfall.yaml')
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(/^ {2}data: \{ size: /m)
    expect(await run('plan')).toMatchObject({ code: 0, stderr: '' })

    const second = await run('init')
    expect(second.code).toBe(2)
    expect(second.stderr).toMatch(/landfall\.yaml already exists\n {2}hint: /)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('explain shows a page, lists all, and says when there is none', async () => {
    const [page, list, none] = await Promise.all([
      landfall(['explain', 'gates']),
      landfall(['explain']),
      landfall(['explain', 'what', 'nobody', 'prints']),
    ])
    expect(page.stdout).toMatch(/^# gates\n\nHold a pod back/)
    expect(list.stdout).toMatch(
      /^ {2}deploy\/image-not-found {2,}The registry does not have this image/m,
    )
    expect(none).toMatchObject({ code: 2, stdout: '' })
    expect(none.stderr).toContain('"what nobody prints"')
  })
})

describe('without a cluster', () => {
  test.each([
    [['--nodes', '2'], /--nodes requires a local cluster\n {2}hint: add --local/],
    [['--local', '--context', 'x'], /--local and --context/],
    [['--timeout', 'soon'], /90s, 2m30s or 1h/],
  ])('`up` with %j is wrong usage', async (args, message) => {
    const { code, stderr } = await landfall(['up', ...args])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  test('roles that cannot be played are told with their places before anything starts', async () => {
    const run = project('roles', {
      'compose.yaml': web,
      'roles/web.yaml': 'role: web\nimagee: x\n',
    })
    const { code, stderr } = await run('up', '--local', '--stand-ins', 'roles')
    expect(stderr).toMatch(/^landfall: roles\/web\.yaml:1:1: /)
    expect(stderr).toMatch(/^roles\/web\.yaml:2:1: unknown key "imagee"/m)
    expect(code).toBe(1)
  })

  test('`up` says that none is configured and what can be done', async () => {
    const { code, stderr } = await project('no-cluster', { 'compose.yaml': web })('up')
    expect(code).toBe(2)
    expect(stderr).toMatch(/no cluster configured[\s\S]*hint: [\s\S]*--local/)
  })

  test('a cluster that cannot be reached and a context that is missing are named before anything is built', async () => {
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'far',
      contexts: [{ name: 'far', context: { cluster: 'far', user: 'me' } }],
      clusters: [{ name: 'far', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'me', user: { token: 'x' } }],
    }
    const run = project('build', {
      'compose.yaml': 'name: demo\nservices:\n  web:\n    build: .\n',
      Dockerfile: 'FROM scratch\n',
      '.kube/config': JSON.stringify(kubeconfig),
    })
    const built = await run('up')
    expect(built.code).toBe(1)
    expect(built.stderr).toMatch(/cannot reach https:\/\/127\.0\.0\.1:1/)

    const other = await run('up', '--context', 'near')
    expect(other.code).toBe(2)
    expect(other.stderr).toMatch(/no context near[\s\S]*far/)

    const status = await run('status', '-p', 'demo')
    expect(status.code).toBe(1)
    expect(status.stderr).toMatch(/cannot reach https:\/\/127\.0\.0\.1:1/)
    expect(status.stderr).not.toMatch(/^\s+at /m)
  })
})
