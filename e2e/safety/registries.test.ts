import { spawnSync } from 'node:child_process'
import { defaultOptions, provideImages, registryWriter } from '@landfall/local-cluster'
import { eventually, podReady, sharedCluster, testNamespace } from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'

// Nodes ask the cluster's registries first for every image: only the owner of the cluster may write to them.

const cluster = sharedCluster()
const namespace = testNamespace('e2e-safety')
const options = { ...defaultOptions(process.env), name: cluster.name }
const writer = registryWriter(options)
const image = 'library/busybox/manifests/1.35.0'

beforeAll(async () => {
  await provideImages(cluster, options, ['busybox:1.35.0'], () => {})
  await namespace.kubectl(['create', 'namespace', namespace.name])
})

/** What a script of Node prints that another user of this machine runs. */
function asAnotherUser(script: string): string {
  const { stdout, stderr, error } = spawnSync(process.execPath, ['-e', script], {
    uid: 65534,
    gid: 65534,
    cwd: '/',
    env: {},
    encoding: 'utf8',
  })
  if (error !== undefined) throw error
  return `${stdout}${stderr}`.trim()
}

test('another user of the machine reads images, and cannot push, overwrite or delete them, or read the login', () => {
  const statuses = (registry: string) =>
    asAnotherUser(`
const of = async (method, path) => (await fetch('http://${registry}/v2/' + path, { method, body: method === 'PUT' ? '{}' : undefined })).status
Promise.all([of('GET', ''), of('POST', 'library/busybox/blobs/uploads/'), of('PUT', '${image}'), of('DELETE', '${image}')])
  .then((all) => console.log(all.join(' ')))`)
  for (const registry of [cluster.registry, cluster.packageRegistry])
    expect(statuses(registry)).toBe('200 405 405 405')
  for (const registry of [writer.registry, writer.packageRegistry])
    expect(statuses(registry)).toBe('401 401 401 401')
  expect(
    asAnotherUser(`require('fs').readFileSync(${JSON.stringify(writer.dockerLogin)})`),
  ).toContain('EACCES')
})

test('a pod reads images, and does not reach what writes, nor etcd', async () => {
  await namespace.kubectl([
    ...['run', 'pod', '--image=busybox:1.35.0', '--restart=Never', '--grace-period=0'],
    ...['--command', '--', 'sleep', '100000'],
  ])
  await eventually(300_000, async () =>
    expect(podReady(await namespace.get('pod', 'pod'))).toBe(true),
  )
  const inPod = async (script: string) =>
    (await namespace.kubectl(['exec', 'pod', '--', 'sh', '-c', `${script} 2>&1 || true`])).trim()
  for (const registry of [cluster.registry, cluster.packageRegistry]) {
    expect(await inPod(`wget -q -O- http://${registry}/v2/`)).toBe('{}')
    expect(
      await inPod(`wget -q -O- --post-data= http://${registry}/v2/library/busybox/blobs/uploads/`),
    ).toContain('405')
  }
  const gateway = cluster.registry.replace(/:\d+$/, '')
  for (const at of [writer.registry, writer.packageRegistry, `${gateway}:22379`])
    expect(await inPod(`wget -q -T 5 -O- http://${at}/v2/ && echo reached`)).not.toContain(
      'reached',
    )
})
