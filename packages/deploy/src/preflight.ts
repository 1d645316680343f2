import { isRefusal, type KubeClient, type KubeObject, type Need, needsOf } from '@landfall/kube'
import { namespaceReference } from './release/namespace.ts'

export interface PreflightOptions {
  client: KubeClient
  /** What is to be deployed. */
  objects: readonly KubeObject[]
  namespace: string
  signal?: AbortSignal
}

/** An object that pods need, that is not part of the release, and that is not in the namespace or lacks keys. */
export interface MissingNeed {
  kind: Need['kind']
  name: string
  /** The keys that it lacks; if undefined, the whole object is missing. */
  keys?: string[]
  /** The workloads that refer to it: `deployment/web`. */
  by: string[]
  /** One sentence. */
  message: string
  /** A command for kubectl that creates it, with FILE, VALUE or CLAIM.yaml where the content goes. */
  command: string
}

export interface Preflight {
  /** Undefined where the account may not read namespaces. */
  namespaceExists: boolean | undefined
  /** Sorted by kind and name. */
  missing: MissingNeed[]
}

/**
 * Reads from the cluster what the pods need and the objects do not contain: Secrets, ConfigMaps and claims. What the
 * account may not read is taken to exist. Throws a StatusError or ConnectionError when the cluster cannot be read.
 */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  const { client, objects, namespace, signal } = options
  const needs = needsOf(objects)
  if (needs.length === 0) return { namespaceExists: undefined, missing: [] }
  const [place, ...found] = await Promise.all([
    read(client, namespaceReference(namespace), signal),
    ...needs.map(({ kind, name }) =>
      read(client, { apiVersion: 'v1', kind, name, namespace }, signal),
    ),
  ])
  return {
    namespaceExists: place === undefined ? undefined : place !== null,
    missing: needs.flatMap((need, index) => missingOf(need, found[index], namespace)),
  }
}

function missingOf(
  { kind, name, keys, by }: Need,
  found: KubeObject | null | undefined,
  namespace: string,
): MissingNeed[] {
  if (found === undefined) return []
  const command = commandFor(kind, name, keys, namespace)
  const need = { kind, name, by, command }
  const needed = `which ${by.join(' and ')} needs`
  if (found === null)
    return [{ ...need, message: `no ${kind} ${name} in namespace ${namespace}, ${needed}` }]
  const data = { ...found.data, ...found.binaryData }
  const absent = keys.filter(({ key }) => !(key in data)).map(({ key }) => key)
  if (absent.length === 0) return []
  const message = `the ${kind} ${name} has no key ${absent.join(', ')}, ${needed}`
  return [{ ...need, keys: absent, message }]
}

function commandFor(
  kind: Need['kind'],
  name: string,
  keys: Need['keys'],
  namespace: string,
): string {
  if (kind === 'PersistentVolumeClaim')
    return `kubectl apply -n ${namespace} -f CLAIM.yaml, with the claim ${name}`
  const contents = keys.map(({ key, as }) =>
    as === 'file' ? `--from-file=${key}=FILE` : `--from-literal=${key}=VALUE`,
  )
  const type = kind === 'Secret' ? 'secret generic' : 'configmap'
  return ['kubectl create', type, name, '-n', namespace, ...contents].join(' ')
}

/** null: it does not exist; undefined: the account may not read it. */
async function read(
  client: KubeClient,
  reference: Parameters<KubeClient['get']>[0],
  signal: AbortSignal | undefined,
): Promise<KubeObject | null | undefined> {
  try {
    return (await client.get(reference, signal)) ?? null
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return undefined
    throw error
  }
}
