import {
  DECLARED_COPIES_ANNOTATION,
  type KubeObject,
  type ObjectReference,
  objectId,
  objectStatus,
  referenceTo,
} from '@landfall/kube'
import { additionsTo, type Conflict, conflictsOf, type Drift, driftOf } from '../drift/drift.ts'
import { contains } from '../drift/lost-fields.ts'
import type { PlannedOperation, Verb } from '../events.ts'
import { entryKey, type Inventory, type InventoryEntry, objectKey } from '../release/inventory.ts'
import { applyRank } from '../release/kind-order.ts'
import { ownNamespace } from '../release/namespace.ts'
import { APPLIED_ANNOTATION, RELEASE_LABEL, type ReleaseReference } from '../release/release.ts'
import { autoscaledFloors, replicasToHandOver } from './autoscaled.ts'
import { configurationInUse } from './configuration-in-use.ts'
import type { Observed } from './observe.ts'
import { mustReplace } from './replace.ts'

export interface Operation extends PlannedOperation {
  reference: ObjectReference
  /** What to apply, with create, update and replace. */
  desired?: KubeObject
  /** What to delete, with replace and delete: another object of the same name is left alone. */
  uid?: string
  /** The number of pods to hand over to the autoscaler of the workload. */
  handOver?: number
  /** What others have added to it is removed. */
  strip?: true
}

export interface DeployPlan {
  operations: Operation[]
  /** Written before the first change: the objects of before and after, so that nothing is lost when the deploy is killed. */
  inventory: Inventory
  /** Written after the last change. */
  inventoryAfter: Inventory
  /** Objects of that name are there and are not ours; nothing may be done while there are any. */
  foreign: { object: KubeObject; owner: string }[]
  /** Fields that others have set to another value, where that is to be refused; nothing may be done while there are any. */
  conflicts: Conflict[]
  /** What others have added, and what stays. */
  added: Drift[]
}

/**
 * What becomes of fields that others have changed: `refuse` reports them as conflicts, `override` sets the desired values, and `remove` removes
 * as well what others have added.
 */
export type OthersFields = 'refuse' | 'override' | 'remove'

export interface PlanOptions {
  /** Jobs of so many revisions stay once they have ended: the gates of pods of an earlier revision wait for them. */
  jobRevisions: number
  othersFields: OthersFields
  /** It is another revision even if no object changes. */
  otherChecks?: boolean
}

/** Decides what to do so that the release is the desired objects and nothing else. */
export function planDeploy(
  desired: readonly KubeObject[],
  observed: Observed,
  { release, namespace }: ReleaseReference,
  { jobRevisions, othersFields, otherChecks = false }: PlanOptions,
): DeployPlan {
  const { live, inventory } = observed
  const recorded = new Map(inventory.entries.map((entry) => [entryKey(entry), entry]))
  const wanted = new Map(desired.map((object) => [objectKey(object), object]))
  const floors = autoscaledFloors(desired)
  const foreign: DeployPlan['foreign'] = []
  const conflicts: Conflict[] = []
  const added: Drift[] = []
  const operations: Omit<Operation, 'id'>[] = []
  if (observed.namespace === 'absent')
    operations.push(decide(ownNamespace({ release, namespace }), undefined))

  for (const [key, object] of wanted) {
    const there = live.get(key)
    const owner = there === undefined ? undefined : foreignOwner(there, release, recorded.has(key))
    if (there !== undefined && owner !== undefined) foreign.push({ object, owner })
    const operation = decide(object, there)
    const stripped = othersFields === 'remove' ? withoutAdditions(operation, there) : operation
    operations.push(withHandOver(stripped, there, floors.get(key)))
    if (othersFields === 'remove' || there === undefined || !isApplied(there)) continue
    if (othersFields === 'refuse' && operation.verb === 'update')
      conflicts.push(...conflictsOf(there, object))
    if (operation.verb !== 'replace') added.push(...addedTo(there, object))
  }
  const gone = [...recorded].filter(
    ([key]) => !wanted.has(key) && live.get(key)?.metadata.labels?.[RELEASE_LABEL] === release,
  )
  const changed =
    otherChecks ||
    operations.some(({ verb }) => verb !== 'unchanged') ||
    [...recorded].some(([key, entry]) => !wanted.has(key) && entry.revision === inventory.revision)
  const revision = changed ? inventory.revision + 1 : inventory.revision

  const remaining: InventoryEntry[] = []
  const configured = configurationInUse(live.values())
  for (const [key, entry] of gone) {
    const object = live.get(key) as KubeObject
    const keep = reasonToKeep(entry, object, configured, revision - jobRevisions, jobRevisions)
    if (keep !== undefined) remaining.push(entry)
    operations.push({
      object: objectId(object),
      verb: keep === undefined ? 'delete' : 'keep',
      cause: keep ?? 'no longer part of the release',
      reference: { ...referenceTo(object), namespace },
      ...(keep === undefined ? { uid: object.metadata.uid as string } : {}),
    })
  }

  const entries = desired.map(({ apiVersion, kind, metadata }) => ({
    apiVersion,
    kind,
    name: metadata.name,
    revision,
  }))
  return {
    operations: inOrder(operations),
    inventory: { revision, entries: [...entries, ...gone.map(([, entry]) => entry)] },
    inventoryAfter: { revision, entries: [...entries, ...remaining] },
    foreign,
    conflicts,
    added,
  }
}

/** An autoscaled workload does not declare its number of pods: it starts with the least, and keeps the number that it has otherwise. */
function withHandOver(
  operation: Omit<Operation, 'id'>,
  live: KubeObject | undefined,
  floor: number | undefined,
): Omit<Operation, 'id'> {
  if (floor === undefined) return operation
  const isNew = operation.verb === 'create' || operation.verb === 'replace'
  const handOver = replicasToHandOver(isNew ? undefined : live, floor)
  if (handOver === undefined) return operation
  return operation.verb === 'unchanged'
    ? { ...operation, verb: 'update', cause: 'has fewer pods than its autoscaler', handOver }
    : { ...operation, handOver }
}

/** What another tool has applied is taken over whole. */
function isApplied({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[APPLIED_ANNOTATION] !== undefined
}

function addedTo(live: KubeObject, desired: KubeObject): Drift[] {
  return driftOf(live, desired).filter(({ change }) => change === 'added')
}

function withoutAdditions(
  operation: Omit<Operation, 'id'>,
  live: KubeObject | undefined,
): Omit<Operation, 'id'> {
  const { verb, desired } = operation
  if (live === undefined || desired === undefined || (verb !== 'update' && verb !== 'unchanged'))
    return operation
  if (additionsTo(live, desired).length === 0) return operation
  const cause = verb === 'unchanged' ? 'changed in the cluster' : operation.cause
  return { ...operation, verb: 'update', cause, strip: true }
}

function decide(desired: KubeObject, live: KubeObject | undefined): Omit<Operation, 'id'> {
  const operation = { object: objectId(desired), reference: referenceTo(desired), desired }
  if (live === undefined) return { ...operation, verb: 'create', cause: 'does not exist yet' }
  const because =
    live.metadata.deletionTimestamp === undefined ? mustReplace(live, desired) : 'is being deleted'
  if (because !== undefined)
    return { ...operation, verb: 'replace', cause: because, uid: live.metadata.uid as string }
  const before = live.metadata.annotations?.[APPLIED_ANNOTATION]
  if (before === undefined)
    return { ...operation, verb: 'update', cause: 'was applied by another tool' }
  if (before !== desired.metadata.annotations?.[APPLIED_ANNOTATION])
    return { ...operation, verb: 'update', cause: causeOf(live, desired) }
  if (!contains(live, desired))
    return { ...operation, verb: 'update', cause: 'changed in the cluster' }
  return { ...operation, verb: 'unchanged', cause: 'no change' }
}

/** What `landfall scale` has set is set back by a deploy of the project. */
function causeOf(live: KubeObject, desired: KubeObject): string {
  const declared = (object: KubeObject) => object.metadata.annotations?.[DECLARED_COPIES_ANNOTATION]
  if (declared(desired) !== undefined) return `scaled to ${desired.spec?.replicas}`
  return declared(live) === undefined
    ? 'changed in the project'
    : `was scaled from ${declared(live)} to ${live.spec?.replicas}, or changed in the project`
}

/** The owner of a live object if that is not this release; output of Landfall that kubectl applied may be taken over. */
function foreignOwner(live: KubeObject, release: string, recorded: boolean): string | undefined {
  const labels = live.metadata.labels ?? {}
  const owner = labels[RELEASE_LABEL]
  if (owner !== undefined) return owner === release ? undefined : `the release ${owner}`
  if (recorded || labels['app.kubernetes.io/managed-by'] === 'landfall') return undefined
  const manager = labels['app.kubernetes.io/managed-by']
  return manager === undefined ? 'another tool or user' : manager
}

/** A Job that has not ended is not kept: it would run at the same time as the one that replaces it. */
function reasonToKeep(
  entry: InventoryEntry,
  live: KubeObject,
  configured: ReadonlySet<string>,
  oldest: number,
  jobRevisions: number,
): string | undefined {
  if (entry.kind === 'PersistentVolumeClaim')
    return 'no longer part of the release; its data is kept'
  const recent = entry.revision > oldest
  if (live.immutable === true && recent)
    return `was part of revision ${entry.revision}; configuration of the last ${jobRevisions} revisions is kept`
  if (live.immutable === true && configured.has(objectId(live)))
    return 'an earlier template of pods uses it'
  if (entry.kind === 'Job' && recent && objectStatus(live).state !== 'inProgress')
    return `ran in revision ${entry.revision}; Jobs of the last ${jobRevisions} revisions are kept`
  return undefined
}

/**
 * Workloads and Services that are gone go first, because new ones may need their volumes and node ports; then
 * everything is applied, kind after kind; then the rest is deleted, which old pods may have needed until here.
 */
function inOrder(operations: Omit<Operation, 'id'>[]): Operation[] {
  const phase = ({ verb, reference }: { verb: Verb; reference: ObjectReference }): number => {
    const rank = applyRank(reference)
    if (verb !== 'delete') return rank
    return rank >= applyRank({ apiVersion: 'v1', kind: 'Service' }) ? -1 - rank : 100 - rank
  }
  return operations
    .map((operation) => ({ operation, phase: phase(operation) }))
    .sort((a, b) => a.phase - b.phase || compare(a.operation.object, b.operation.object))
    .map(({ operation }, index) => ({ id: index + 1, ...operation }))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The operations as people read them: `[3] update deployment/web: changed in the project`. */
export function renderOperations(operations: readonly PlannedOperation[]): string {
  return operations
    .map(({ id, verb, object, cause }) => `[${id}] ${verb} ${object}: ${cause}`)
    .join('\n')
}
