import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { landfall } from '@landfall/testkit'
import { recordedTools } from '@landfall/testkit/recorded-tools'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'landfall-no-cluster-'))
const tools = recordedTools({ kind: [], minikube: [] })
const env = {
  ...{ HOME: root, KUBECONFIG: '', XDG_CACHE_HOME: join(root, 'cache') },
  PATH: `${tools.directory}:${dirname(process.execPath)}:/usr/bin:/bin`,
}

beforeAll(() => {
  writeFileSync(join(root, 'compose.yaml'), 'name: shop\nservices: { web: { image: scratch } }\n')
})
afterAll(() => {
  tools.close()
  rmSync(root, { recursive: true, force: true })
})

function kubeconfig(name: string, content: object): string {
  const file = join(root, name)
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...content }))
  return file
}

const up = (more: Record<string, string> = {}) =>
  landfall(['up', root, '--offline'], { env: { ...env, ...more } })

/** A kubeconfig with the cluster of kind that nothing answers for. */
async function stoppedCluster(): Promise<string> {
  // a port that was free a moment ago
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const address = closed.address()
  const port = typeof address === 'object' ? address?.port : undefined
  await new Promise((resolve) => closed.close(resolve))
  return kubeconfig('stopped', {
    'current-context': 'renamed',
    clusters: [{ name: 'kind-dev', cluster: { server: `https://127.0.0.1:${port}` } }],
    users: [{ name: 'kind-dev', user: {} }],
    contexts: [{ name: 'renamed', context: { cluster: 'kind-dev', user: 'kind-dev' } }],
  })
}

test('without a kubeconfig, the message has the commands of what is installed, on one screen', async () => {
  const { code, stderr } = await up()
  expect(code).toBe(2)
  expect(stderr).toContain('no cluster configured: ')
  expect(stderr).toMatch(/kind +kind create cluster/)
  expect(stderr).toMatch(/minikube +minikube start/)
  expect(stderr.split('\n').length).toBeLessThan(24)
})

test('a kubeconfig without contexts is no better', async () => {
  const { code, stderr } = await up({ KUBECONFIG: kubeconfig('none', {}) })
  expect(code).toBe(2)
  expect(stderr).toContain('has no current context')
  expect(stderr).toContain('minikube start')
})

test('up says first that there is no cluster, and nothing about image metadata', async () => {
  writeFileSync(
    join(root, 'compose.yaml'),
    'name: shop\nservices: { web: { image: registry.invalid/web:1 } }\n',
  )
  const { stderr } = await landfall(['up', root], { env })
  expect(stderr).toMatch(/^landfall: no cluster configured: /)
})

test.each(['up', 'status', 'down', 'logs'])(
  '%s: a cluster that is stopped is named with the command that starts it',
  async (command) => {
    const KUBECONFIG = await stoppedCluster()
    const place = command === 'logs' ? ['--file', join(root, 'compose.yaml')] : [root]
    const { code, stderr } = await landfall([command, ...place], { env: { ...env, KUBECONFIG } })
    expect(code).toBe(1)
    expect(stderr).toContain('(context renamed)\n')
    expect(stderr).toContain('if kind (cluster dev) is stopped: docker start dev-control-plane')
  },
)
