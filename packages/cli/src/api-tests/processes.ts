import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { KubeObject } from '@landfall/kube'
import { apiNamespace, type Finished, landfall } from '@landfall/testkit'
import { afterAll, inject } from 'vitest'

export const SERVICES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' }

/** A project whose services have no replicas, so that an API server without nodes is enough; every one says whose wish it is. */
function projectOf(root: string, name: string, wish: string, services: readonly string[]): string {
  const directory = join(root, wish)
  mkdirSync(directory, { recursive: true })
  const described = Object.fromEntries(
    services.map((service) => [
      service,
      {
        image: 'busybox:1.35.0',
        command: ['sleep', '1d'],
        environment: { WISH: wish },
        deploy: { replicas: 0 },
        expose: ['80'],
      },
    ]),
  )
  writeFileSync(join(directory, 'compose.yaml'), JSON.stringify({ name, services: described }))
  return directory
}

/** `kubeconfig` of the API that the tests share. */
function kubeconfig(root: string): string {
  const { server, authority = '', token } = inject('api')
  const file = join(root, 'kubeconfig')
  writeFileSync(
    file,
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
      clusters: [
        {
          name: 'c',
          cluster: {
            server,
            'certificate-authority-data': Buffer.from(authority).toString('base64'),
          },
        },
      ],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  )
  return file
}

/** A release, the commands on it as processes, and what it is. */
export function releaseOf(name: string) {
  // of its own: several files of tests share this module, and each of them removes what it made
  const root = mkdtempSync(join(tmpdir(), 'landfall-at-once-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const { name: namespace, api, statuses } = apiNamespace(name, { deletes: true })
  const { client } = api
  const over = new AbortController()
  const deployments = async (): Promise<KubeObject[]> =>
    (await client.list({ ...DEPLOYMENT, namespace })).items
  /** The Deployment controller has nothing to do but to see each generation. */
  const control = async () => {
    while (!over.signal.aborted) {
      for (const { metadata, status } of await deployments().catch(() => []))
        if (status?.observedGeneration !== metadata.generation)
          await statuses.available(metadata.name).catch(() => {})
      await pause(50, undefined, { signal: over.signal }).catch(() => {})
    }
  }
  void control()
  afterAll(() => over.abort())
  const env: Record<string, string> = {
    KUBECONFIG: kubeconfig(root),
    HOME: root,
    XDG_CACHE_HOME: join(root, 'cache'),
  }
  const command = (args: string[], signal?: AbortSignal, more = {}): Promise<Finished> =>
    landfall(args, { env: { ...env, ...more }, ...(signal && { signal, killSignal: 'SIGKILL' }) })
  return {
    namespace,
    client,
    root,
    /** Any command, with the kubeconfig of the API server. */
    command,
    project: (wish: string, services: readonly string[] = SERVICES) =>
      projectOf(root, namespace, wish, services),
    up: (wish: string, signal?: AbortSignal, services: readonly string[] = SERVICES) =>
      command(['up', projectOf(root, namespace, wish, services), '--offline'], signal),
    down: (signal?: AbortSignal) => command(['down', '-p', namespace], signal),
    rollback: (signal?: AbortSignal) => command(['rollback', '-p', namespace], signal),
    history: () => command(['history', '-p', namespace, '--output', 'json']),
    async wishes(): Promise<string[]> {
      const found = (await deployments()).filter(
        ({ metadata }) => metadata.deletionTimestamp === undefined,
      )
      return found.map(({ metadata, spec }) => {
        const [{ env }] = spec.template.spec.containers
        return `${metadata.name} ${env.find((one: { name: string }) => one.name === 'WISH').value}`
      })
    },
  }
}
