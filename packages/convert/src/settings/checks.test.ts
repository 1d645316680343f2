import { loadProject, memoryFiles } from '@landfall/compose'
import { renderDiagnostic } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { loadLandfallFile } from './load.ts'

const compose = `name: shop
services:
  web: { image: "nginx:1.22" }
  db: { image: "redis:7" }
`

function load(checks: string, project = compose, environment?: string) {
  const variables = { TOKEN: 's3cr3t', EMPTY: '' }
  const files = memoryFiles({ '/shop/compose.yaml': project, '/shop/landfall.yaml': checks })
  const loaded = loadProject({ files, workingDirectory: '/shop', environment: variables })
  if (loaded.project === undefined) throw new Error('the project does not load')
  const result = loadLandfallFile({
    files,
    projectDirectory: loaded.projectDirectory,
    project: loaded.project,
    projectOrigins: loaded.origins,
    variables,
    ...(environment !== undefined && { environment }),
  })
  const sources = new Map([...loaded.sources, ...result.sources])
  return { ...result, printed: result.diagnostics.map((d) => renderDiagnostic(d, sources)) }
}

const check = (text: string) => load(`checks:\n  a: ${text}\n`)

test.each([
  '{ http: "http://web/" }',
  '{ http: "http://web/", method: PUT, headers: { X-A: 1 }, send: { a: [1] }, status: [200, 201], body: ok, within: 2m30s }',
  '{ tcp: "db:6379" }',
  '{ dns: db }',
  '{ exec: { service: db, command: [redis-cli, get, "{{run}}"] }, exitCode: 1, output: nil, matches: "^n" }',
  '{ steps: [{ http: "http://web/a", capture: { at: { header: Location } } }, { http: "{{at}}", send: "{{at}} \\\\{{no}} {x} {{.Y}}" }] }',
  '{ http: "http://web/n", capture: { n: { regex: "[0-9]+" } }, greater: { n: 0 } }',
  '{ http: "http://web/", json: { "": {}, /a~1b/0: null } }',
])('%s is a check', (text) => {
  expect(check(text).printed).toEqual([])
})

test.each([
  ['{}', '2:3: error: a check requires exactly one of http, tcp, dns, exec, steps'],
  ['{ tcp: "db:1", dns: db }', '2:3: error: a check requires exactly one of'],
  ['{ steps: [] }', '2:8: error: steps is empty'],
  ['{ steps: [{ dns: db }], dns: web }', '2:30: error: dns is not valid next to steps'],
  ['{ steps: [{ dns: db, within: 1s }] }', '2:27: error: unknown key "within"'],
  ['{ http: web }', '2:14: error: http cannot be "web"'],
  ['{ http: "ftp://web/" }', '2:14: error: http cannot be'],
  ['{ tcp: "db:6379", status: 200 }', '2:24: error: status is only valid with http'],
  ['{ dns: db, matches: a }', '2:17: error: matches is only valid with http and exec'],
  ['{ http: "http://web/", output: a }', '2:29: error: output is only valid with exec'],
  ['{ http: "http://web/", status: 700 }', '2:37: error: status must be at most 599'],
  ['{ http: "http://web/", status: [ok] }', '2:38: error: 0 must be an integer'],
  ['{ http: "http://web/", within: 30 }', '2:37: error: within must be a string'],
  ['{ http: "http://web/", within: 2h }', '2:29: error: within cannot be 2h'],
  ['{ http: "http://web/", within: 0s }', '2:29: error: within cannot be 0s'],
  ['{ exec: { service: bd, command: [a] } }', '2:16: error: there is no service "bd"'],
  ['{ exec: { command: [a] } }', '2:8: error: exec has no service'],
  ['{ exec: { service: db } }', '2:8: error: exec has no command'],
  ['{ exec: { service: db, command: [] } }', '2:8: error: exec has no command'],
  ['{ http: "http://web/", matches: "(" }', '2:29: error: the regular expression is not valid: '],
  ['{ http: "http://web/", json: { a: 1 } }', '2:37: error: "a" is not a JSON Pointer'],
  ['{ http: "http://web/", json: { /a~2: 1 } }', '2:37: error: "/a~2" is not a JSON Pointer'],
  ['{ http: "http://web/{{id}}" }', '2:3: error: no earlier step captures "id"'],
  [
    '{ steps: [{ http: "http://web/{{id}}", capture: { id: { json: /id } } }] }',
    '2:16: error: no earlier step captures "id"',
  ],
  [
    '{ steps: [{ http: "http://web/", capture: { order: { json: /id } } }, { dns: "{{ordr}}" }] }',
    'did you mean "order"?',
  ],
  ['{ http: "http://web/", greater: { n: 1 } }', '2:29: error: no earlier step captures "n"'],
  [
    '{ http: "http://web/", capture: { a: { json: /a, regex: b } } }',
    'a capture requires exactly one of json, header, regex',
  ],
  ['{ http: "http://web/", capture: { run: { json: /a } } }', '"run" is not a valid name'],
  [
    '{ exec: { service: db, command: [a] }, capture: { a: { header: B } } }',
    'header is only valid with http',
  ],
  ['{ http: "http://web/", headers: { "A B": c } }', '"A B" is not a valid name of a header'],
  ['{ http: "http://web/", headers: { A: "b\\nC: d" } }', 'A has a line break'],
  ['{ http: "http://web/", send: "a\\0b" }', 'send has a NUL character'],
  [`{ http: "http://web/\${A" }`, 'is not a valid use of a variable'],
  ['{ http: "http://web/$NONE" }', 'warning: the variable NONE is not set'],
])('%s: %s', (text, message) => {
  const { printed } = check(text)
  expect(printed).toHaveLength(1)
  expect(printed[0]).toMatch(/^landfall\.yaml:2:/)
  expect(printed[0]).toContain(message)
})

test('names of checks are words', () => {
  const names = (name: string) => load(`checks: { "${name}": { dns: db } }\n`).printed.join()
  for (const name of ['order', 'an order is stored', 'a.b_c-d', '1']) expect(names(name)).toBe('')
  for (const name of ['', 'a/b', ' a', 'a'.repeat(64), 'ä', 'a\\nb'])
    expect(names(name), name).toContain('is not a valid name of a check')
})

test('texts are interpolated in checks alone, and where the values came from is known', () => {
  const { settings, origins, printed } = load(
    `services: { web: { ready: { http: "http://web/$TOKEN" } } }
checks:
  a: { http: "http://web/", headers: { Authorization: "Bearer \${TOKEN}", X: "\${A:-b}$$" } }
`,
  )
  expect(printed).toEqual([])
  expect(settings.services?.web?.ready?.http).toBe('http://web/$TOKEN')
  expect(settings.checks?.a?.headers).toEqual({ Authorization: 'Bearer s3cr3t', X: 'b$' })
  expect(origins.get('/checks/a/headers/Authorization')?.[0]).toEqual({
    kind: 'env',
    name: 'TOKEN',
  })
})

test('under x-landfall they have been interpolated with the Compose file', () => {
  const { settings, printed } = load(
    '',
    `${compose}x-landfall: { checks: { a: { http: "http://web/$TOKEN/$$HOME" } } }\n`,
  )
  expect(printed).toEqual([])
  expect(settings.checks?.a?.http).toBe('http://web/s3cr3t/$HOME')
})

test('an environment replaces a check as a whole, with its places', () => {
  const text = `checks:
  a: { http: "http://web/", body: ok }
  b: { dns: db }
environments:
  prod:
    checks:
      a: { steps: [{ tcp: "db:1" }, { http: "http://web/$TOKEN" }] }
`
  const { settings, origins, printed } = load(text, compose, 'prod')
  expect(printed).toEqual([])
  expect(settings.checks).toEqual({
    a: { steps: [{ tcp: 'db:1' }, { http: 'http://web/s3cr3t' }] },
    b: { dns: 'db' },
  })
  expect(origins.get('/checks/a/steps/1/http')?.[0]).toEqual({ kind: 'env', name: 'TOKEN' })
  const step = origins.get('/checks/a/steps/1')?.at(-1)
  expect(step?.kind === 'file' && text.slice(step.span.start)).toMatch(/^\{ http/)
  expect(origins.has('/checks/a/body')).toBe(false)
})

test('anchors that repeat themselves without end are refused', () => {
  const lines = Array.from({ length: 30 }, (_, n) => `x${n}: &x${n} [*x${n - 1}, *x${n - 1}]`)
  const bomb = lines
    .map((line) => `      ${line}`)
    .join('\n')
    .replace('[*x-1, *x-1]', '[a]')
  const { printed } = load(`checks:\n  a:\n    http: http://web/\n    send:\n${bomb}\n`)
  expect(printed.join()).toContain('checks have too many values')
})
