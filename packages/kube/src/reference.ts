import type { KubeObject } from './object.ts'

/** Which kind, as objects name it themselves. */
export interface KindReference {
  /** `v1`, `apps/v1` */
  apiVersion: string
  kind: string
}

/** Which objects of one kind; without a namespace those of all, or of a kind that has none. */
export interface CollectionReference extends KindReference {
  namespace?: string
}

/** Which object. */
export interface ObjectReference extends CollectionReference {
  name: string
}

/** An object's name for people and for keys within a namespace: `deployment/web`. */
export function objectId(object: KubeObject | ObjectReference): string {
  return `${object.kind.toLowerCase()}/${nameOf(object)}`
}

/** Ids of what the cluster itself puts into every namespace. */
export const IN_EVERY_NAMESPACE: ReadonlySet<string> = new Set([
  'configmap/kube-root-ca.crt',
  'serviceaccount/default',
])

/** The reference to an object. */
export function referenceTo(object: KubeObject): ObjectReference {
  const { name, namespace } = object.metadata
  const { apiVersion, kind } = object
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

function nameOf(object: KubeObject | ObjectReference): string {
  return 'metadata' in object ? (object as KubeObject).metadata.name : (object.name as string)
}
