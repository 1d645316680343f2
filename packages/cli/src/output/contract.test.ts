import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  CheckResult,
  DeployEvent,
  ReleaseDiff,
  ReleaseEvent,
  ReleaseStatus,
  Revision,
} from '@landfall/deploy'
import type { ImageSource } from '@landfall/local-cluster'
import { repository } from '@landfall/testkit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { Command } from 'commander'
import { afterAll, expect, test, vi } from 'vitest'
import { commands } from '../commands/index.ts'
import { files, outputs } from '../contract/index.ts'
import { jsonDisplay } from '../display/json.ts'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'
import { printOutcome, printOutcomes } from '../sites/up/outcome.ts'
import { testedLine } from './checks.ts'
import { eventLine } from './day/events.ts'
import { statusLine } from './day/status.ts'
import { usageLine } from './day/usage.ts'
import { verdictLine } from './deploy-event.ts'
import { diffLine } from './diff.ts'
import { historyLine } from './history.ts'
import { type OutputLine, printLine } from './print-line.ts'

// The first call of a command loads its code.
vi.setConfig({ testTimeout: 240_000 })

type Printing = keyof typeof outputs

const cases = `${repository}packages/cli/cases/output`
const scratch = mkdtempSync(join(tmpdir(), 'landfall-output-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** The schema with no key but those that it names: a reader may meet others, we print none. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const own = Object.entries(schema).map(([key, value]) => [key, closed(value)])
  const isObject = 'type' in schema && schema.type === 'object'
  return { ...Object.fromEntries(own), ...(isObject && { additionalProperties: false }) }
}

const ajv = new Ajv2020()
const readSchema = (name: string) =>
  closed(JSON.parse(readFileSync(`${repository}docs/schemas/${name}.json`, 'utf8'))) as object
const validators = Object.fromEntries(
  [...Object.keys(outputs), ...Object.keys(files)].map((name) => [
    name,
    ajv.compile(readSchema(name)),
  ]),
)

function validate(name: string, text: string): void {
  const isValid = validators[name]
  if (isValid === undefined) throw new Error(`there is no schema ${name}`)
  expect(isValid(JSON.parse(text)), `${text}\n${JSON.stringify(isValid.errors, null, 2)}`).toBe(
    true,
  )
}

/** Texts for people are no promise: their wording is not part of the golden files. */
const FOR_PEOPLE = new Set([
  'detail',
  'error',
  'hint',
  'message',
  'reason',
  'step',
  'text',
  'untested',
])

function wordless(key: string, value: unknown): unknown {
  return typeof value === 'string' && FOR_PEOPLE.has(key) ? '…' : value
}

const seen = new Map<string, Set<string>>()

/** Each line is one of the command's; all of them are what the golden file holds. */
function expectOutput(command: Printing, name: string, printed: string): void {
  const lines = printed.split('\n').filter((line) => line !== '')
  for (const line of lines) {
    validate(command, line)
    seen.set(command, (seen.get(command) ?? new Set()).add(JSON.parse(line).type))
  }
  const golden = lines.map((line) => `${JSON.stringify(JSON.parse(line, wordless), null, 2)}\n`)
  expectGolden(`${cases}/${command}/${name}/output.txt`, golden.join(''))
}

function expectGolden(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text)
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(text)
}

const called = readdirSync(cases).flatMap((command) =>
  readdirSync(`${cases}/${command}`)
    .filter((name) => existsSync(`${cases}/${command}/${name}/call.txt`))
    .map((name) => [command as Printing, name] as const),
)

test.each(called)('%s, %s: what is printed for programs', async (command, name) => {
  const directory = mkdtempSync(join(scratch, 'project-'))
  cpSync(`${cases}/${command}/${name}`, directory, { recursive: true })
  const { terminal, printed } = quietTerminal(directory)
  const args = readFileSync(join(directory, 'call.txt'), 'utf8').trim().split(' ')
  await run(args, { ...terminal, env: { HOME: directory } })
  expectOutput(command, name, printed.stdout.replaceAll(directory, '/project'))
  const ledger = join(directory, 'ledger.json')
  if (!args.includes('--ledger')) return
  validate('ledger', readFileSync(ledger, 'utf8'))
  const entries = JSON.stringify(JSON.parse(readFileSync(ledger, 'utf8'), wordless), null, 2)
  expectGolden(`${cases}/${command}/${name}/ledger.txt`, `${entries}\n`)
})

test('up: each event of a deployment is a line', () => {
  const { terminal, printed } = quietTerminal()
  const display = jsonDisplay(terminal)
  const failure = {
    object: 'deployment/web',
    pod: 'web-1',
    container: 'web',
    code: 'deploy/program-ended',
    reason: 'exited with code 1',
    message: 'the program ended',
    exitCode: 1,
    log: ['cannot connect'],
    source: 'compose.yaml#/services/web',
    hint: 'read the log',
    about: 'command',
    completed: ['compose.yaml#/services/setup'],
    also: [{ object: 'deployment/api', code: 'deploy/unschedulable', reason: 'Unschedulable' }],
  } as const
  const events: DeployEvent[] = [
    {
      type: 'plan',
      operations: [
        { id: 1, object: 'deployment/web', verb: 'create', cause: 'does not exist yet' },
      ],
    },
    { type: 'apply', object: 'deployment/web', verb: 'create' },
    { type: 'wait', object: 'deployment/web', message: 'waits for db' },
    { type: 'ready', object: 'deployment/db', ms: 1200 },
    { type: 'completed', sources: ['compose.yaml#/services/setup'] },
    { type: 'copy', claim: 'media', tree: './media', state: 'progress', bytes: 1, total: 2 },
    { type: 'copy', claim: 'media', tree: './media', state: 'done', bytes: 2, total: 2 },
    {
      type: 'added',
      fields: [
        {
          object: 'deployment/web',
          change: 'added',
          field: 'spec.paused',
          manager: 'kubectl-edit',
        },
      ],
    },
    {
      type: 'kept',
      tree: './config',
      files: [{ path: './config/app.ini', why: 'changed in the volume' }],
    },
    { type: 'failed', failure: { ...failure, log: [...failure.log], completed: [], also: [] } },
    { type: 'back', to: 3 },
  ]
  display.progress({ step: 'building web', state: 'start', detail: 'web:1' })
  display.progress({ step: 'building web', state: 'done', ms: 4000 })
  display.say('warning: there is no image db:1')
  for (const event of events) display.deploy(event)
  const images: ImageSource[] = [
    { image: 'postgres:17', from: 'package', detail: 'made from a package of Debian' },
    { image: 'db:1', from: 'missing', detail: 'no registry has it' },
    { image: 'web:1', from: 'build', detail: 'built from .' },
  ]
  const addresses = [
    {
      service: 'web',
      port: '8080',
      url: 'http://10.0.0.1:30080',
      answered: true,
      publishedBy: 'web-published',
      target: '80',
    },
    {
      service: 'web',
      port: '8443',
      url: '',
      answered: false,
      error: 'no node exposes this port',
      publishedBy: 'web-published',
      target: '443',
    },
  ]
  const failed = { ...failure, log: [...failure.log], completed: [], also: [...failure.also] }
  printLine(
    verdictLine({ state: 'failed', failure: failed, ms: 9000, addresses }, images),
    terminal,
  )
  printLine(
    verdictLine(
      {
        state: 'ready',
        ms: 9000,
        watchedMs: 25_000,
        untested: 'why',
        unreachable: [{ address: 'mysql:3306', by: 'app' }],
        withoutMetrics: ['web'],
        addresses,
      },
      [],
    ),
    terminal,
  )
  const ready = { to: 3, revision: 5, state: 'ready', ms: 2000, lasting: ['a Job ran'] } as const
  const notReady = { ...ready, state: 'failed', failure: failed } as const
  for (const back of [ready, notReady]) {
    const verdict = { state: 'failed', failure: failed, ms: 9000, addresses: [] } as const
    const whole = { ...verdict, addresses: [], revision: 4 }
    printLine(
      verdictLine({ ...whole, back: { ...back, lasting: [...back.lasting] } }, []),
      terminal,
    )
    if (back === ready) printLine(verdictLine({ ...whole, notBack: 'why' }, []), terminal)
  }
  expectOutput('up', 'events', printed.stdout)
})

const checks = [
  { name: 'pages', state: 'holds', source: 'landfall.yaml#/checks/pages', ms: 40 },
  {
    name: 'order',
    state: 'fails',
    message: 'POST http://user:password@api/orders: status 500 instead of 2xx',
    source: 'landfall.yaml#/checks/order/steps/1',
    step: 2,
    at: 'landfall.yaml:3:3',
    ms: 30_000,
  },
  {
    name: 'cache',
    state: 'unknown',
    message: 'pods is forbidden',
    hint: 'kubectl create role …',
    source: 'landfall.yaml#/checks/cache',
    ms: 5,
  },
] satisfies CheckResult[]

test('up: a check that fails', () => {
  const { terminal, printed } = quietTerminal()
  const failure = {
    object: 'check/order',
    code: 'deploy/check-failed',
    reason: 'the check fails',
    message: 'status 500 instead of 2xx',
    source: 'landfall.yaml#/checks/order/steps/1',
    at: 'landfall.yaml:3:3',
  } as const
  const verdict = { state: 'failed', failure, ms: 9000, addresses: [], checks } as const
  printLine(verdictLine({ ...verdict, addresses: [], checks }, []), terminal)
  expect(printed.stdout).not.toContain('password')
  expectOutput('up', 'checks', printed.stdout)
})

test('test: checks of all states', () => {
  const { terminal, printed } = quietTerminal()
  const display = jsonDisplay(terminal)
  display.deploy({ type: 'wait', object: 'check/order', message: 'status 500 instead of 2xx' })
  display.deploy({ type: 'ready', object: 'check/pages', ms: 40 })
  const place = { release: 'shop', namespace: 'demo' }
  const revision = { number: 4, state: 'ready' } as const
  for (const results of [checks, checks.slice(0, 1), checks.slice(2)])
    printLine(testedLine(place, { revision, results }), terminal)
  expect(printed.stdout).not.toContain('password')
  expectOutput('test', 'checks', printed.stdout)
})

test('status: a release, and none', () => {
  const { terminal, printed } = quietTerminal()
  const place = { release: 'shop', namespace: 'demo' }
  const release: ReleaseStatus = {
    ...place,
    revision: 3,
    state: 'inProgress',
    workloads: [
      {
        object: 'deployment/web',
        state: 'inProgress',
        message: '0 of 1 pods are ready',
        ready: 0,
        desired: 1,
        restarts: 2,
        images: ['nginx:1.27'],
        ageMs: 61_000,
        pods: ['web-1'],
        source: 'compose.yaml#/services/web',
        kept: [{ at: '2026-01-31T10:00:00Z', act: 'restart', why: 'db was replaced' }],
        waitsFor: ['deployment/db'],
      },
    ],
    drift: [
      { object: 'configmap/files', change: 'missing' },
      {
        object: 'deployment/web',
        change: 'changed',
        field: 'spec.replicas',
        manager: 'kubectl',
        at: '2026-01-31T10:00:00Z',
      },
    ],
    unread: ['Secret'],
  }
  printLine(statusLine(place, release), terminal)
  printLine(statusLine(place, undefined), terminal)
  expectOutput('status', 'release', printed.stdout)
})

/** What a command prints that makes an earlier state again, or a part of one. */
function printEvents(
  terminal: ReturnType<typeof quietTerminal>['terminal'],
  before: readonly OutputLine[] = [],
): void {
  const display = jsonDisplay(terminal)
  const failure = {
    object: 'deployment/web',
    code: 'deploy/crash-loop',
    reason: 'exited with code 1',
    message: 'the program ended',
  } as const
  const events: DeployEvent[] = [
    {
      type: 'plan',
      operations: [
        { id: 1, object: 'deployment/web', verb: 'update', cause: 'changed in the project' },
      ],
    },
    { type: 'apply', object: 'deployment/web', verb: 'update' },
    { type: 'wait', object: 'deployment/web', message: 'waits for db' },
    { type: 'ready', object: 'deployment/db', ms: 1200 },
    { type: 'completed', sources: ['compose.yaml#/services/setup'] },
    {
      type: 'added',
      fields: [
        {
          object: 'deployment/web',
          change: 'added',
          field: 'spec.paused',
          manager: 'kubectl-edit',
        },
      ],
    },
    {
      type: 'kept',
      tree: './config',
      files: [{ path: './config/app.ini', why: 'changed in the volume' }],
    },
    { type: 'failed', failure },
  ]
  for (const event of events) display.deploy(event)
  for (const line of before) printLine(line, terminal)
  printLine(
    verdictLine({ state: 'failed', failure, ms: 9000, addresses: [], revision: 4 }, []),
    terminal,
  )
}

test('rollback: each event is a line', () => {
  const { terminal, printed } = quietTerminal()
  printEvents(terminal)
  expectOutput('rollback', 'events', printed.stdout)
})

test('scale: each event is a line, and each service', () => {
  const { terminal, printed } = quietTerminal()
  printLine({ type: 'refused', service: 'db', message: 'why', hint: 'what' }, terminal)
  printEvents(terminal, [
    { type: 'scaled', service: 'web', object: 'deployment/web', from: 1, to: 3, declared: 1 },
  ])
  expectOutput('scale', 'events', printed.stdout)
})

test('history: revisions of all states', () => {
  const { terminal, printed } = quietTerminal()
  const revision = (number: number, state: Revision['state']): Revision => ({
    ...{ number, state, at: 0, by: 'anna@laptop', command: 'up' },
    changes: ['create deployment/web'],
  })
  const git = { commit: 'b3048bc', dirty: true }
  const failure = {
    object: 'deployment/web',
    code: 'deploy/crash-loop',
    reason: 'exited with code 1',
    message: 'cannot reach postgres://user:password@db',
  } as const
  const revisions: Revision[] = [
    { ...revision(1, 'ready'), version: '0.1.0', environment: 'prod', note: 'first', git },
    { ...revision(2, 'failed'), failure },
    { ...revision(3, 'ready'), of: 1, command: 'rollback' },
    revision(4, 'interrupted'),
    revision(5, 'deploying'),
  ]
  printLine(historyLine({ release: 'shop', namespace: 'demo' }, revisions), terminal)
  expectOutput('history', 'revisions', printed.stdout)
})

test('diff: objects of all changes, hidden values and other owners', () => {
  const { terminal, printed } = quietTerminal()
  const place = { release: 'shop', namespace: 'demo' }
  const fields = [
    { field: 'spec.replicas', before: 1, after: 2 },
    { field: 'spec.url', after: 'http://user:password@db' },
    { field: 'spec.args', before: ['http://user:password@db'] },
  ]
  const changes: ReleaseDiff['changes'] = [
    { object: 'secret/web', change: 'update', fields: [{ field: 'data.A', hidden: 'secret' }] },
    { object: 'configmap/a', change: 'update', fields: [{ field: 'data.A', hidden: 'content' }] },
    { object: 'deployment/web', change: 'update', fields },
    { object: 'job/setup', change: 'replace', fields: [] },
    { object: 'deployment/new', change: 'create', fields: [] },
    { object: 'deployment/old', change: 'delete', fields: [] },
  ]
  const foreign = [{ object: 'service/web', owner: 'Helm' }]
  const conflicts = [
    {
      object: 'deployment/web',
      change: 'changed',
      field: 'spec.replicas',
      manager: 'kubectl-edit',
    },
  ] as const
  const checks = [{ name: 'order', change: 'create' }] as const
  const all = { changes, foreign, conflicts: [...conflicts], checks: [...checks] }
  const none = { changes: [], foreign: [], conflicts: [], checks: [] }
  printLine(diffLine(place, {}, all), terminal)
  printLine(diffLine(place, { to: 2 }, none), terminal)
  printLine(diffLine(place, { from: 1, to: 2 }, none), terminal)
  expect(printed.stdout).not.toContain('password')
  expectOutput('diff', 'changes', printed.stdout)
})

test.each(['restart', 'wait'] as const)('%s: each event is a line', (command) => {
  const { terminal, printed } = quietTerminal()
  const display = jsonDisplay(terminal)
  const object = 'deployment/web'
  const failure = {
    object,
    code: 'deploy/crash-loop',
    reason: 'exited with code 1',
    message: 'the program ended',
  } as const
  const events: DeployEvent[] = [
    { type: 'wait', object, message: 'waits for db' },
    { type: 'ready', object: 'deployment/db', ms: 1200 },
    { type: 'failed', failure },
  ]
  if (command === 'restart') display.deploy({ type: 'apply', object, verb: 'update' })
  for (const event of events) display.deploy(event)
  const ready = { state: 'ready', ms: 9000, watchedMs: 20_000, addresses: [] } as const
  printLine(verdictLine({ ...ready, addresses: [] }, []), terminal)
  expectOutput(command, 'events', printed.stdout)
})

test('events: of a service and of another object', () => {
  const { terminal, printed } = quietTerminal()
  const event: ReleaseEvent = {
    ...{ service: 'web', object: 'pod/web-1', type: 'Warning', reason: 'BackOff' },
    message: 'cannot pull https://user:password@registry/web',
    ...{ count: 12, first: '2026-01-01T00:00:00Z', last: '2026-01-01T00:05:00Z' },
  }
  const { service: _, ...other } = event
  printLine(eventLine(event), terminal)
  printLine(eventLine({ ...other, object: 'node/a', type: 'Normal', count: 1 }), terminal)
  expect(printed.stdout).not.toContain('password')
  expectOutput('events', 'lines', printed.stdout)
})

test('status: sites', () => {
  const { terminal, printed } = quietTerminal()
  const place = { context: 'edge-1', location: { latitude: 35.6, longitude: 139.7 } }
  const numbers = { ready: 2, desired: 2, revision: 4, changes: 1 }
  const line = { type: 'siteStatus', namespace: 'fog-edge-1' } as const
  printLine(
    { ...line, state: 'behind', ...place, ...numbers, reason: 'why' },
    { ...terminal, site: 'edge-1' },
  )
  printLine({ ...line, state: 'absent' }, { ...terminal, site: 'edge-2' })
  expectOutput('status', 'sites', printed.stdout)
})

test('up: sites', () => {
  const { terminal, printed } = quietTerminal()
  const outcomes = [
    { site: 'cloud', state: 'ready', exitCode: 0, ms: 9000 },
    { site: 'edge-1', state: 'failed', reason: 'exited with code 1', exitCode: 1, ms: 8000 },
    { site: 'edge-2', state: 'away', reason: 'does not respond', exitCode: 1, ms: 20 },
    { site: 'edge-3', state: 'held', reason: 'connects to edge-1', exitCode: 1, ms: 0 },
  ] as const
  const json = { ...terminal, output: 'json' } as const
  for (const outcome of outcomes) printOutcome(outcome, json)
  printOutcomes(outcomes, json)
  expectOutput('up', 'sites', printed.stdout)
})

test('top: services with a limit and without', () => {
  const { terminal, printed } = quietTerminal()
  const usage = { pods: 2, cpu: 0.25, memory: 64 * 1024 ** 2 }
  const services = [
    { service: 'web', ...usage, memoryLimit: 512 * 1024 ** 2 },
    { service: 'db', ...usage },
  ]
  printLine(usageLine({ release: 'shop', namespace: 'demo' }, services), terminal)
  expectOutput('top', 'services', printed.stdout)
})

test('logs: a line of a program', () => {
  const { terminal, printed } = quietTerminal()
  printLine(
    { type: 'log', service: 'web', pod: 'web-1', container: 'web', line: 'GET /' },
    terminal,
  )
  expectOutput('logs', 'line', printed.stdout)
})

test('every line of every command stands in a golden file', () => {
  const unseen = Object.entries(outputs).flatMap(([command, lines]) =>
    lines
      .map(({ properties }) => properties.type.const)
      .filter((type) => seen.get(command)?.has(type) !== true)
      .map((type) => `${command}: ${type}`),
  )
  expect(unseen).toEqual([])
})

test('the commands with --output are those of the contract, and docs/output.md lists them', async () => {
  const { terminal } = quietTerminal()
  const found: string[] = []
  for (const { name, load } of commands) {
    const command = new Command(name)
    ;(await load()).define(command, terminal)
    if (command.options.some(({ long, argChoices }) => long === '--output' && argChoices))
      found.push(name)
  }
  expect(found.toSorted()).toEqual(Object.keys(outputs).toSorted())
  const page = readFileSync(`${repository}docs/output.md`, 'utf8')
  for (const name of [...found, ...Object.keys(files)])
    expect(page).toContain(`](schemas/${name}.json)`)
})
