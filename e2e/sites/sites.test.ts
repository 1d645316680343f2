import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  eventually,
  type Json,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  type Namespace,
  namespaceOf,
  podReady,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'

// A cloud and edge sites from one pattern, each in a namespace: one is broken, one is away, one is slow. The rest is not affected.

const COUNT = Number(process.env.LANDFALL_SITES ?? 4)
const edges = Array.from({ length: COUNT }, (_, at) => `edge-${String(at + 1).padStart(2, '0')}`)
const [broken = '', away = '', slow = '', ...others] = edges

const images = testNamespace('e2e-sites-images')
const lost = testNamespace('e2e-sites-lost')
const cluster = sharedCluster()
const namespaces = new Map(
  ['cloud', ...edges].map((site): [string, Namespace] => [
    site,
    testNamespace(`e2e-sites-${site}`),
  ]),
)
const at = (site: string) => namespaces.get(site) ?? namespaceOf(cluster, site)

const root = mkdtempSync(join(tmpdir(), 'landfall-sites-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const env = { KUBECONFIG: join(root, 'kubeconfig') }
let context = ''

interface Row {
  kind?: string
  delay?: number
  context?: string
}

function writeEdges(rows: Readonly<Record<string, Row>>): void {
  const lines = edges.map((name) => {
    const { kind = 'good', delay = 0, context: own = context } = rows[name] ?? {}
    return [name, kind, delay, own].join(',')
  })
  writeFileSync(join(root, 'edges.csv'), `name,kind,delay,context\n${lines.join('\n')}\n`)
}

/** `up` with these arguments: the lines of sites by their names, and its exit code. */
async function up(...args: string[]) {
  const finished = await landfall(['up', ...args, '--output', 'json', root], { env })
  const lines: Json[] = finished.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  const sites = new Map(lines.filter(({ type }) => type === 'site').map((one) => [one.site, one]))
  const states = Object.fromEntries([...sites].map(([site, one]) => [site, one.state]))
  const printed = `${finished.stdout}\n${finished.stderr}`
  return { lines, sites, states, code: finished.code, last: lines.at(-1), printed }
}

/** Of the programs: a run that was killed leaves its test pods, which end by themselves. */
const podUids = async (site: string): Promise<string[]> =>
  (await at(site).list('pods'))
    .filter((pod) => podReady(pod) && !pod.metadata.name.startsWith('landfall-check-'))
    .map(({ metadata }: Json) => metadata.uid)

const statesOf = (of: (site: string) => string) =>
  Object.fromEntries(['cloud', ...edges].map((site) => [site, of(site)]))

beforeAll(async () => {
  cpSync(fileURLToPath(new URL('project', import.meta.url)), root, { recursive: true })
  const settings = readFileSync(join(root, 'landfall.yaml'), 'utf8')
  const here = parse(readFileSync(cluster.kubeconfig, 'utf8'))
  context = here['current-context']
  writeFileSync(
    join(root, 'landfall.yaml'),
    settings
      .replace('{01..20}', `{01..${edges.length}}`)
      .replace('[hub], n', `[hub], context: ${context}, n`),
  )
  writeFileSync(
    env.KUBECONFIG,
    stringify({
      ...here,
      clusters: [...here.clusters, { name: 'away', cluster: { server: 'https://127.0.0.1:9' } }],
      contexts: [
        ...here.contexts,
        { name: 'away', context: { cluster: 'away', user: here.users[0].name } },
      ],
    }),
    { mode: 0o600 },
  )
  // a cluster of its own gets the images with a project that has them
  const project = mkdtempSync(join(root, 'images-'))
  const service = { image: 'busybox:1.35.0', command: 'sleep 1000000', stop_grace_period: '0s' }
  writeFileSync(
    join(project, 'compose.yaml'),
    stringify({ services: { a: service, b: { ...service, depends_on: ['a'] } } }),
  )
  await landfallOnCluster(images, 'up', [project])
})

test('one site that is broken and one that is away do not affect the others', async () => {
  for (const namespace of namespaces.values()) keepOnFailure(namespace)
  writeEdges({ [broken]: { kind: 'broken' }, [away]: { context: 'away' }, [slow]: { delay: 10 } })
  const { states, sites, code, last, lines, printed } = await up('--all')
  const expected = { [broken]: 'failed', [away]: 'away' }
  expect(states, printed).toEqual(statesOf((site) => expected[site] ?? 'ready'))
  expect(code).toBe(1)
  expect(last).toMatchObject({ type: 'sites', failed: [broken], away: [away], held: [] })
  expect(sites.get(broken)?.reason).toMatch(/deployment\/node.*code 3/)
  // the lines of a site say which one it is, and each site has its verdict
  expect(lines.find(({ type, site }) => type === 'verdict' && site === slow)?.state).toBe('ready')
})

test('a site has its values and the address of the cloud, under the name that its programs use', async () => {
  const inside = async (script: string) =>
    (await at(slow).kubectl(['exec', 'deploy/node', '-c', 'node', '--', 'sh', '-c', script])).trim()
  const known = await inside('cat /site.env')
  expect(known).toContain(`NAME=${slow}`)
  // both are namespaces of one cluster
  expect(known).toContain('HUB=hub.e2e-sites-cloud.svc.cluster.local:8090')
  expect(await inside('wget -q -O - http://hub:8090/')).toBe('hub')
})

test('--retry deploys what was repaired and what is back, also when it was killed before, and touches nothing else', async () => {
  const untouched = ['cloud', slow, ...others]
  const before = await Promise.all(untouched.map(podUids))
  writeEdges({ [slow]: { delay: 10 } })
  await new Promise<void>((resolve) => {
    const args = ['up', '--all', '--retry', '--output', 'json', root]
    const child = spawn(`${repository}landfall`, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    let printed = ''
    child.stdout.on('data', (text: Buffer) => {
      printed += text.toString()
      if (/"site":"edge-\d+","type":"apply"/.test(printed) && child.pid !== undefined)
        process.kill(-child.pid, 'SIGKILL')
    })
    child.once('close', () => resolve())
  })
  const { states, sites, code, printed } = await up('--all', '--retry')
  expect(states, printed).toEqual(statesOf(() => 'ready'))
  expect(code).toBe(0)
  for (const site of untouched) expect(sites.get(site)?.reason).toBe('nothing to do')
  expect(await Promise.all(untouched.map(podUids))).toEqual(before)
  for (const site of [broken, away]) expect(await podUids(site)).toHaveLength(1)
})

// with `npm run soak`: another deployment of a site
test.skipIf(process.env.LANDFALL_SITES === undefined)(
  'new pods of the cloud restart the services of an edge that restart with it',
  async () => {
    const site = others[0] ?? slow
    const [before] = await podUids(site)
    await at('cloud').kubectl(['rollout', 'restart', 'deploy/hub'])
    await at('cloud').kubectl(['rollout', 'status', 'deploy/hub'])
    expect((await up('--site', site)).code).toBe(0)
    await eventually(30_000, async () => {
      const [after, ...more] = await podUids(site)
      expect(more).toEqual([])
      expect(after).not.toBe(before)
    })
  },
)

test('a site whose pods cannot reach another one is not deployed, and the report says what to open', async () => {
  const project = join(root, 'lost')
  cpSync(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  const external = 'external: { hub: { addressOf: cloud/hub } }'
  writeFileSync(
    join(project, 'landfall.yaml'),
    `sites:
  cloud: { services: [hub], namespace: e2e-sites-cloud, addresses: { hub: "192.0.2.1:31090" } }
  lost: { services: [node], namespace: ${lost.name}, ${external} }
`,
  )
  const { stderr, code } = await landfall(['up', '--site', 'lost', project], { env })
  expect(stderr).toContain('pods of lost cannot connect to cloud/hub:8090 at 192.0.2.1:31090')
  expect(stderr).toContain('allow TCP from the nodes of lost to port 31090 of cloud')
  expect(code).toBe(1)
  expect(await lost.list('deployments')).toEqual([])
})

test('status, history and down are of one site', async () => {
  const run = (command: string, ...more: string[]) =>
    landfall([command, root, '--site', slow, ...more], { env })
  expect((await run('status')).stdout).toContain('node')
  expect((await run('history')).code).toBe(0)
  expect((await run('down')).stdout).toContain('of fog and namespace')
  expect(await podUids('cloud')).toHaveLength(1)
})
