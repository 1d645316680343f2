import type { KubeClient } from '@landfall/kube'

/** The Deployment of a worker. */
export interface Owner {
  name: string
  uid: string
}

/** How a worker ends: another one takes its place, nothing does, or all that it was is deleted. */
export type Ending = 'replaced' | 'scaled-down' | 'deleted'

/**
 * The name of the pod that a token is bound to; undefined if it is not bound to one. The host name is not the name of the pod where the
 * pod has `hostname`. https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
 */
export function podNameIn(token: string): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const name: unknown = claims['kubernetes.io']?.pod?.name
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    return undefined
  }
}

/** The Deployment that a pod belongs to; undefined if it has none, or may not be read. */
export async function ownerOf(
  client: KubeClient,
  namespace: string,
  pod: string,
): Promise<Owner | undefined> {
  const found = await client.get({ apiVersion: 'v1', kind: 'Pod', namespace, name: pod })
  if (found === undefined) return undefined
  const { ownerReferences, labels } = found.metadata
  const hash = labels?.['pod-template-hash']
  const [owner] = (ownerReferences ?? []) as { kind: string; name: string }[]
  if (owner?.kind !== 'ReplicaSet' || hash === undefined) return undefined
  // without a right to read ReplicaSets: they are named after their Deployment
  const name = owner.name.slice(0, -hash.length - 1)
  const deployment = await client.get({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace,
    name,
  })
  return deployment === undefined ? undefined : { name, uid: String(deployment.metadata.uid) }
}

/** How the worker of a Deployment ends. What cannot be known counts as replaced: a LEAVE too many takes the successor off the master's list. */
export async function endingOf(
  client: KubeClient,
  namespace: string,
  owner: Owner | undefined,
): Promise<Ending> {
  if (owner === undefined) return 'replaced'
  try {
    const { name, uid } = owner
    const found = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name })
    if (found?.metadata.uid !== uid || found.metadata.deletionTimestamp !== undefined)
      return found !== undefined && found.metadata.uid !== uid ? 'replaced' : 'deleted'
    return found.spec?.replicas === 0 ? 'scaled-down' : 'replaced'
  } catch {
    return 'replaced'
  }
}
