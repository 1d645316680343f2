import { isRefusal, type KubeClient, type KubeObject, objectId, parseWait } from '@landfall/kube'
import type { Members } from './members.ts'

/** Which workloads the pods of each workload wait for before they start, by object ids; from the lists of their gates. */
export type Waits = ReadonlyMap<string, readonly string[]>

/** Reads the lists of the gates; an account that may not read ConfigMaps sees no waits. */
export async function readWaits(
  client: KubeClient,
  { workloads, owners, reference: { namespace } }: Members,
  signal?: AbortSignal,
): Promise<Waits> {
  const lists = workloads.map((workload) => ({ workload, keys: listsOf(workload) }))
  const names = new Set(lists.flatMap(({ keys }) => keys.map(({ name }) => name)))
  const texts = new Map<string, Record<string, string>>()
  for (const name of names) {
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name }
    const found = await client.get(reference, signal).catch((error) => {
      if (!isRefusal(error, 'Forbidden')) throw error
      return undefined
    })
    texts.set(name, found?.data ?? {})
  }
  return new Map(
    lists.map(({ workload, keys }) => {
      const lines = keys.flatMap(({ name, key }) => (texts.get(name)?.[key] ?? '').split('\n'))
      const awaited = lines.flatMap((line) => owners.get(awaitedName(line)) ?? [])
      return [objectId(workload), [...new Set(awaited)]]
    }),
  )
}

/** Keys of ConfigMaps with the lists of a pod's gates. */
function listsOf({ spec }: KubeObject): { name: string; key: string }[] {
  const volumes: {
    configMap?: { name: string; items?: { key: string; path: string }[] }
  }[] = spec?.template?.spec?.volumes ?? []
  return volumes.flatMap(({ configMap }) =>
    (configMap?.items ?? [])
      .filter(({ path }) => path.startsWith('waits'))
      .map(({ key }) => ({ name: configMap?.name ?? '', key })),
  )
}

/** The name that a line of a list waits for; empty where it names none. */
function awaitedName(line: string): string {
  const read = parseWait(line)
  if (read === undefined) return ''
  const wait = read.kind === 'not' ? read.wait : read
  switch (wait.kind) {
    case 'job':
    case 'job-or-ready':
      return wait.job.replace(/-[0-9a-f]{10}$/, '')
    case 'pods':
      return wait.name
    case 'http':
    case 'consumer':
      return URL.canParse(wait.url) ? new URL(wait.url).hostname : ''
    case 'rollout':
      return wait.deployment
    case 'file':
      return ''
    default:
      return wait.host
  }
}

/** These workloads and all that they wait for, directly or through others. */
export function withAwaited(objects: readonly string[], waits: Waits): string[] {
  const found = new Set<string>()
  const visit = (object: string): void => {
    if (found.has(object)) return
    found.add(object)
    for (const next of waits.get(object) ?? []) visit(next)
  }
  for (const object of objects) visit(object)
  return [...found]
}
