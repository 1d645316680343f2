import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Bundle, canonicalJson } from '@landfall/kube'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { jsonPatch, mergePatch, type PatchOperation } from './emit/kustomize/json-patch.ts'
import { emitKustomize } from './emit/kustomize/kustomization.ts'
import { emitManifests } from './emit/manifests.ts'
import type { LandfallFile } from './settings/landfall-file.ts'
import { convert } from './test-conversion.ts'

const root = mkdtempSync(join(tmpdir(), 'landfall-overlay-'))
afterAll(() => rmSync(root, { recursive: true }))

const program = process.env.LANDFALL_KUBECTL ?? 'kubectl'
const kubectl = spawnSync(program, ['version', '--client']).error === undefined

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'yes',
    '.',
    '007',
    '1e3',
    '~',
    'null',
    ' x',
    'a: b',
    '# c',
    'l1\nl2\n',
    '\t',
    '-',
  ),
)

/** What two environments of a project may differ in. */
const variant = fc.record({
  values: fc.dictionary(fc.constantFrom('A', 'B_C', 'PASSWORD'), texts, { maxKeys: 3 }),
  content: texts,
  published: fc.boolean(),
  worker: fc.boolean(),
  once: fc.boolean(),
  healthy: fc.boolean(),
  settings: fc.record({
    web: fc.record(
      {
        replicas: fc.constantFrom(1, 2, 5),
        resources: fc.constantFrom<{ memory?: string; cpu?: string }>(
          { memory: '1Gi' },
          { cpu: '500m' },
        ),
        drain: fc.constantFrom(0, 9),
      },
      { requiredKeys: [] },
    ),
  }),
})

type Variant = typeof variant extends fc.Arbitrary<infer T> ? T : never

function bundleOf({
  values,
  content,
  published,
  worker,
  once,
  healthy,
  settings,
}: Variant): Bundle {
  const compose = {
    name: 'shop',
    services: {
      web: {
        image: 'nginx:1.22',
        environment: Object.fromEntries(
          Object.entries(values).map(([key, text]) => [key, text.replaceAll('$', '$$')]),
        ),
        volumes: ['./file:/etc/file:ro'],
        ...(published ? { ports: ['8080:80'] } : { expose: ['80'] }),
        depends_on: { setup: { condition: 'service_completed_successfully' } },
        ...(healthy && { healthcheck: { test: ['CMD', 'true'] } }),
      },
      setup: { image: 'busybox:1.36', restart: 'no', command: ['echo', once ? '1' : '2'] },
      ...(worker && {
        worker: { image: 'busybox:1.36', depends_on: ['web'], volumes: ['data:/data'] },
      }),
    },
    ...(worker && { volumes: { data: {} } }),
  }
  const files = { '/shop/file': content }
  const { bundle, diagnostics } = convert(JSON.stringify(compose), {
    files,
    settings: { services: settings } as LandfallFile,
    oneShots: ['setup'],
  })
  if (bundle === undefined) throw new Error(diagnostics.map(({ message }) => message).join())
  return bundle
}

test.skipIf(!kubectl)(
  'any environment over any base is the environment, to the real kubectl',
  { timeout: 7_200_000 },
  () => {
    let run = 0
    fc.assert(
      fc.property(variant, variant, (one, other) => {
        const directory = join(root, String(run++))
        const [base, environment] = [bundleOf(one), bundleOf(other)]
        const files = emitKustomize(base, new Map([['other', environment]]))
        for (const [path, text] of files) {
          mkdirSync(dirname(join(directory, path)), { recursive: true })
          writeFileSync(join(directory, path), text)
        }
        for (const [place, bundle] of [
          ['base', base],
          ['overlays/other', environment],
        ] as const) {
          const { stdout, stderr } = spawnSync(program, ['kustomize', join(directory, place)], {
            encoding: 'utf8',
          })
          expect(stderr).toBe('')
          const built = parseAllDocuments(stdout).map((document) => canonicalJson(document.toJS()))
          const written = [...emitManifests(bundle).values()].map((text) =>
            canonicalJson(parse(text)),
          )
          expect(built.sort()).toEqual(written.sort())
        }
      }),
      { numRuns: Number(process.env.LANDFALL_RANDOM_PROJECTS ?? 8) },
    )
  },
)

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(fc.boolean(), fc.integer(), fc.string()),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b/c', 'd~e', ''), tie('value')),
  ),
})).value

test('the operations between any two values make one of the other', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const patched = jsonPatch(before, after).reduce(applied, structuredClone(before))
      expect(patched).toEqual(after)
      expect(merged(structuredClone(before), mergePatch(before, after))).toEqual(after)
    }),
    { numRuns: 2_000 },
  )
})

/** RFC 6902, as far as it is needed here. */
function applied(document: unknown, operation: PatchOperation): unknown {
  const steps = operation.path.split('/').slice(1)
  if (steps.length === 0) return 'value' in operation ? operation.value : undefined
  const keys = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = keys.pop() as string
  // biome-ignore lint/suspicious/noExplicitAny: any JSON
  const parent = keys.reduce((value: any, key) => value[key], document)
  if (operation.op === 'remove') delete parent[last]
  else parent[last] = operation.value
  return document
}

/** RFC 7386. */
function merged(value: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
  const result: Record<string, unknown> = isMapping ? { ...value } : {}
  for (const [key, one] of Object.entries(patch))
    if (one === null) delete result[key]
    else result[key] = merged(result[key], one)
  return result
}
