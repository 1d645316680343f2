import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  addressIn,
  eventually,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// What `convert` wrote is deployed as the project itself: with a verdict, a history and a way back. So are manifests of any origin.

const namespace = testNamespace('e2e-bundle')
const foreign = testNamespace('e2e-bundle-foreign')
const root = await mkdtemp(`${tmpdir()}/landfall-bundle-`)
afterAll(() => rm(root, { recursive: true, force: true }))

const project = `${root}/project`
const manifests = `${root}/manifests`

beforeAll(async () => {
  await cp(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  const { code, stderr } = await landfall(['convert', project, '-o', manifests])
  expect(code, stderr).toBe(0)
})

const up = (code = 0, args: readonly string[] = []) =>
  landfallOnCluster(namespace, 'up', ['--bundle', manifests, ...args], code)

async function edit(file: string, from: string, to: string): Promise<void> {
  const path = `${manifests}/${file}`
  const text = await readFile(path, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} has no ${from}:\n${text}`)
  await writeFile(path, text.replace(from, to))
}

const operations = (stdout: string): string[] => {
  const lines = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  const plan: { object: string; operation: string }[] = lines.find(
    ({ type }) => type === 'operations',
  ).operations
  return plan
    .filter(({ operation }) => operation !== 'unchanged')
    .map(({ object, operation }) => `${operation} ${object}`)
}

let address = ''
const served = async () => (await (await fetch(address)).text()).trim()

test('the manifests of a project are deployed in their order, and are the project to `up`', async () => {
  keepOnFailure(namespace)
  const { stdout } = await up()
  expect(stdout).toContain('Ready after')
  address = addressIn(stdout)
  expect(await served()).toBe('one')
  const again = await landfallOnCluster(namespace, 'up', [project, '--output', 'json'])
  expect(operations(again.stdout)).toEqual([])
  const { stdout: json } = await up(0, ['--output', 'json'])
  expect(operations(json)).toEqual([])
  const verdict = JSON.parse(json.trim().split('\n').at(-1) as string)
  // the second one is of `up PROJECT`, which knows the checks of landfall.yaml; the release keeps them
  expect(verdict).toMatchObject({ type: 'verdict', state: 'ready', revision: 2 })
  expect(verdict.checks).toMatchObject([{ name: 'front' }])
})

test('a change is a revision; one that fails is named by its line, and taken back', async () => {
  keepOnFailure(namespace)
  await edit('deployment-front.yaml', 'echo one', 'echo two')
  await up()
  expect(await served()).toBe('two')
  await edit('deployment-front.yaml', 'exec httpd', 'echo broken >&2; exit 3; exec httpd')
  const { stdout } = await up(1)
  expect(stdout).toMatch(
    /manifests\/deployment-front\.yaml:\d+:\d+: error: front: .*exit(?:ed with)? code 3/,
  )
  expect(stdout).toContain('broken')
  expect(stdout).toContain('Back to revision 3: ready again')
  expect(await served()).toBe('two')
})

test('`rollback`, `status`, `history` and `down` know the release by its name', async () => {
  keepOnFailure(namespace)
  const release = ['-p', 'bundle']
  await landfallOnCluster(namespace, 'rollback', [...release, '1'])
  expect(await served()).toBe('one')
  const { stdout } = await landfallOnCluster(namespace, 'status', release)
  expect(stdout).toContain('front')
  await landfallOnCluster(namespace, 'down', release)
  expect(await namespace.list('deployments,jobs,services')).toEqual([])
})

test('manifests without annotations: ready is what the cluster reports, and a port is shown as it answers', async () => {
  keepOnFailure(foreign)
  const file = `${root}/web.yaml`
  const web = (command: string) => `apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  type: NodePort
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: busybox:1.35.0
          command: [sh, -c, "${command}"]
`
  const run = (code?: number) =>
    landfallOnCluster(foreign, 'up', ['--bundle', file, '-p', 'web'], code)
  await writeFile(file, web('exit 4'))
  const failed = await run(1)
  expect(failed.stdout).toMatch(/web\.yaml:20:20: error: web: exited with code 4/)
  expect(failed.stdout).toContain('was not taken back: no earlier revision was ready')
  await writeFile(
    file,
    web('mkdir /www; echo hello > /www/index.html; exec httpd -f -p 8080 -h /www'),
  )
  // a node that is busy may not answer within three seconds, and the address is one of tcp then
  const address = await eventually(120_000, async () => addressIn((await run()).stdout))
  expect(await (await fetch(address)).text()).toContain('hello')
})
