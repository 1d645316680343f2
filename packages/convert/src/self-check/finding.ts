import type { KubeObject, RoleId } from '@landfall/kube'

/** Something that an API server would refuse, or that could never start: a bug of the conversion. */
export interface Finding {
  object: RoleId
  /** JSON Pointer into the object. */
  at: string
  message: string
}

/** What a rule sees. */
export interface Objects {
  readonly all: ReadonlyMap<RoleId, KubeObject>
  /** Objects that are in the cluster already, as `secret/name`. */
  readonly outside: ReadonlySet<string>
}

/** One rule over all objects; linear in their size. */
export type Rule = (objects: Objects) => Finding[]
