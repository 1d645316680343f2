import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { landfall, sharedApi } from '@landfall/testkit'
import { helmProgram } from '@landfall/testkit/helm'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { releaseOf } from '../api-tests/processes.ts'
import { findProgram } from '../foreign/images/run-tool.ts'

// several processes one after the other, on a machine that may be busy
vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 })

const kubectl = findProgram('kubectl', process.env as Record<string, string>) !== undefined

const helm = helmProgram()

type Line = { type: string; operations?: { object: string; operation: string }[] }

function linesOf(stdout: string): Line[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

/** What a deploy did, but for what is as it should be. */
function changes(stdout: string): string[] {
  const plan = linesOf(stdout).find(({ type }) => type === 'operations')
  return (plan?.operations ?? [])
    .filter(({ operation }) => operation !== 'unchanged')
    .map(({ object, operation }) => `${operation} ${object}`)
}

const deployment = (image: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 0
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: ${image}
          resources: { limits: { cpu: 1000m, memory: 1024Mi } }
${more}`

describe.skipIf(!sharedApi().bare)('up --bundle (needs an API server without controllers)', () => {
  // the first call builds the command line
  beforeAll(async () => {
    await landfall(['--version'])
  })

  test('changes nothing after up of the same project, in any form in which convert writes it', async () => {
    const { up, project, namespace, command, root, history } = releaseOf('same')
    expect((await up('same', undefined, ['a', 'b'])).code).toBe(0)
    const views = [
      { name: 'plain', more: [], part: '' },
      { name: 'placed', more: ['-n', namespace], part: '' },
      ...('program' in helm
        ? [{ name: 'helm', more: ['--format', 'helm', '--with-secrets'], part: '' }]
        : []),
      ...(kubectl ? [{ name: 'kustomize', more: ['--format', 'kustomize'], part: 'base' }] : []),
    ]
    const from = project('same', ['a', 'b'])
    const tools = 'program' in helm ? { LANDFALL_HELM: helm.program } : {}
    for (const { name, more, part } of views) {
      const out = join(root, name)
      expect((await command(['convert', from, '--offline', '-o', out, ...more])).code).toBe(0)
      const args = ['up', '--bundle', join(out, part), '--output', 'json']
      const { code, stdout, stderr } = await command(args, undefined, tools)
      expect(code, stdout + stderr).toBe(0)
      expect([name, changes(stdout)]).toEqual([name, []])
    }
    const { revisions } = JSON.parse((await history()).stdout)
    expect(revisions).toHaveLength(1)
  })

  test('manifests of any origin have revisions, a way back and an end', async () => {
    const { namespace, client, command, root, rollback, down, history } = releaseOf('any')
    const file = join(root, 'all.yaml')
    const up = (image: string) => {
      const list = `---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: { name: settings, creationTimestamp: null }
    data: { mode: "0644", "on": "yes" }
`
      writeFileSync(file, deployment(image, list))
      const place = ['-p', namespace, '-n', namespace]
      return command(['up', '--bundle', file, ...place, '--output', 'json'])
    }
    const first = await up('busybox:1.35.0')
    expect(first.code, first.stdout + first.stderr).toBe(0)
    expect(changes(first.stdout)).toEqual([
      expect.stringMatching(/^create namespace\//),
      'create configmap/settings',
      'create deployment/web',
    ])
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' }
    expect((await client.get(settings))?.data).toEqual({ mode: '0644', on: 'yes' })
    expect(changes((await up('busybox:1.35.0')).stdout)).toEqual([])
    writeFileSync(join(root, 'other.yaml'), deployment('busybox:1.37.0'))
    const diff = await command(['diff', '--bundle', join(root, 'other.yaml'), '-p', namespace])
    expect(diff.code, diff.stdout + diff.stderr).toBe(1)
    expect(diff.stdout).toContain('busybox:1.37.0')
    expect(diff.stdout).toContain('settings')
    expect(changes((await up('busybox:1.36.1')).stdout)).toEqual(['update deployment/web'])
    expect((await rollback()).code).toBe(0)
    const { revisions } = JSON.parse((await history()).stdout)
    expect(revisions.map(({ state }: { state: string }) => state)).toEqual([
      'ready',
      'ready',
      'ready',
    ])
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' }
    const [container] = (await client.get(web))?.spec.template.spec.containers ?? []
    expect(container.image).toBe('busybox:1.35.0')
    expect((await down()).code).toBe(0)
    expect(await client.get(settings)).toBeUndefined()
  })

  test('what cannot be deployed is reported with its places, and nothing is changed', async () => {
    const { namespace, client, command, root } = releaseOf('wrong')
    const directory = join(root, 'wrong')
    mkdirSync(directory)
    const files: Record<string, string> = {
      '1-config.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: b }\n',
      '2-role.yaml': `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${namespace}-reader
rules: []
`,
      '3-widget.yaml': 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\n',
      '4-web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 0
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          imagee: busybox
`,
      '6-waits.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: waits }
spec:
  replicas: 0
  selector: { matchLabels: { app: waits } }
  template:
    metadata: { labels: { app: waits } }
    spec:
      initContainers:
        - { name: fill, image: busybox, command: [sh, /landfall/files/fill.sh, await, "0", a, data, ./media, abc] }
      containers: [{ name: waits, image: busybox }]
`,
      '5-bad.yaml': `apiVersion: v1
kind: Service
metadata: { name: bad }
spec:
  ports:
    - port: 800000
`,
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
    const args = ['up', '--bundle', directory, '-p', namespace, '-n', namespace]
    const { code, stderr } = await command(args)
    expect(code).toBe(1)
    const text = stderr.replaceAll(`${directory}/`, '').replaceAll(namespace, 'NS')
    expect(text).toContain(
      '2-role.yaml:4:9: error: ClusterRole NS-reader is in no namespace, and up changes one namespace only; the cluster does not have it',
    )
    expect(text).toContain(
      '3-widget.yaml:2:7: error: Widget w: the cluster has no kind Widget in example.com/v1',
    )
    expect(text).toMatch(/4-web.yaml:12:19: error: Deployment web: .*imagee: field not declared/)
    expect(text).toContain(
      '6-waits.yaml:3:19: error: Deployment waits waits for the files of ./media, which are in no manifest',
    )
    expect(text).toMatch(/5-bad.yaml:6:13: error: Service bad: spec.ports\[0\].port: .*800000/)
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' }
    expect(await client.get(settings)).toBeUndefined()
  })
})
