import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { landfall } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'landfall-sites-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: nowhere, cluster: { server: "http://127.0.0.1:9" } }]
users: [{ name: nobody, user: {} }]
contexts: [{ name: nowhere, context: { cluster: nowhere, user: nobody } }]
current-context: nowhere
`

beforeAll(() => {
  const write = (name: string, text: string) => writeFileSync(join(root, name), text)
  write('kubeconfig', kubeconfig)
  write(
    'compose.yaml',
    `name: fog
services:
  hub: { image: "hub:\${TAG:-1}", ports: ["8090:8090"] }
  node: { image: "node:\${TAG:-1}", depends_on: [hub], ports: ["8060"], volumes: ["./c.json:/c.json"] }
`,
  )
  write('c.json', '{"site_id":"","hub":""}\n')
  write(
    'landfall.yaml',
    `files: { ./c.json: { set: { /site_id: { site: site_id }, /hub: { addressOf: "cloud/hub:8090" } } } }
siteTemplates: { edge: { services: [node], external: { hub: { addressOf: cloud/hub } } } }
sites:
  cloud: { services: [hub], addresses: { hub: "192.0.2.7:31090" } }
  "edge-{1..2}": { like: edge, from: edges.csv, images: { node: "node:arm" }, platform: linux/arm64 }
  far: { like: edge, values: { site_id: "9" }, variables: { TAG: "2" }, context: nowhere }
`,
  )
  write('edges.csv', 'name,site_id\nedge-1,"001"\nedge-2,"002"\n')
  write('landfall.lock', '')
  rmSync(join(root, 'landfall.lock'))
})

const run = (...args: string[]) =>
  landfall([...args, root], { env: { KUBECONFIG: join(root, 'kubeconfig') } })

test('convert writes the objects of a site: its services, image, values and addresses', async () => {
  const { stdout, stderr, code } = await run('convert', '--offline', '--site', 'edge-2', '-o', '-')
  expect(stderr).not.toContain('error')
  expect(code).toBe(0)
  expect(stdout).toContain('image: node:arm')
  expect(stdout).toContain('"site_id":"002"')
  expect(stdout).toContain('"hub":"192.0.2.7:31090"')
  expect(stdout).toContain('192.0.2.7')
  expect(stdout).toContain('port: 31090')
  expect(stdout).toContain('arm64')
  expect(stdout).not.toContain('image: hub')
})

test('variables of a site are those of the Compose file', async () => {
  const { stdout } = await run('convert', '--offline', '--site', 'far', '-o', '-')
  expect(stdout).toContain('image: node:2')
})

test('config prints the project of a site: its services, images, platform and variables', async () => {
  const config = (site: string, ...more: string[]) =>
    landfall(['config', '--project-directory', root, '--site', site, ...more])
  const at = async (site: string) => JSON.parse((await config(site, '--format', 'json')).stdout)
  expect((await at('edge-2')).services).toEqual({
    node: expect.objectContaining({ image: 'node:arm', platform: 'linux/arm64' }),
  })
  const { services, name } = await at('far')
  expect(services.node.image).toBe('node:2')
  expect(services.node).not.toHaveProperty('depends_on')
  expect(name).toBe('fog')
  expect((await config('cloud', '--services')).stdout).toBe('hub\n')
  const refused = await config('cloud', '--no-interpolate')
  expect(refused.stderr).toContain('--site cannot be used with --no-interpolate')
  expect(refused.code).toBe(2)
  expect((await config('clod')).stderr).toContain('there is no site clod')
})

test('check looks at each site, and not at values that only sites have', async () => {
  const { stdout, code } = await run('check')
  expect(stdout).not.toContain('value of a site')
  expect(code).toBe(0)
})

test('a site that does not exist is named with those that do', async () => {
  const { stderr, code } = await run('plan', '--offline', '--site', 'egde-1')
  expect(stderr).toContain('there is no site egde-1')
  expect(stderr).toContain('cloud, edge-1, edge-2, far')
  expect(code).toBe(2)
})

test('sites whose cluster does not respond are away, and those that need them are held', async () => {
  const { stdout, code } = await run('up', '--offline', '--all', '--output', 'json')
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.at(-1)).toMatchObject({
    type: 'sites',
    state: 'failed',
    ready: [],
    away: ['cloud'],
    held: ['edge-1', 'edge-2', 'far'],
  })
  expect(
    lines.filter(({ type }) => type === 'site').map(({ site, state }) => [site, state]),
  ).toContainEqual(['far', 'held'])
  expect(code).toBe(1)
})

test('options that mean different sites are refused', async () => {
  const { stderr, code } = await run('up', '--all', '--site', 'far')
  expect(stderr).toContain('--site, --sites and --all exclude each other')
  expect(code).toBe(2)
  expect((await run('up', '--retry')).stderr).toContain('require several sites')
  expect((await run('up', '--sites', 'x-*')).stderr).toContain('no site is named x-*')
  expect((await run('up', '--all', '-n', 'x')).stderr).toContain('--namespace is the same for all')
})

test('a service that needs one of another site is an error that shows what to declare', async () => {
  const project = mkdtempSync(join(root, 'needs-'))
  writeFileSync(
    join(project, 'compose.yaml'),
    'name: fog\nservices: { hub: { image: hub, ports: ["80:80"] }, node: { image: node, depends_on: [hub] } }\n',
  )
  writeFileSync(
    join(project, 'landfall.yaml'),
    'sites: { cloud: { services: [hub] }, edge: { services: [node] } }\n',
  )
  const { stdout, code } = await landfall(['check', project])
  expect(code).toBe(1)
  expect(stdout).toContain('node needs hub (depends_on.hub), which this site does not have')
  expect(stdout).toContain('external: { hub: { addressOf: cloud/hub } }')
})

test('a chart has values for each site; one whose address is not known is left out, with the reason', async () => {
  const project = mkdtempSync(join(root, 'chart-'))
  const write = (name: string, text: string) => writeFileSync(join(project, name), text)
  write(
    'compose.yaml',
    'name: fog\nservices: { web: { image: web, volumes: ["./c.json:/c.json"] } }\n',
  )
  write('c.json', '{"region":"none","hub":""}\n')
  write(
    'landfall.yaml',
    `files: { ./c.json: { set: { /region: none } } }
sites:
  east: { files: { ./c.json: { set: { /region: { site: name } } } }, services: { web: { replicas: 2 } } }
  far: { files: { ./c.json: { set: { /hub: { addressOf: "near/web" } } } } }
  near: { addresses: { } }
`,
  )
  write(
    'compose.yaml',
    'name: fog\nservices: { web: { image: web, ports: ["80:80"], volumes: ["./c.json:/c.json"] } }\n',
  )
  const { stderr, code } = await landfall([
    'convert',
    project,
    '--offline',
    '--format',
    'helm',
    '-o',
    join(project, 'chart'),
  ])
  expect(stderr).toContain(
    'note: no values for the site far: where near/web is reached is not known',
  )
  expect(code).toBe(0)
  const values = readFileSync(join(project, 'chart', 'values-east.yaml'), 'utf8')
  expect(values).toContain('east')
  expect(values).toContain('replicas: 2')
  expect(existsSync(join(project, 'chart', 'values-far.yaml'))).toBe(false)
})
