import { rmSync } from 'node:fs'
import { type Bundle, resolveBundle } from '@landfall/kube'
import { helmProgram } from '@landfall/testkit/helm'
import { afterAll, describe, expect, test } from 'vitest'
import { convert, everything } from '../../test-conversion.ts'
import { byId, chartOf, rendered, run, scratch } from './test-chart.ts'

const helm = helmProgram()
const program = 'missing' in helm ? '' : helm.program
afterAll(() => rmSync(scratch, { recursive: true }))

const hostile = `
name: "0_shop"
services:
  "range":
    image: example/range:1.0
    environment: { A: "{{ .Values }}", B: "{{{", C: "} }}", D: "\\t\\u007f \\U0001F600", E: "{{/* x", SECRET_KEY: "{{ fail }}" }
    command: ["sh", "-c", "echo {{ .Release.Name }} {{\`x\`}}"]
    depends_on: { 7-migrate: { condition: service_completed_successfully } }
    volumes: [./f.conf:/f.conf:ro, "a-b.c:/data"]
    labels: { "x{{y": "{{ z" }
  "7-migrate":
    image: example/migrate
    restart: "no"
    environment: { N: "1000000", O: "yes", P: "", Q: "0x10" }
    volumes: [./f.conf:/f.conf:ro, ./bytes.bin:/b.bin:ro, ./key.pem:/key.pem:ro]
  "a.b_c":
    image: example/c
    depends_on: { "range": { condition: service_started, restart: true } }
volumes: { a-b.c: {} }
`
const files = {
  '/shop/f.conf': '{{- with x }}\n\n  {{ . }}\n{{ end -}}\n{{`\n',
  '/shop/bytes.bin': new Uint8Array([0, 255, 128]),
  '/shop/key.pem': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
}

const bundles: [string, Bundle][] = [
  ['texts that look like templates', convert(hostile, { files }).bundle as Bundle],
  ['every key', convert(everything).bundle as Bundle],
]

describe.skipIf(program === '')(
  `the real helm${'missing' in helm ? ` (${helm.missing})` : ''}`,
  () => {
    test.each(bundles)('renders the manifests: %s', (_, bundle) => {
      expect(rendered(program, chartOf(bundle))).toEqual(byId(resolveBundle(bundle).values()))
    })

    test.each(bundles)('finds nothing wrong: %s', (_, bundle) => {
      for (const withSecrets of [true, false]) {
        const { status, stdout } = run(program, [
          'lint',
          '--strict',
          chartOf(bundle, { withSecrets }),
        ])
        expect(stdout.replace('[INFO] Chart.yaml: icon is recommended', '')).not.toMatch(
          /WARNING|ERROR/,
        )
        expect(status).toBe(0)
      }
    })
  },
)
