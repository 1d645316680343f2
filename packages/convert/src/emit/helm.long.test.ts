import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { valueAt } from '@landfall/diagnostic'
import { type Bundle, canonicalJson, resolveBundle, shortHash } from '@landfall/kube'
import { helmProgram } from '@landfall/testkit/helm'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { convert } from '../test-conversion.ts'
import { toYaml } from './yaml.ts'

const helm = helmProgram()
const scratch = mkdtempSync(join(tmpdir(), 'landfall-helm-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** The texts of expressions in a template, as `helm template` prints them. */
function render(name: string, expressions: string, files: Record<string, string>): string[] {
  const chart = join(scratch, name)
  for (const [path, text] of Object.entries({
    ...files,
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`,
    'templates/configmap.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\nrendered:\n${expressions}\n`,
  })) {
    mkdirSync(dirname(join(chart, path)), { recursive: true })
    writeFileSync(join(chart, path), text)
  }
  if ('missing' in helm) throw new Error(helm.missing)
  const { stdout, stderr } = spawnSync(helm.program, ['template', 'x', chart], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return parse(stdout).rendered
}

const project = `
services:
  migrate:
    image: example/migrate:1.0
    restart: "no"
    environment: { QUERY: "a<b && b>c", EMPTY: "", NAME: "Zoë \\u2028 \\U0001F600", NUMBER: "007" }
    command: ["sh", "-c", 'test "$$A" \\< 1 || echo "<ok>" > /tmp/x\\y; cat <<"E"\\n\\ttab\\nE']
    labels: { 10: ten, 9: nine, a: b }
    stop_grace_period: 1000000s
    user: "1000000"
    cpus: 0.25
    volumes: [./10.sql:/sql/10.sql:ro, ./9.sql:/sql/9.sql:ro, ./bytes.bin:/sql/bytes.bin:ro]
  web:
    image: example/web:1.0
    depends_on: { migrate: { condition: service_completed_successfully } }
    volumes: [./9.sql:/web/9.sql:ro]
`

const bundle = convert(project, {
  files: {
    '/shop/10.sql': "insert into t values ('<&>');\n",
    '/shop/9.sql': 'select 1;\n',
    '/shop/bytes.bin': new Uint8Array([0, 255, 128]),
  },
  oneShots: ['migrate'],
}).bundle as Bundle

describe.skipIf('missing' in helm)(
  `the real helm computes the same hashes${'missing' in helm ? ` (${helm.missing})` : ''}`,
  () => {
    test('the name of a Job and the checksum of files, from the same objects in a chart', () => {
      const resolved = resolveBundle(bundle)
      const files: Record<string, string> = {}
      const template = bundle.derived.map(({ rule, base, inputs }, number) => {
        const read = inputs.map(({ object, pointer }, index) => {
          const file = `files/${number}-${index}.yaml`
          const value = valueAt(resolved.get(object), pointer)
          files[file] = toYaml(value === undefined ? {} : { value })
          return `(.Files.Get "${file}" | fromYaml).value`
        })
        const hash = `{{ list ${read.join(' ')} | toJson | sha256sum | trunc 10 }}`
        return `- "${rule === 'name-hash' ? `${base}-` : ''}${hash}"`
      })
      const rendered = render('names', template.join('\n'), files)
      const [job] = [...resolved.values()].filter(({ kind }) => kind === 'Job')
      expect(rendered).toContain(job?.metadata.name)
      expect(rendered).toEqual(
        bundle.derived.map(({ at: [place], base }) => {
          const value = valueAt(resolved.get(place?.object ?? ''), place?.pointer ?? '') as string
          return place?.format === undefined ? value : expect.stringContaining(base)
        }),
      )
      expect(rendered.length).toBeGreaterThanOrEqual(2)
    })

    test('the hash of any value', () => {
      const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
      const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
        value: fc.oneof(
          { maxDepth: 3 },
          fc.oneof(fc.constantFrom(null, true, false), fc.integer(), texts, fc.nat().map(String)),
          fc.array(tie('value'), { maxLength: 4 }),
          fc.dictionary(texts, tie('value'), { maxKeys: 6 }),
        ),
      }))
      const values = fc.sample(json, 500).map((value) => JSON.parse(JSON.stringify(value)))
      const rendered = render(
        'values',
        '{{ range (.Files.Get "files/values.yaml" | fromYaml).values }}- "{{ toJson . | sha256sum | trunc 10 }}"\n{{ end }}',
        { 'files/values.yaml': toYaml({ values }) },
      )
      expect(rendered).toEqual(values.map((value) => shortHash(canonicalJson(value))))
    })
  },
)
