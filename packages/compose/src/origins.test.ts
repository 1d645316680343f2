import { originOf, spanOf } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { type LoadInput, loadProject, memoryFiles } from './index.ts'

const files = {
  'compose.yaml': [
    'name: shop',
    'include: [data/compose.yaml]',
    'x-common: &common',
    '  restart: always',
    'services:',
    '  web:',
    '    <<: *common',
    `    image: nginx:\${TAG:-1}`,
    '    ports: ["8080:80"]',
    '    environment: [A=1, HOME]',
    '    env_file: web.env',
    '  worker:',
    '    extends: { file: base.yaml, service: base }',
    '    tty: true',
  ].join('\n'),
  'compose.override.yaml': 'services:\n  web:\n    ports: ["9090:90"]\n    environment: { B: 2 }\n',
  'web.env': 'FIRST=1\nSECOND="two"\n',
  'base.yaml': 'services:\n  base:\n    image: base:2\n',
  'data/compose.yaml':
    'services:\n  db:\n    image: postgres:15\n    volumes: ["./init:/init:ro"]\n',
  '.env': 'TAG=1.27\n',
}

const input: LoadInput = {
  files: memoryFiles(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`/shop/${name}`, text])),
  ),
  workingDirectory: '/shop',
  environment: { HOME: '/home/me' },
}
const { project, origins, sources } = loadProject(input)

/** The text that a value came from, with its file and way. */
function cameFrom(pointer: string): string {
  const span = spanOf(origins, pointer)
  const inFile = origins.get(pointer)?.findLast((origin) => origin.kind === 'file')
  const text = span && sources.get(span.file)?.slice(span.start, span.end)
  return [span?.file, text, inFile?.kind === 'file' && inFile.via].filter(Boolean).join(' | ')
}

test.each([
  ['/name', 'compose.yaml | shop'],
  ['/services/web/restart', 'compose.yaml | always | anchor'],
  ['/services/web/image', `compose.yaml | nginx:\${TAG:-1} | interpolation`],
  ['/services/web/ports/0/published', 'compose.yaml | "8080:80"'],
  ['/services/web/ports/1/target', 'compose.override.yaml | "9090:90"'],
  ['/services/web/environment/A', 'compose.yaml | A=1'],
  ['/services/web/environment/B', 'compose.override.yaml | 2'],
  ['/services/web/environment/FIRST', 'web.env | FIRST=1 | env_file'],
  ['/services/web/environment/SECOND', 'web.env | SECOND="two" | env_file'],
  ['/services/worker/image', 'base.yaml | base:2 | extends'],
  ['/services/worker/tty', 'compose.yaml | true'],
  ['/services/db/image', 'data/compose.yaml | postgres:15 | include'],
  ['/services/db/volumes/0/source', 'data/compose.yaml | "./init:/init:ro" | include'],
])('%s came from %s', (pointer, expected) => {
  expect(cameFrom(pointer)).toBe(expected)
})

test('values of variables name the variable, implied ones the rule', () => {
  expect(origins.get('/services/web/image')?.[0]).toEqual({ kind: 'env', name: 'TAG' })
  expect(originOf(origins, '/services/web/environment/HOME')).toEqual({ kind: 'env', name: 'HOME' })
  expect(originOf(origins, '/services/web/ports/0/mode')).toEqual({
    kind: 'default',
    rule: 'short-form',
  })
  expect(originOf(origins, '/services/web/networks/default')).toEqual({
    kind: 'default',
    rule: 'default-network',
  })
})

test('every value of the project has an origin', () => {
  const without: string[] = []
  const visit = (value: unknown, pointer: string): void => {
    if (!origins.has(pointer)) without.push(pointer)
    if (typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) visit(child, `${pointer}/${key}`)
  }
  for (const [key, value] of Object.entries(project ?? {})) visit(value, `/${key}`)
  expect(without).toEqual([])
})

test('the same input gives the same bytes', () => {
  expect(JSON.stringify(loadProject(input).project)).toBe(JSON.stringify(project))
})
