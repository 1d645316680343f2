import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assetDirectory } from '../cache/assets.ts'
import { compileRoleSchema, readRole } from './read-role.ts'

const schema = readFileSync(join(assetDirectory('stand-in'), 'role.schema.json'), 'utf8')
const fits = compileRoleSchema(schema)

function problems(text: string): string[] {
  return readRole('r.yaml', text, fits).problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  )
}

const head = 'role: r\nimage: a/b:1\ncontainer: { cmd: [/b] }\n'

test('a role is read with everything that the player needs', () => {
  const read = readRole('r.yaml', `${head}steps: [{ take: 2s }, { exit: 0 }]\n`, fits)
  expect(read).toEqual({
    role: {
      role: 'r',
      image: 'a/b:1',
      container: { cmd: ['/b'] },
      steps: [{ take: '2s' }, { exit: 0 }],
    },
    problems: [],
  })
})

test.each([
  [
    'role: r\nsteps: [\n',
    [
      'r.yaml:3:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ],
  [`${head}steps: []\nstep: 1\n`, ['r.yaml:5:1: unknown key "step" in the role']],
  [`${head}steps:\n  - take: 2\n`, ['r.yaml:5:11: steps.0.take must be string']],
  [
    `${head}steps:\n  - take: 2s\n    exit: 1\n`,
    [
      'r.yaml:5:5: steps.0 needs exactly one of take, expect, listen, publish, subscribe, every, set, add, write, chown, say, deaf, exit',
    ],
  ],
  [
    `${head}steps:\n  - expect:\n      of:\n        - { http: "http://x", tcp: "x:1" }\n`,
    ['r.yaml:7:11: steps.0.expect.of.0 needs exactly one of http, tcp, dns, file'],
  ],
  [
    `${head}steps:\n  - expect: { within: 1s, tries: 3, of: [{ dns: x }] }\n`,
    ['r.yaml:5:13: steps.0.expect cannot have both within and tries'],
  ],
  [`${head}steps:\n  - listen: api\n`, ['r.yaml:5:13: no listener named "api"']],
  [
    `${head}listeners: { db: { tcp: 1 } }\nsteps:\n  - publish: { to: db, line: x }\n`,
    ['r.yaml:6:20: "db" is not a listener with a stream'],
  ],
  [
    `${head}listeners:\n  api: { http: 80, routes: [{ path: /, handler: kv }] }\nsteps: []\n`,
    [
      'r.yaml:5:49: listeners.api.routes.0.handler must be one of key-values, service-catalog, collection, state',
    ],
  ],
])('%j is reported with its place', (text, expected) => {
  expect(problems(text)).toEqual(expected)
})
