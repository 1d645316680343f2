import { loadProject, memoryFiles } from '@landfall/compose'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { clusterOf } from '../cluster.ts'
import { findingOf, readFindings } from '../findings.ts'
import type { Json } from '../json.ts'
import type { Converted, Question } from '../question.ts'
import { lastingBinds, machineBinds, readOnlyMounts, separateBinds, sharedBinds } from './binds.ts'
import { lastingVolumes, namedVolumes } from './volumes.ts'

/** A pod with mounts `VOLUME PATH [SUBPATH]`, where `!` marks a read-only one; a volume is a claim, or an emptyDir if it begins with `empty`. */
function pod(service: string, ...mounts: string[]): string {
  const parts = mounts.map((text) => text.replace('!', '').split(' '))
  return JSON.stringify({
    kind: 'Deployment',
    metadata: {
      name: service,
      labels: { 'app.kubernetes.io/name': service },
      annotations: { 'landfall.dev/source': `compose.yaml#/services/${service}` },
    },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: service,
              volumeMounts: parts.map(([name, mountPath, subPath], index) => ({
                name,
                mountPath,
                ...(subPath && { subPath }),
                ...(mounts[index]?.includes('!') && { readOnly: true }),
              })),
            },
          ],
          volumes: [...new Set(parts.map(([name]) => name))].map((name = '') =>
            name.startsWith('empty')
              ? { name, emptyDir: {} }
              : name.startsWith('files')
                ? { name, configMap: { name } }
                : { name, persistentVolumeClaim: { claimName: name } },
          ),
        },
      },
    },
  })
}

function missing(
  question: Question,
  compose: string,
  pods: string[],
  files: Record<string, string> = {},
): string[] {
  const all: Record<string, string> = { '/shop/compose.yaml': compose, ...files }
  const { project } = loadProject({
    files: memoryFiles(all),
    workingDirectory: '/shop',
    environment: {},
  })
  if (project === undefined) throw new Error('the project does not load')
  const objects: Json[] = parseAllDocuments(pods.join('\n---\n')).map((one) => one.toJS())
  const converted: Converted = {
    project,
    directory: '/shop',
    cluster: clusterOf(objects),
    readFile: (path) => (all[path] === undefined ? undefined : Buffer.from(all[path])),
    listFolder: (path) => {
      const below = Object.keys(all).filter((file) => file.startsWith(`${path}/`))
      return below.length === 0 ? undefined : below.map((file) => file.slice(path.length + 1))
    },
    modeOf: () => undefined,
    realPath: (path) => path.replace(/^\/shop\/link/, '/shop/data'),
    environment: {},
  }
  return question.ask(converted).flatMap((answer) => answer.missing ?? [])
}

const A = (volumes: string) => `services: { a: { image: x, volumes: [${volumes}] } }`
const AB = (a: string, b: string) =>
  `services: { a: { image: x, volumes: [${a}] }, b: { image: y, volumes: [${b}] } }`

describe('writes outlive the pod', () => {
  test.each<[string, string, string, number]>([
    ['a claim', '"./data:/data"', 'data /data', 0],
    ['a copy in the pod', '"./data:/data"', 'empty /data', 1],
    ['nothing mounted', '"./data:/data"', 'data /other', 1],
    ['a claim that cannot be written', '"./data:/data"', 'data /data!', 1],
    ['files that people write', '"./conf:/etc/app"', 'empty /etc/app', 0],
    ['a database among them', '"./base:/etc/app"', 'empty /etc/app', 1],
    ['read-only', '"./data:/data:ro"', 'empty /data', 0],
    ['outside the project', '"/mnt/m:/m"', 'empty /m', 1],
    ['of the machine', '"/proc:/host/proc"', 'empty /host/proc', 0],
  ])('%s', (_, volume, mount, count) => {
    const files = {
      '/shop/conf/a.ini': 'a=1',
      '/shop/base/a.ini': 'a=1',
      '/shop/base/app.db': 'x',
    }
    expect(missing(lastingBinds, A(volume), [pod('a', mount)], files)).toHaveLength(count)
  })
})

describe('what several see is one place', () => {
  test.each<[string, string, string, string, string, number]>([
    ['the same', '"./run:/run"', '"./run:/r:ro"', 'run /run', 'run /r!', 0],
    ['two claims', '"./run:/run"', '"./run:/r"', 'run /run', 'other /r', 2],
    ['a part', '"./run:/run"', '"./run/t:/t"', 'run /run', 'run /t t', 0],
    ['another part', '"./run:/run"', '"./run/t:/t"', 'run /run', 'run /t', 2],
    ['a part of a writer', '"./run:/run:ro"', '"./run/t:/t"', 'files /run', 'run /t', 1],
    ['links', '"./link:/d"', '"./data:/e"', 'data /d', 'data /e', 0],
    ['two through links', '"./link:/d"', '"./data:/e"', 'link /d', 'data /e', 2],
    ['hidden', '"./run:/run", "./o:/run/t"', '"./run/t:/t"', 'run /run', 'else /t', 0],
    ['readers alone', '"./run:/run:ro"', '"./run:/r:ro"', 'empty /run', 'files /r', 0],
  ])('%s', (_, a, b, mountA, mountB, count) => {
    expect(missing(sharedBinds, AB(a, b), [pod('a', mountA), pod('b', mountB)])).toHaveLength(count)
  })
})

test('different directories in one place are found, parts of one tree are not', () => {
  const pods = (b: string) => [pod('a', 'data /a x'), pod('b', b)]
  const compose = AB('"./one:/a"', '"./two:/b"')
  expect(missing(separateBinds, compose, pods('data /b x/y'))).toHaveLength(1)
  expect(missing(separateBinds, compose, pods('data /b xy'))).toEqual([])
  expect(missing(separateBinds, AB('"./one:/a"', '"./one/y:/b"'), pods('data /b x/y'))).toEqual([])
})

test('a read-only bind that can be written is found, also in the pod of one that borrows it', () => {
  const compose =
    'services: { a: { image: x, volumes: ["./d:/d:ro"] }, b: { image: y, volumes_from: [a] } }'
  const pods = (a: string, b: string) => [pod('a', a), pod('b', b)]
  expect(missing(readOnlyMounts, compose, pods('d /d!', 'd /d!'))).toEqual([])
  expect(missing(readOnlyMounts, compose, pods('d /d!', 'd /d'))).toHaveLength(1)
  expect(missing(machineBinds, A('"/sys:/sys:ro"'), [pod('a', 'd /d')])).toHaveLength(1)
})

test('a named volume is the same part of one claim for all', () => {
  const compose = `${AB('"vol:/a"', '"vol:/b"')}\nvolumes: { vol: {} }`
  expect(missing(namedVolumes, compose, [pod('a', 'vol /a'), pod('b', 'vol /b')])).toEqual([])
  expect(missing(namedVolumes, compose, [pod('a', 'vol /a'), pod('b', 'vol /b x')])).toHaveLength(1)
  expect(missing(namedVolumes, compose, [pod('a', 'vol /a'), pod('b', 'empty /b')])).toHaveLength(1)
})

test('an anonymous volume outlives the pod, unless it only hides what is built', () => {
  const asked = (path: string) =>
    missing(lastingVolumes, A(`"${path}"`), [pod('a', `empty ${path}`)])
  expect(asked('/var/lib/db')).toHaveLength(1)
  expect(asked('/app/node_modules')).toEqual([])
  expect(missing(lastingVolumes, A('"./app:/app", "/app/x"'), [pod('a', 'app /app')])).toEqual([])
})

test('a finding names a loss at its key, or by a path or a directory that it is in', () => {
  const findings = readFindings(
    [
      'text',
      '{"type":"diagnostic","path":"/services/a/volumes/0","severity":"warning","code":"c","message":"./data is lost, ./conf too"}',
      '{"type":"drop","path":"/services/b","code":"d","reason":"gone","at":{"file":"f","line":1,"column":2}}',
      '{"type":"written"}',
    ].join('\n'),
  )
  expect(findings.map(({ text }) => text)).toEqual(['./data is lost, ./conf too', 'f:1:2: gone'])
  expect(findingOf(findings, '/services/a/volumes/0')?.code).toBe('c')
  expect(findingOf(findings, '/x', ['./data/sub'])?.code).toBe('c')
  expect(findingOf(findings, '/x', ['./database', './con'])).toBeUndefined()
  expect(findingOf(findings, '/services/a/volumes/1')).toBeUndefined()
})
