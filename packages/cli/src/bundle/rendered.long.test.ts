import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { formatSpan } from '@landfall/diagnostic'
import { helmProgram } from '@landfall/testkit/helm'
import { afterAll, describe, expect, test } from 'vitest'
import { findProgram } from '../foreign/images/run-tool.ts'
import { quietTerminal } from '../quiet-terminal.ts'
import { openBundle } from './open.ts'

const root = mkdtempSync(join(tmpdir(), 'landfall-rendered-'))
afterAll(() => rmSync(root, { recursive: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

async function open(given: string, options: object, env: Record<string, string>) {
  const { terminal } = quietTerminal(root)
  const opened = await openBundle(given, options, { ...terminal, env }, false)
  return {
    ...opened,
    problems: opened.diagnostics.map(
      ({ at, message }) => `${at ? formatSpan(at, opened.sources) : ''}: ${message}`,
    ),
    names: opened.manifests.map(({ object }) => `${object.kind} ${object.metadata.name}`),
  }
}

const object = (kind: string, name: string, more = '') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}`

const helm = helmProgram()

describe.skipIf('missing' in helm)('charts', () => {
  const env = { LANDFALL_HELM: 'program' in helm ? helm.program : '', HOME: root, PATH: '' }

  test('are rendered by the real helm, with values, and places in their templates', async () => {
    write({
      'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
      'shop/values.yaml': 'mode: a\n',
      'shop/templates/config.yaml': `{{/* one */}}\n${object('ConfigMap', '{{ .Release.Name }}', 'data: { mode: {{ .Values.mode }}, in: {{ .Release.Namespace }} }\n')}`,
      'shop/templates/test.yaml': object(
        'Pod',
        'try',
        '  annotations: { helm.sh/hook: test }\nspec: {}\n',
      ),
      'more.yaml': 'mode: b\n',
    })
    const opened = await open('shop', { file: ['more.yaml'], namespace: 'prod' }, env)
    expect(opened.names).toEqual(['ConfigMap shop'])
    expect(opened.manifests[0]?.object.data).toEqual({ mode: 'b', in: 'prod' })
    expect(opened).toMatchObject({ release: 'shop', namespace: 'prod' })
    expect(opened.problems).toEqual([
      'shop/templates/test.yaml:5:9: Pod try is left out: helm runs it at test, not when it deploys',
    ])
  })

  test('with hooks that only helm can order, or with other objects each time, are refused', async () => {
    write({
      'odd/Chart.yaml': 'apiVersion: v2\nname: odd\nversion: 0.1.0\n',
      'odd/templates/hook.yaml': object(
        'ConfigMap',
        'first',
        '  annotations:\n    helm.sh/hook: pre-install,pre-delete\n',
      ),
      'odd/templates/secret.yaml': object(
        'Secret',
        'made',
        'stringData: { password: {{ randAlphaNum 20 }} }\n',
      ),
    })
    const { problems, diagnostics } = await open('odd', {}, env)
    expect(problems.sort()).toEqual([
      expect.stringMatching(
        /^odd\/templates\/hook\.yaml:\d+:19: ConfigMap first is a hook \(pre-install\): only helm can/,
      ),
      expect.stringMatching(
        /^odd\/templates\/secret\.yaml:1:1: odd\/templates\/secret\.yaml gives other objects each time/,
      ),
    ])
    expect(diagnostics.every(({ severity }) => severity === 'error')).toBe(true)
  })

  test('that helm cannot render fail with the words of helm', async () => {
    write({
      'bad/Chart.yaml': 'apiVersion: v2\nname: bad\nversion: 0.1.0\n',
      'bad/templates/a.yaml': '{{ required "set the password" .Values.password }}\n',
    })
    await expect(open('bad', {}, env)).rejects.toThrow(
      /the chart .*bad cannot be rendered by [\s\S]*set the password/,
    )
  })
})

test('without helm, it is said how to get it, and how to do without', async () => {
  write({ 'plain/Chart.yaml': 'apiVersion: v2\nname: plain\nversion: 0.1.0\n' })
  await expect(open('plain', {}, { PATH: '' })).rejects.toThrow(
    /requires helm, which is not in PATH\nhint: install it \(https:\S+\), or set LANDFALL_HELM/,
  )
})

const kubectl = findProgram('kubectl', process.env as Record<string, string>)

test.skipIf(kubectl === undefined)('a kustomization is rendered by the real kubectl', async () => {
  write({
    'base/kustomization.yaml': 'resources: [config.yaml]\n',
    'base/config.yaml': object('ConfigMap', 'settings', 'data: { mode: a }\n'),
    'prod/kustomization.yaml': 'resources: [../base]\nnamespace: prod\n',
  })
  const opened = await open('prod', { projectName: 'shop' }, { LANDFALL_KUBECTL: kubectl ?? '' })
  expect(opened).toMatchObject({
    release: 'shop',
    namespace: 'prod',
    names: ['ConfigMap settings'],
  })
  const [manifest] = opened.manifests
  expect(manifest && formatSpan(manifest.at(['kind']), opened.sources)).toBe(
    'prod (kubectl kustomize):4:7',
  )
})

test('-f is for charts, and a project is something else', async () => {
  write({ 'config.yaml': object('ConfigMap', 'settings') })
  await expect(open('config.yaml', { file: ['x.yaml'] }, {})).rejects.toThrow('is not a chart')
  await expect(open('missing', {}, {})).rejects.toThrow('no such file or directory: missing')
  write({ 'empty/sub/a.yaml': object('ConfigMap', 'a') })
  await expect(open('empty', {}, {})).rejects.toThrow('no manifests in empty')
})
