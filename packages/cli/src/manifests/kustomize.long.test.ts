import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canonicalJson, objectId } from '@landfall/kube'
import { repository } from '@landfall/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { readObjects } from '../bundle/read/objects.ts'
import { findProgram } from '../foreign/images/run-tool.ts'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

// What the real kubectl makes of a base and its overlays is what `convert` writes as manifests, object by object.

const kubectl = findProgram('kubectl', process.env as Record<string, string>)
const root = mkdtempSync(join(tmpdir(), 'landfall-kustomize-'))
afterAll(() => rmSync(root, { recursive: true }))

const shared = fileURLToPath(new URL('../../../../../shared/corpus/compose', import.meta.url))
const few = ['shop', 'edgex', 'akka', 'one-shots', 'volumes', 'env']

/** Directories of projects: a few, or with LANDFALL_ALL_PROJECTS every example and every project of the corpora. */
const projects = [`${repository}examples`, `${repository}e2e/corpus`, shared]
  .filter((directory) => existsSync(directory))
  .flatMap((directory) =>
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(directory, name)),
  )
  .filter(
    (directory) =>
      process.env.LANDFALL_ALL_PROJECTS !== undefined ||
      (few.includes(basename(directory)) && !directory.startsWith(shared)),
  )

async function convert(directory: string, args: readonly string[]) {
  const { terminal, printed } = quietTerminal(directory)
  const code = await run(['convert', '.', '--offline', ...args], { ...terminal, env: {} })
  return { code, ...printed }
}

function objectsIn(text: string): Map<string, string> {
  const problems: string[] = []
  const objects = readObjects(text, 'a.yaml', ({ message }) => problems.push(message))
  expect(problems).toEqual([])
  return new Map(
    objects
      .map(({ object }) => [objectId(object), canonicalJson(object)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

const manifestsIn = (directory: string) =>
  objectsIn(
    readdirSync(directory)
      .map((file) => readFileSync(join(directory, file), 'utf8'))
      .join('---\n'),
  )

const built = (directory: string) =>
  objectsIn(
    execFileSync(kubectl as string, ['kustomize', directory], {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    }),
  )

describe.skipIf(kubectl === undefined)('kubectl kustomize', () => {
  test.each(projects.map((path) => [relative(repository, path), path]))(
    '%s',
    async (_, directory) => {
      const out = (name: string) => join(root, basename(directory), name)
      const { code } = await convert(directory, ['--format', 'kustomize', '-o', out('kustomize')])
      const plain = await convert(directory, ['-o', out('plain')])
      if (plain.code !== 0 && plain.code !== 3) return expect(code).toBe(plain.code)
      expect([0, 3]).toContain(code)
      expect(built(out('kustomize/base'))).toEqual(manifestsIn(out('plain')))
      const overlays = join(out('kustomize'), 'overlays')
      for (const name of existsSync(overlays) ? readdirSync(overlays) : []) {
        await convert(directory, ['--environment', name, '-o', out(name)])
        expect(built(join(overlays, name))).toEqual(manifestsIn(out(name)))
      }
    },
  )

  /** The objects that docs/gitops.md shows. */
  function shownObjects() {
    const page = readFileSync(`${repository}docs/gitops.md`, 'utf8')
    return page
      .split(/\n(?=\S)/)
      .map((part) => part.replace(/^(?! {4}).*\n?/gm, '').replace(/^ {4}/gm, ''))
      .filter((part) => part.startsWith('apiVersion: '))
      .flatMap((part) => readObjects(part, 'gitops.md', ({ message }) => expect(message).toBe('')))
      .map(({ object }) => object)
  }

  test('the patches of docs/gitops.md keep claims, and change nothing else', async () => {
    const blocks = shownObjects().filter(
      ({ spec }) => (spec.source?.kustomize ?? spec).patches !== undefined,
    )
    expect(blocks.map(({ kind }) => kind)).toEqual(['Application', 'Kustomization'])
    const out = join(root, 'gitops')
    const shop = `${repository}examples/shop`
    expect((await convert(shop, ['--format', 'kustomize', '-o', out])).code).toBe(0)
    const base = built(join(out, 'base'))
    for (const object of blocks) {
      const { patches } = object.spec.source?.kustomize ?? object.spec
      const mine = join(out, object.kind)
      mkdirSync(mine)
      const kustomization = { resources: ['../base'], patches }
      writeFileSync(join(mine, 'kustomization.yaml'), JSON.stringify(kustomization))
      const patched = built(mine)
      expect([...patched.keys()]).toEqual([...base.keys()])
      const changed = [...patched].filter(([id, text]) => base.get(id) !== text)
      expect(changed.length).toBeGreaterThan(0)
      for (const [id, text] of changed) {
        expect(id).toMatch(/^persistentvolumeclaim\//)
        expect(text).toMatch(
          /"(?:argocd\.argoproj\.io\/sync-options":"Prune=false,Delete=false|kustomize\.toolkit\.fluxcd\.io\/prune":"disabled)"/,
        )
      }
    }
  })

  const compose = `
name: shop
services:
  migrate: { image: "busybox:1.35.0", restart: "no", command: [echo, "1"], volumes: ["./sql:/sql:ro"] }
  web:
    image: busybox:1.35.0
    environment: { MODE: a, DB_PASSWORD: hunter2-of-the-base }
    volumes: ["./web.json:/etc/web.json:ro"]
    depends_on: { migrate: { condition: service_completed_successfully } }
    ports: ["8080:80"]
  extra: { image: "busybox:1.35.0", expose: ["80"] }
`
  const settings = `
services: { extra: { enabled: false } }
environments:
  dev: { services: { extra: { enabled: true } } }
  prod:
    services: { web: { replicas: 3, resources: { memory: 1Gi }, expose: { host: shop.example.com } } }
    files: { ./web.json: { set: { /mode: prod } } }
  same: {}
`

  function project(name: string, landfall = settings): string {
    const directory = join(root, name)
    mkdirSync(join(directory, 'sql'), { recursive: true })
    writeFileSync(join(directory, 'compose.yaml'), compose)
    writeFileSync(join(directory, 'landfall.yaml'), landfall)
    writeFileSync(join(directory, 'web.json'), '{ "mode": "dev" }\n')
    writeFileSync(join(directory, 'sql', 'a.sql'), 'select 1;\n')
    return directory
  }

  test('each environment is an overlay with what differs in it', async () => {
    const directory = project('environments')
    const out = join(directory, 'out')
    const { code, stderr } = await convert(directory, ['--format', 'kustomize', '-o', 'out'])
    expect(code, stderr).toBe(0)
    for (const name of ['dev', 'prod', 'same']) {
      const args = ['--environment', name, '-o', `plain-${name}`]
      expect((await convert(directory, args)).code).toBe(0)
      expect(built(join(out, 'overlays', name))).toEqual(
        manifestsIn(join(directory, `plain-${name}`)),
      )
    }
    expect(readdirSync(join(out, 'overlays', 'same'))).toEqual(['kustomization.yaml'])
    expect(readdirSync(join(out, 'overlays', 'dev'))).toEqual(
      expect.arrayContaining(['deployment-extra.yaml', 'kustomization.yaml']),
    )
    expect(readdirSync(join(out, 'overlays', 'prod'))).toEqual(
      expect.arrayContaining(['ingress-web.yaml', 'patch-deployment-web.yaml']),
    )
  })

  test('each profile that is not active is a component', async () => {
    const directory = project('profiles', 'environments: { prod: {} }\n')
    const file = join(directory, 'compose.yaml')
    const more = `
  admin:
    image: busybox:1.35.0
    profiles: [debug]
    environment: { LEVEL: info }
    depends_on: { migrate: { condition: service_completed_successfully } }
  trace: { image: "busybox:1.35.0", profiles: [trace], depends_on: { web: { condition: service_started } } }
  joined: { image: "busybox:1.35.0", profiles: [joined], network_mode: "service:web" }
  other: { image: "busybox:1.35.0", profiles: [other], network_mode: "service:web" }
  odd: { image: "busybox:1.35.0", profiles: ["../../odd"] }
`
    writeFileSync(file, readFileSync(file, 'utf8').trimEnd() + more)
    const out = join(directory, 'out')
    const { code, stderr } = await convert(directory, ['--format', 'kustomize', '-o', 'out'])
    expect(code, stderr).toBe(0)
    expect(stderr.match(/note: components.*/g)).toEqual([
      'note: components/joined and components/other cannot be used together: both have or change deployment/web',
    ])
    expect(stderr).toContain('note: the profile ../../odd is not a component: its name')
    expect(readdirSync(join(out, 'components')).sort()).toEqual([
      'debug',
      'joined',
      'other',
      'trace',
    ])
    const sets = [['debug'], ['trace'], ['joined'], ['other'], ['debug', 'joined', 'trace']]
    for (const [index, set] of sets.entries()) {
      const args = set.flatMap((one) => ['--profile', one])
      expect((await convert(directory, [...args, '-o', `plain-${index}`])).code).toBe(0)
      const mine = join(out, `mine-${index}`)
      mkdirSync(mine)
      const kustomization = {
        resources: [index === 0 ? '../overlays/prod' : '../base'],
        components: set.map((one) => `../components/${one}`),
      }
      writeFileSync(join(mine, 'kustomization.yaml'), JSON.stringify(kustomization))
      expect(built(mine), set.join()).toEqual(manifestsIn(join(directory, `plain-${index}`)))
    }
    expect(built(join(out, 'base'))).toEqual(built(join(out, 'overlays/prod')))
  })

  test('what a person has changed in an overlay stays; an environment that is gone leaves nothing', async () => {
    const directory = project('edited')
    const again = () => convert(directory, ['--format', 'kustomize', '-o', 'out'])
    expect((await again()).code).toBe(0)
    const patch = join(directory, 'out/overlays/prod/patch-deployment-web.yaml')
    writeFileSync(patch, readFileSync(patch, 'utf8').replace('value: 3', 'value: 4'))
    mkdirSync(join(directory, 'out/overlays/mine'))
    const mine = join(directory, 'out/overlays/mine/kustomization.yaml')
    writeFileSync(mine, 'resources: [../prod]\nnamespace: mine\n')
    writeFileSync(join(directory, 'landfall.yaml'), settings.replace(/ {2}dev: .*\n/, ''))
    const { code, stderr } = await again()
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('patch-deployment-web.yaml was changed by hand')
    expect(readFileSync(patch, 'utf8')).toContain('value: 4')
    expect(readdirSync(join(directory, 'out/overlays')).sort()).toEqual(['mine', 'prod', 'same'])
    expect(built(join(directory, 'out/overlays/mine')).get('deployment/web')).toContain(
      '"replicas":4',
    )
  })

  test('the values files of docs/gitops.md are those of a chart', async () => {
    const directory = project('chart')
    expect((await convert(directory, ['--format', 'helm', '-o', 'chart'])).code).toBe(0)
    const charts = shownObjects().filter(({ spec }) => spec.source?.helm ?? spec.chart)
    expect(charts.map(({ kind }) => kind)).toEqual(['Application', 'HelmRelease'])
    const named = charts.flatMap(({ spec: { source, chart } }) => [
      ...(source?.helm.valueFiles ?? []).map((file: string) => join(source.path, file)),
      ...(chart?.spec.valuesFiles ?? []),
    ])
    expect(named).toHaveLength(3)
    for (const file of named) expect(existsSync(join(directory, file)), file).toBe(true)
  })

  test('a link in the place of a directory is not followed', async () => {
    const directory = project('linked')
    mkdirSync(join(directory, 'elsewhere'))
    mkdirSync(join(directory, 'out'))
    execFileSync('ln', ['-s', '../elsewhere', join(directory, 'out/base')])
    const { code, stderr } = await convert(directory, ['--format', 'kustomize', '-o', 'out'])
    expect(code).toBe(1)
    expect(stderr).toContain('cannot')
    expect(readdirSync(join(directory, 'elsewhere'))).toEqual([])
  })

  test('environments that cannot be directories, and options that contradict it, are refused', async () => {
    const directory = project('names', 'environments: { "../x": {} }\n')
    const kustomize = (...args: string[]) => convert(directory, ['--format', 'kustomize', ...args])
    expect((await kustomize('-o', 'out')).stderr).toContain(
      'the environment ../x cannot be the name of a file',
    )
    expect((await kustomize('-o', '-')).stderr).toContain('is a directory')
    expect((await kustomize('-o', 'out', '--environment', 'x')).stderr).toContain(
      'remove --environment',
    )
  })
})
