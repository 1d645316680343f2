import type { KindReference, KubeClient, KubeObject } from '@landfall/kube'
import { grouped, type Lack, listed } from './lack.ts'

/** What is done to every kind of a release: server-side apply creates as well. */
const OF_OBJECTS = ['create', 'patch', 'delete']

/** What the wait reads. */
const OF_WAIT: readonly (readonly [verb: string, kind: string])[] = [
  ['get', 'Pod'],
  ['list', 'Pod'],
  ['watch', 'Pod'],
]

/**
 * What the account may not do of what a deploy does. The authorizer of the cluster is asked, so that webhooks and roles
 * count; one that cannot be asked leaves it to the deploy itself.
 */
export async function rightsLacks(
  client: Pick<KubeClient, 'isAllowed' | 'get'>,
  objects: readonly KubeObject[],
  namespace: string,
  signal?: AbortSignal,
): Promise<Lack[]> {
  try {
    const kinds = kindsOf(objects)
    const wanted = [
      ...kinds.flatMap((kind) => OF_OBJECTS.map((verb) => [verb, kind] as const)),
      ...OF_WAIT.map(([verb, kind]) => [verb, { apiVersion: 'v1', kind }] as const),
    ]
    const denied = await Promise.all(
      wanted.map(async ([verb, kind]) =>
        (await client.isAllowed(verb, kind, { namespace, signal }))
          ? []
          : [{ verb, kind: kind.kind }],
      ),
    )
    return [
      ...(await namespaceLacks(client, namespace, signal)),
      ...describe(denied.flat(), namespace),
    ]
  } catch {
    return []
  }
}

function kindsOf(objects: readonly KubeObject[]): KindReference[] {
  const kinds = new Map(
    objects.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]),
  )
  // The release keeps its inventory in one.
  kinds.set('v1 ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap' })
  return [...kinds.values()]
}

async function namespaceLacks(
  client: Pick<KubeClient, 'isAllowed' | 'get'>,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<Lack[]> {
  const kind = { apiVersion: 'v1', kind: 'Namespace' }
  if (!(await client.isAllowed('get', kind, { signal }))) return []
  if ((await client.get({ ...kind, name: namespace }, signal)) !== undefined) return []
  if (await client.isAllowed('create', kind, { signal })) return []
  return [
    {
      message: `the namespace ${namespace} does not exist, and the account may not create it`,
      remedy: 'let it be created, or use -n with a namespace of yours',
      fatal: true,
    },
  ]
}

/** One line for all kinds that lack the same verbs. */
function describe(denied: readonly { verb: string; kind: string }[], namespace: string): Lack[] {
  const byKind = grouped(denied, ({ kind }) => kind)
  const byVerbs = grouped([...byKind], ([, entries]) =>
    [...new Set(entries.map(({ verb }) => verb))].join(', '),
  )
  return [...byVerbs].map(([verbs, entries]) => ({
    message: `the account may not ${verbs} in namespace ${namespace}: ${listed(entries.map(([kind]) => kind))}`,
    remedy: 'a Role with these rights, bound to the account',
    // a first deploy deletes nothing
    fatal: verbs !== 'delete',
  }))
}
