import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defaultOptions, registryWriter } from '@landfall/local-cluster'
import {
  addressIn,
  keepOnFailure,
  landfall,
  run,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'

const cluster = sharedCluster()
const namespace = testNamespace('e2e-registry')
const project = await mkdtemp(`${tmpdir()}/landfall-registry-`)

// A registry on this machine's own address, which the nodes reach under the same name by a mirror of theirs.
const writer = registryWriter({ ...defaultOptions(process.env), name: cluster.name })
const [registryHost = '', registryPort = ''] = writer.registry.split(':')
const forward = createServer((client) => {
  const server = connect(Number(registryPort), registryHost)
  client.pipe(server).pipe(client)
  for (const end of [client, server]) end.on('error', () => end.destroy())
})
await new Promise<void>((resolve) => forward.listen(0, '127.0.0.1', resolve))
const host = `127.0.0.1:${(forward.address() as AddressInfo).port}`
const registry = `${host}/apps`

// It requires a login, as most registries do: that of `docker login`.
const { auths } = JSON.parse(await readFile(writer.dockerLogin, 'utf8'))
const dockerConfig = `${project}-login`
await mkdir(dockerConfig, { mode: 0o700 })
await writeFile(
  `${dockerConfig}/config.json`,
  JSON.stringify({ auths: { [host]: auths[writer.registry] } }),
  { mode: 0o600 },
)

afterAll(async () => {
  forward.close()
  for (const directory of [project, dockerConfig])
    await rm(directory, { recursive: true, force: true })
})

test('on a cluster of a kubeconfig, what a project builds is pushed to --registry, pinned, pulled by the nodes, and answers', async () => {
  keepOnFailure(namespace)
  await cp(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  const build = await run('go', ['build', '-o', '../hello', '.'], {
    cwd: `${project}/server`,
    env: { CGO_ENABLED: '0', GOFLAGS: '-mod=mod' },
  })
  expect(build.code, build.stderr).toBe(0)
  // under the name of a local cluster images would be loaded into its own registry
  const own = await readFile(cluster.kubeconfig, 'utf8')
  const kubeconfig = `${dockerConfig}/kubeconfig`
  await writeFile(kubeconfig, own.replaceAll(`landfall-${cluster.name}`, 'production'))
  const target = ['--context', 'production', '-n', namespace.name]
  const env = { KUBECONFIG: kubeconfig, DOCKER_CONFIG: dockerConfig }

  const refused = await landfall(['up', project, ...target], { env })
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('--registry')

  const { code, stdout, stderr } = await landfall(
    ['up', project, ...target, '--registry', registry],
    { env },
  )
  expect(`${stderr}${stdout}`).toContain('Ready after')
  expect(code).toBe(0)
  const { spec } = await namespace.get('deployment', 'web')
  const image: string = spec.template.spec.containers[0].image
  expect(image.startsWith(`${registry}/hello-web@sha256:`)).toBe(true)
  const answer = await fetch(addressIn(stdout))
  expect(await answer.text()).toBe('hello\n')
})
