import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Log, Run } from 'sarif'
import { afterAll, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const scratch = mkdtempSync(join(tmpdir(), 'landfall-check-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** What `landfall check` prints to stdout for a project, and its exit code. */
async function check(files: Record<string, string>, ...args: string[]) {
  const directory = mkdtempSync(join(scratch, 'project-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  const { terminal, printed } = quietTerminal(directory)
  const code = await run(['check', ...args], terminal)
  expect(printed.stderr).toBe('')
  return { code, stdout: printed.stdout }
}

const good = 'name: shop\nservices:\n  web:\n    image: nginx:1.27\n    ports: ["8080:80"]\n'
const bad = 'services:\n  web:\n    imagee: nginx\n  db:\n    image: [postgres]\n'

test('every error with its place, its line, a hint, and their number; exit 1', async () => {
  const { code, stdout } = await check({ 'compose.yaml': bad })
  expect(code).toBe(1)
  expect(stdout).toBe(
    [
      'compose.yaml:3:5: error: "imagee" is not a known key in services.web (services.web.imagee) [compose/unknown-key]',
      '  3 |     imagee: nginx',
      '          ^^^^^^',
      '  hint: did you mean "image"?',
      'compose.yaml:5:12: error: services.db.image must be a string, not a list [compose/wrong-type]',
      '  5 |     image: [postgres]',
      '                 ^^^^^^^^^^',
      '  hint: for example: image: nginx:1.27',
      '2 errors',
      '',
    ].join('\n'),
  )
})

test('files are told apart, and told in their order', async () => {
  const files = { 'compose.yaml': bad, 'compose.override.yaml': 'services:\n  db: { tyt: true }\n' }
  const { stdout } = await check(files)
  expect(stdout.match(/^\S+(?=: error)/gm)).toEqual([
    'compose.yaml:3:5',
    'compose.yaml:5:12',
    'compose.override.yaml:2:9',
  ])
})

test("what Docker's engine refuses is an error, and config prints it all the same", async () => {
  const compose = 'services:\n  web: { image: nginx, restart: alway, mem_limit: 64 }\n'
  const { code, stdout } = await check({ 'compose.yaml': compose })
  expect(code).toBe(1)
  expect(stdout).toBe(
    [
      "compose.yaml:2:33: error: Docker's engine refuses this: invalid restart policy: unknown policy 'alway'; use one of 'no', 'always', 'on-failure', or 'unless-stopped' (services.web.restart) [compose/engine-refuses]",
      '  2 |   web: { image: nginx, restart: alway, mem_limit: 64 }',
      '                                      ^^^^^',
      '  hint: did you mean "always"?',
      "compose.yaml:2:51: error: Docker's engine refuses this: Minimum memory limit allowed is 6MB (services.web.mem_limit) [compose/engine-refuses]",
      '  2 |   web: { image: nginx, restart: alway, mem_limit: 64 }',
      '                                                        ^^',
      '  hint: sizes without a unit are bytes: write "64m" for 64 MiB',
      '2 errors',
      '',
    ].join('\n'),
  )
  const directory = mkdtempSync(join(scratch, 'config-'))
  writeFileSync(join(directory, 'compose.yaml'), compose)
  const { terminal, printed } = quietTerminal(directory)
  expect(await run(['config'], terminal)).toBe(0)
  expect(printed.stdout).toContain('restart: alway\n')
})

test('warnings alone are no failure', async () => {
  const { code, stdout } = await check({ 'compose.yaml': `version: "3"\n${good}` })
  expect(code).toBe(0)
  expect(stdout).toMatch(/^compose\.yaml:1:1: warning: [\s\S]*\n1 warning\n$/)
})

test('nothing is wrong: the files that were read', async () => {
  const { code, stdout } = await check({ 'compose.yaml': good, '.env': 'A=1\n' })
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'No problems in .env, compose.yaml.\n',
  })
})

test('what conversion and landfall.yaml would complain about is told too', async () => {
  const waiting = `${good}    depends_on: { db: { condition: service_healthy } }\n  db: { image: "redis:7", healthcheck: { disable: true } }\n`
  const impossible = await check({ 'compose.yaml': waiting })
  expect(impossible.code).toBe(1)
  expect(impossible.stdout).toContain('compose.yaml:6:23: error: ')
  expect(impossible.stdout).toContain('[convert/impossible-wait]')

  const settings = await check({ 'compose.yaml': good, 'landfall.yaml': 'services: { wbe: {} }\n' })
  expect(settings.stdout).toMatch(/^landfall\.yaml:1:13: error: .*\n(.*\n){2} {2}hint: .*"?web"?/)
})

test('a drop that nobody accepted is a warning with the line that accepts it', async () => {
  const files = {
    'compose.yaml': `${good}    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]\n`,
  }
  const { code, stdout } = await check(files)
  expect(code).toBe(3)
  expect(stdout).toMatch(/^compose\.yaml:6:15: warning: dropped: /)
  expect(stdout).toContain(
    '\nto continue without it, add to landfall.yaml: accept: [services/web/volumes/0]\n',
  )
  const accepted = { ...files, 'landfall.yaml': 'accept: [services/web/volumes/0]\n' }
  expect((await check(accepted)).stdout).toMatch(/^No problems/)
})

test('--output json: one diagnostic a line with places as numbers, and the end', async () => {
  const files = {
    'compose.yaml': 'services:\n  web:\n    image: a\n    image: b\n',
  }
  const { code, stdout } = await check(files, '--output', 'json')
  expect(code).toBe(1)
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      apiVersion: 'landfall.dev/v1alpha1',
      type: 'diagnostic',
      code: 'compose/duplicate-key',
      severity: 'error',
      message: expect.stringContaining('"image"'),
      path: '/services/web/image',
      at: { file: 'compose.yaml', line: 4, column: 5 },
      related: [{ message: expect.any(String), at: { file: 'compose.yaml', line: 3, column: 5 } }],
      hint: expect.any(String),
    },
    {
      apiVersion: 'landfall.dev/v1alpha1',
      type: 'checked',
      errors: 1,
      warnings: 0,
      notes: 0,
      drops: 0,
    },
  ])
})

test('--output sarif: problems of the Compose file, of landfall.lock, of the conversion, and dangerous drops', async () => {
  const logOf = async (files: Record<string, string>) => {
    const { stdout } = await check(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`sub dir/${name}`, text])),
      ...['sub dir', '--output', 'sarif'],
    )
    return JSON.parse(stdout) as Log
  }
  const socket = '    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]\n'
  const waiting = '    depends_on: { db: { condition: service_healthy } }\n'
  const db = '  db: { image: "redis:7", healthcheck: { disable: true } }\n'
  const logs = await Promise.all([
    logOf({ 'compose.yaml': bad }),
    logOf({ 'compose.yaml': good, 'landfall.lock': '{' }),
    logOf({ 'compose.yaml': `${good}${socket}${waiting}${db}` }),
  ])
  for (const { version, runs } of logs) {
    expect(version).toBe('2.1.0')
    expect(runs).toHaveLength(1)
    for (const run of runs) expectSound(run)
  }
  expect(logs.map(({ runs }) => runs[0]?.results?.map(({ ruleId }) => ruleId))).toEqual([
    ['compose/unknown-key', 'compose/wrong-type'],
    ['image/lock-syntax'],
    ['host-mounts/engine-socket', 'convert/impossible-wait', 'convert/lost-with-pod'],
  ])
})

/** What the SARIF specification asks beyond types: rules that are there and documented, places from 1, relative URIs. */
function expectSound({ tool, results = [] }: Run): void {
  const { name, rules = [] } = tool.driver
  expect(name).toBe('landfall')
  for (const { id, shortDescription } of rules) {
    expect(shortDescription?.text).toMatch(/^[\w`].* .*\w/)
    expect(shortDescription?.text).not.toBe(id)
  }
  for (const { ruleId, ruleIndex = -1, level, message, locations = [] } of results) {
    expect(rules[ruleIndex]?.id).toBe(ruleId)
    expect(['error', 'warning', 'note']).toContain(level)
    expect(message.text).not.toBe('')
    expect(locations).toHaveLength(1)
    for (const { physicalLocation } of locations) {
      const { uri, uriBaseId } = physicalLocation?.artifactLocation ?? {}
      expect(uri).toMatch(/^sub%20dir\/[a-z.]+$/)
      expect(uriBaseId).toBe('SRCROOT')
      const {
        startLine = 1,
        startColumn = 1,
        endLine = 0,
        endColumn = 0,
      } = physicalLocation?.region ?? {}
      if (physicalLocation?.region === undefined) continue
      expect(Math.min(startLine, startColumn, endLine, endColumn)).toBeGreaterThan(0)
      expect(endLine * 1000 + endColumn).toBeGreaterThan(startLine * 1000 + startColumn)
    }
  }
}

test('--output sarif of a project in order is an empty log', async () => {
  const { code, stdout } = await check({ 'compose.yaml': good }, '--output', 'sarif')
  expect(code).toBe(0)
  expect(JSON.parse(stdout).runs[0].results).toEqual([])
})
