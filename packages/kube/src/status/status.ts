import type { KubeObject } from '../object.ts'

/** `current`: the cluster has done what the object specifies. */
export type ObjectState = 'current' | 'inProgress' | 'failed'

export interface ObjectStatus {
  state: ObjectState
  /** A sentence for people: what is still missing, or what went wrong. */
  message: string
}

/** How far the cluster is with an object of one kind. */
export type StatusRule = (object: KubeObject) => ObjectStatus

export const current = (message: string): ObjectStatus => ({ state: 'current', message })
export const inProgress = (message: string): ObjectStatus => ({ state: 'inProgress', message })
export const failed = (message: string): ObjectStatus => ({ state: 'failed', message })

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastTransitionTime?: string
  /** Of a node's conditions: when its kubelet reported last. */
  lastHeartbeatTime?: string
}

/** The condition of a type, if the object has it. */
export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return object.status?.conditions?.find((condition: Condition) => condition.type === type)
}
