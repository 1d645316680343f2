/** Stable name of an object in its bundle, never hashed: `deployment/web`, `service/db`, `job/migrate`. */
export type RoleId = string

/** A Kubernetes object as plain JSON, complete, without server-set fields. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind travel through here; kinds/<kind>.ts give the types of those we write
  [field: string]: any
}

export interface ObjectMeta {
  name: string
  namespace?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  [field: string]: unknown
}
