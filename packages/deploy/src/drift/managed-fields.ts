import { FIELD_MANAGER, type KubeObject } from '@landfall/kube'
import { HAND_OVER_MANAGER } from '../apply/autoscaled.ts'
import { elementName } from './element-keys.ts'
import { childOf } from './lost-fields.ts'

/** A field of an object, and who has set it. */
export interface ManagedField {
  /** `spec.template.spec.containers[web].env[DEBUG]` */
  field: string
  /** `kubectl-edit` */
  manager: string
  /** When, as the API server wrote it: `2026-01-31T10:00:00Z`. */
  at?: string
  /** The elements and fields that lead to it in the object. */
  steps: Step[]
}

/** A key of a mapping, or what an element of a list has: its keys, its value, or its place. */
export type Step = { key: string } | { element: Record<string, unknown> } | { value: unknown }

interface Entry {
  manager?: string
  subresource?: string
  time?: string
  fieldsV1?: unknown
}

/** Parts of a cluster that change objects by their work: they own what they have set. */
const CONTROLLERS =
  /(^|[-_.])(controllers?|operator|autoscaler|provisioner|scheduler|injector|webhook|kubelet)([-_.]|$)/i

/** Whether a field is the number of pods that an autoscaler has set, which nobody insists on once the autoscaler is gone. */
export function isAutoscaled({ field, manager }: Pick<ManagedField, 'field' | 'manager'>): boolean {
  return field === 'spec.replicas' && CONTROLLERS.test(manager)
}

/**
 * The fields of an object that somebody has set who is neither Landfall nor a controller of the cluster; where a whole mapping or element was
 * added, the mapping or element alone. Metadata of the object itself is left out: anybody may label it.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function fieldsOfOthers({ metadata }: KubeObject): ManagedField[] {
  const entries: Entry[] = Array.isArray(metadata.managedFields) ? metadata.managedFields : []
  return entries.flatMap(({ manager = 'unknown', subresource = '', time, fieldsV1 }) => {
    if (manager === FIELD_MANAGER || manager === HAND_OVER_MANAGER) return []
    // the subresource `scale` is what `kubectl scale` uses, and autoscalers
    if (!['', 'scale'].includes(subresource)) return []
    if (CONTROLLERS.test(manager) && subresource !== 'scale') return []
    const found: ManagedField[] = []
    collect('', [], fieldsV1, (field, steps) =>
      found.push({ field, manager, steps, ...(time !== undefined && { at: time }) }),
    )
    return found.filter(({ field }) => !IGNORED.test(field))
  })
}

/** Metadata of the object, its status, and what `kubectl rollout restart` leaves. */
const IGNORED =
  /^(metadata|status)\b|^spec\.template\.metadata\.annotations(\[kubectl\.kubernetes\.io\/restartedAt\])?$/

/** Deeper than any object of Kubernetes. */
const DEEPEST = 100

function collect(
  field: string,
  steps: Step[],
  node: unknown,
  found: (field: string, steps: Step[]) => void,
): void {
  if (typeof node !== 'object' || node === null || steps.length > DEEPEST) return
  const children = Object.entries(node).filter(([key]) => key !== '.')
  // an element that has an entry of its own was added, with all that is in it
  const isAddedElement = field.endsWith(']') && Object.hasOwn(node, '.')
  if (steps.length > 0 && (children.length === 0 || isAddedElement)) {
    found(field, steps)
    return
  }
  for (const [key, child] of children) {
    const next = stepOf(key)
    if (next !== undefined) collect(nameOf(field, next), [...steps, next], child, found)
  }
}

/** A key of `fieldsV1`: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/#System */
function stepOf(key: string): Step | undefined {
  const rest = key.slice(2)
  if (key.startsWith('f:')) return { key: rest }
  try {
    if (key.startsWith('k:')) return { element: JSON.parse(rest) }
    if (key.startsWith('v:')) return { value: JSON.parse(rest) }
  } catch {
    return undefined
  }
  return undefined
}

function nameOf(field: string, step: Step): string {
  if ('key' in step) return childOf(field, step.key)
  if ('value' in step) return `${field}[${String(step.value)}]`
  return `${field}${elementName(Object.keys(step.element), step.element)}`
}
