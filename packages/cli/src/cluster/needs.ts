import { isRefusal, type KubeClient, type KubeObject, type Need, needsOf } from '@landfall/kube'
import { CommandFailed } from '../errors.ts'

/**
 * Asks the cluster for what the pods need and the project does not bring along: Secrets, ConfigMaps and claims. Throws
 * CommandFailed that names each missing one with the command that makes it. What may not be read is taken to be there.
 */
export async function checkNeeds(
  client: KubeClient,
  objects: readonly KubeObject[],
  namespace: string,
): Promise<void> {
  const needs = needsOf(objects)
  const missing = await Promise.all(needs.map((need) => missingOf(client, need, namespace)))
  const problems = missing.filter((problem) => problem !== undefined)
  if (problems.length === 0) return
  const place = { apiVersion: 'v1', kind: 'Namespace', name: namespace }
  const first =
    (await read(client, place)) === null ? [`  kubectl create namespace ${namespace}`] : []
  throw new CommandFailed(
    [
      ...problems.map(({ message }) => message),
      'hint: make it first, then run this again:',
      ...first,
      ...problems.map(({ command }) => `  ${command}`),
    ].join('\n'),
  )
}

async function missingOf(
  client: KubeClient,
  { kind, name, keys, by }: Need,
  namespace: string,
): Promise<{ message: string; command: string } | undefined> {
  const found = await read(client, { apiVersion: 'v1', kind, name, namespace })
  if (found === undefined) return undefined
  const data = { ...found?.data, ...found?.binaryData }
  const absent = found === null ? keys : keys.filter(({ key }) => !(key in data))
  if (found !== null && absent.length === 0) return undefined
  const what = kind === 'PersistentVolumeClaim' ? 'claim' : kind
  const message =
    found === null
      ? `there is no ${what} ${name} in the namespace ${namespace}, which ${by.join(' and ')} needs`
      : `the ${what} ${name} has no key ${absent.map(({ key }) => key).join(', ')}, which ${by.join(' and ')} needs`
  return { message, command: commandFor(kind, name, keys, namespace) }
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
  return `kubectl create ${type} ${name} -n ${namespace} ${contents.join(' ')}`
}

/** null: not there; undefined: nobody may tell. */
async function read(
  client: KubeClient,
  reference: Parameters<KubeClient['get']>[0],
): Promise<KubeObject | null | undefined> {
  try {
    return (await client.get(reference)) ?? null
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return undefined
    throw error
  }
}
