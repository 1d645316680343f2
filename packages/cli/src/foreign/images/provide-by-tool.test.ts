import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bundle } from '@landfall/kube'
import { type RecordedAnswer, recordedTools } from '@landfall/testkit/recorded-tools'
import { afterEach, expect, test } from 'vitest'
import type { ClusterFacts, NodeFacts } from '../kind/cluster-facts.ts'
import type { ClusterKind } from '../kind/cluster-kind.ts'
import { provideByTool } from './provide-by-tool.ts'
import { buildPlatform, type ThisMachine, wayOf } from './way.ts'

const ID = '0123456789abcdef'.repeat(4)
const REFERENCE = 'docker.io/library/shop-web:landfall-0123456789abcdef01234567'

const node: NodeFacts = {
  name: 'box',
  labels: {},
  providerId: '',
  osImage: '',
  runtime: 'containerd://2.1.1',
  kubelet: 'v1.34.1',
  architecture: process.arch === 'x64' ? 'amd64' : process.arch,
  addresses: ['10.0.0.5'],
}
const docker: NodeFacts = { ...node, runtime: 'docker://28.2.2' }

const here: ThisMachine = { platform: 'linux', isRoot: true, names: ['box'] }

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

type Tools = Readonly<Record<string, readonly RecordedAnswer[]>>

/** Provides one built image for a cluster with these tools; the lines are what was called after the engine was found. */
async function provide(
  cluster: ClusterKind,
  tools: Tools,
  nodes: NodeFacts[] | undefined = [node],
  machine: ThisMachine = here,
) {
  const root = mkdtempSync(join(tmpdir(), 'landfall-provide-'))
  const context = join(root, 'context')
  mkdirSync(context)
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\n')
  const recorded = recordedTools(tools, ['KIND_EXPERIMENTAL_PROVIDER'])
  closing.push(recorded.close, () => rmSync(root, { recursive: true }))
  const container = { name: 'web', image: 'shop-web', imagePullPolicy: 'Always' }
  const bundle: Bundle = {
    name: 'shop',
    objects: new Map([
      [
        'deployment/web',
        {
          ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
          spec: { template: { spec: { containers: [container, { image: 'redis:7' }] } } },
        },
      ],
    ]),
    ...{ parameters: [], switches: [], derived: [], uploads: [], checks: [] },
    builds: [{ service: 'web', image: 'shop-web', context, args: {} }],
  }
  const facts = { nodes } as unknown as ClusterFacts
  const way = wayOf(cluster, facts, machine)
  if (way.way === 'registry') throw new Error(way.why)
  const steps: string[] = []
  const provided = await provideByTool({
    ...{ bundle, cluster, facts, way, cacheDirectory: root },
    env: { PATH: recorded.directory, HOME: root },
    display: {
      progress: ({ step, state }) => void steps.push(`${state} ${step}`),
      deploy: () => {},
      say: () => {},
      close: () => {},
    },
  })
  const shown = (line: string) =>
    line
      .replaceAll(context, 'CONTEXT')
      .replaceAll(/\S+\/image-0\.tar/g, 'ARCHIVE')
      .replaceAll(/landfall-build-[0-9a-f]{12}/g, 'TEMPORARY')
  const containers = provided.ok
    ? provided.bundle.objects.get('deployment/web')?.spec.template.spec.containers
    : undefined
  const calls = recorded.calls().map((call) => ({ ...call, line: shown(call.line) }))
  return { provided, steps, containers, calls, lines: calls.map(({ line }) => line) }
}

const inspected: RecordedAnswer = { when: /image inspect/, print: `sha256:${ID}` }
const engine = { docker: [inspected] }
const podmanOnly = {
  podman: [
    { ...inspected, print: ID },
    // an archive that a loader can read from its standard input
    { when: /^save/, files: { '--output': 'archive' } },
  ],
}

test.each<[string, ClusterKind, Tools, string]>([
  [
    'kind takes the image from Docker’s store',
    { kind: 'kind', name: 'dev', engine: 'docker' },
    { ...engine, kind: [] },
    `kind load docker-image ${REFERENCE} --name dev`,
  ],
  [
    'kind loads the archive of another engine',
    { kind: 'kind', name: 'dev', engine: 'docker' },
    { ...podmanOnly, kind: [] },
    'kind load image-archive ARCHIVE --name dev',
  ],
  [
    'minikube takes the image from Docker’s store',
    { kind: 'minikube', profile: 'two' },
    { ...engine, minikube: [] },
    `minikube --profile two image load --daemon=true ${REFERENCE}`,
  ],
  [
    'minikube loads an archive',
    { kind: 'minikube', profile: 'two' },
    { ...podmanOnly, minikube: [] },
    'minikube --profile two image load ARCHIVE',
  ],
  [
    'k3d takes the image from Docker’s store',
    { kind: 'k3d', name: 'dev' },
    { ...engine, k3d: [] },
    `k3d image import ${REFERENCE} --cluster dev`,
  ],
  [
    'k3d imports an archive',
    { kind: 'k3d', name: 'dev' },
    { ...podmanOnly, k3d: [] },
    'k3d image import ARCHIVE --cluster dev',
  ],
  [
    'k3s imports an archive',
    { kind: 'k3s' },
    { ...engine, k3s: [] },
    'k3s ctr images import ARCHIVE',
  ],
  [
    'MicroK8s imports an archive',
    { kind: 'microk8s' },
    { ...podmanOnly, microk8s: [] },
    'microk8s images import',
  ],
])('%s', async (_, cluster, tools, expected) => {
  const { lines, containers, steps } = await provide(cluster, tools)
  expect(lines.at(-1)).toBe(expected)
  expect(containers[0]).toEqual({ name: 'web', image: REFERENCE, imagePullPolicy: 'Never' })
  expect(containers[1]).toEqual({ image: 'redis:7' })
  expect(steps.at(-1)).toMatch(/^done loading shop-web into /)
})

test('the archive is the standard input of MicroK8s, whose confinement may not see the file', async () => {
  const { calls } = await provide({ kind: 'microk8s' }, { ...podmanOnly, microk8s: [] })
  expect(calls.at(-1)?.input).toBe('archive')
})

test('the nodes of Podman Desktop are containers of Podman', async () => {
  const cluster: ClusterKind = { kind: 'kind', name: 'dev', engine: 'podman' }
  const { lines, calls } = await provide(cluster, { ...podmanOnly, kind: [] })
  expect(lines.at(-1)).toBe('kind load image-archive ARCHIVE --name dev')
  expect(calls.at(-1)?.env).toEqual({ KIND_EXPERIMENTAL_PROVIDER: 'podman' })
})

test('containerd of Colima builds in the namespace of the nodes: nothing is loaded', async () => {
  const { lines, containers } = await provide(
    { kind: 'colima', profile: 'big' },
    { colima: [inspected] },
  )
  const nerdctl = 'colima nerdctl --profile big -- --namespace k8s.io'
  expect(lines[0]).toBe(`${nerdctl} info --format {{.ServerVersion}}`)
  expect(lines[1]).toMatch(/^colima nerdctl --profile big -- --namespace k8s.io build --file /)
  expect(lines.at(-1)).toMatch(/ rmi /)
  expect(containers[0].imagePullPolicy).toBe('Never')
})

test('containerd of Rancher Desktop takes the archive of another engine where it does not build', async () => {
  const { lines, calls } = await provide(
    { kind: 'rancher-desktop' },
    { nerdctl: [{ when: /info/, exit: 1 }], ...podmanOnly },
  )
  expect(lines.at(-1)).toBe('nerdctl --namespace k8s.io load')
  expect(calls.at(-1)?.input).toBe('archive')
})

const named = (name: string, system = 'Alpine'): RecordedAnswer => ({
  when: /info --format/,
  print: `${name}\t${system}`,
})

test.each<[ClusterKind, string, NodeFacts[], string]>([
  [{ kind: 'orbstack' }, 'orbstack', [{ ...docker, name: 'orbstack' }], 'Never'],
  [{ kind: 'colima', profile: 'default' }, 'colima', [{ ...docker, name: 'colima' }], 'Never'],
  [
    { kind: 'rancher-desktop' },
    'lima-rancher-desktop',
    [{ ...docker, name: 'lima-rancher-desktop' }],
    'Never',
  ],
  [
    { kind: 'docker-desktop', nodes: 'machine' },
    'docker-desktop',
    [{ ...docker, name: 'docker-desktop' }],
    'Never',
  ],
])('%o: the engine is shared, nothing is loaded', async (cluster, name, nodes, policy) => {
  const { lines, containers } = await provide(cluster, { docker: [named(name), inspected] }, nodes)
  expect(lines[0]).toBe('docker info --format {{.Name}}\t{{.OperatingSystem}}')
  expect(lines.filter((line) => /load|save|import/.test(line.replace('--load', '')))).toEqual([])
  expect(containers[0]).toMatchObject({ image: REFERENCE, imagePullPolicy: policy })
})

test('nodes of Docker Desktop in containers pull from the engine through its mirror', async () => {
  const { containers } = await provide(
    { kind: 'docker-desktop', nodes: 'containers' },
    { docker: [named('docker-desktop', 'Docker Desktop'), inspected] },
    [{ ...node, name: 'desktop-control-plane' }],
  )
  expect(containers[0].imagePullPolicy).toBe('IfNotPresent')
})

test('the engine of the cluster is used where another context of Docker is selected', async () => {
  const cluster: ClusterKind = { kind: 'colima', profile: 'big' }
  const { lines } = await provide(
    cluster,
    {
      docker: [
        { ...named('colima-big'), when: /--context colima-big info/ },
        named('laptop'),
        inspected,
      ],
    },
    [{ ...docker, name: 'colima-big' }],
  )
  expect(lines[3]).toBe('docker --context colima-big buildx version')
  expect(lines[4]).toMatch(/^docker --context colima-big buildx build --load /)
})

test('an engine that is not that of the nodes is refused, with what to do', async () => {
  const built = provide({ kind: 'orbstack' }, { docker: [named('laptop'), inspected] }, [
    { ...docker, name: 'orbstack' },
  ])
  await expect(built).rejects.toThrow(
    'use the images of its Docker engine, which `docker` does not reach',
  )
})

test('a tool that is not installed is named before anything is built', async () => {
  const built = provide({ kind: 'kind', name: 'dev', engine: 'docker' }, engine)
  await expect(built).rejects.toMatchObject({
    message:
      'the cluster is kind (cluster dev), and the program kind, which loads images into it, is not in PATH',
    hint: expect.stringContaining('--registry'),
  })
})

test.each<[string, RecordedAnswer]>([
  ['exits with an error', { when: /^image/, exit: 1, printError: 'no nodes found for cluster' }],
  [
    'logs an error and exits with 0',
    { when: /^image/, printError: 'ERRO[0001] no nodes found for cluster' },
  ],
])('a tool that %s ends the command', async (_, answer) => {
  const built = provide({ kind: 'k3d', name: 'dev' }, { ...engine, k3d: [answer] })
  await expect(built).rejects.toThrow(/^k3d image import .* --cluster dev: .*\n.*no nodes found/)
})

test.each<[ClusterKind, NodeFacts[], ThisMachine, string]>([
  [{ kind: 'k3s' }, [node], { ...here, isRoot: false }, 'needs root'],
  [{ kind: 'k3s' }, [{ ...node, name: 'far' }], { ...here, names: ['box'] }, 'not this machine'],
  [{ kind: 'k3s' }, [node, { ...node, name: 'two' }], here, 'several nodes'],
  [{ kind: 'microk8s' }, [{ ...node, name: 'far' }], here, 'this machine'],
  [{ kind: 'plain' }, [node], here, 'cannot pull'],
])('%o: only a registry', (cluster, nodes, machine, why) => {
  expect(wayOf(cluster, { nodes }, machine)).toMatchObject({
    way: 'registry',
    why: expect.stringContaining(why),
  })
})

test('images are built for the architecture of the nodes', () => {
  const arm = { ...node, architecture: 'arm64' }
  expect(buildPlatform({ nodes: [arm] }, 'x64')).toBe('linux/arm64')
  expect(buildPlatform({ nodes: [{ ...node, architecture: 'amd64' }] }, 'x64')).toBeUndefined()
  expect(buildPlatform({ nodes: [arm, { ...node, architecture: 'amd64' }] }, 'x64')).toBeUndefined()
  expect(buildPlatform({ nodes: undefined }, 'arm64')).toBeUndefined()
})
