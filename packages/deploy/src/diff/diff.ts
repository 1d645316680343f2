import {
  isRefusal,
  type KubeClient,
  type KubeObject,
  objectId,
  type ReleaseChecks,
  type Upload,
} from '@landfall/kube'
import { observe } from '../apply/observe.ts'
import { type Operation, type OthersFields, planDeploy } from '../apply/plan.ts'
import { withCopiesThatAreThere } from '../attempt/copies.ts'
import { forEachConcurrently } from '../concurrent.ts'
import type { Conflict } from '../drift/drift.ts'
import { type CheckChange, changedChecks } from '../release/changed-checks.ts'
import { withExplicitDefaults } from '../release/explicit-defaults.ts'
import { objectKey } from '../release/inventory.ts'
import { kindsOfKey, withKeyedHashes } from '../release/keyed/keyed-hashes.ts'
import type { ReleaseReference } from '../release/release.ts'
import { releaseObjects } from '../release/release-objects.ts'
import { REVISIONS_KEPT, readRevisions, requireRevision } from '../release/revisions.ts'
import { changedFields, type FieldChange } from './fields.ts'

/** What becomes of one object. */
export interface ObjectChange {
  /** `deployment/web` */
  object: string
  change: 'create' | 'update' | 'replace' | 'delete'
  /** Empty for an object that is created or deleted. */
  fields: FieldChange[]
}

/** What differs between two states of a release. */
export interface ReleaseDiff {
  /** Sorted by the order in which they would be applied. */
  changes: ObjectChange[]
  /** Objects of others that have the names of objects of the release: a deploy refuses to change them. */
  foreign: { object: string; owner: string }[]
  /** Fields that others have set to other values: a deploy refuses to change them, unless it is forced. */
  conflicts: Conflict[]
  /** What becomes of the checks, which are no objects. */
  checks: CheckChange[]
}

interface Place {
  client: KubeClient
  release: string
  namespace: string
  signal?: AbortSignal
}

export interface DiffOptions extends Place {
  /** Complete objects of any origin. */
  objects: readonly KubeObject[]
  uploads?: readonly Upload[]
  /** What has to hold when everything is ready. */
  checks?: ReleaseChecks
  /** The checks stay as they are, see `deployRelease`. */
  keepChecks?: boolean
}

const REQUESTS_AT_ONCE = 8

/**
 * What a deploy of these objects would change in the cluster, by the API server's own dry run. Writes nothing. Throws a StatusError where the
 * cluster would refuse a change.
 */
export async function diffRelease(options: DiffOptions): Promise<ReleaseDiff> {
  const { client, release, namespace, objects, uploads = [], signal } = options
  const reference = { release, namespace }
  const kinds = [...objects, ...kindsOfKey(objects, uploads)]
  const observed = await observe(client, reference, kinds, signal)
  const keyed = withKeyedHashes(objects, uploads, observed.live, reference)
  const explicit = withExplicitDefaults(keyed.objects, observed.live)
  const desired = await releaseObjects(client, explicit, reference, keyed.key)
  const checks = options.keepChecks
    ? []
    : changedChecks(await presentChecks(client, reference, signal), options.checks)
  return { ...(await diffOf(options, reference, desired, observed, 'refuse')), checks }
}

/** The checks of the last revision; none where the account may not read revisions. */
async function presentChecks(
  client: KubeClient,
  reference: ReleaseReference,
  signal?: AbortSignal,
): Promise<ReleaseChecks | undefined> {
  try {
    return await (await readRevisions(client, reference, signal)).at(-1)?.checks()
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return undefined
    throw error
  }
}

/** What `rollback` to a revision would change in the cluster. Throws a NoRevisionError, and as {@link diffRelease}. */
export async function diffToRevision(options: Place & { to: number }): Promise<ReleaseDiff> {
  const { client, release, namespace, to, signal } = options
  const reference = { release, namespace }
  const revisions = await readRevisions(client, reference, signal)
  const revision = requireRevision(revisions, to)
  const objects = await revision.objects()
  const observed = await observe(client, reference, objects, signal)
  const desired = withCopiesThatAreThere(objects, [...observed.live.values()], () => true)
  const checks = changedChecks(await revisions.at(-1)?.checks(), await revision.checks())
  return { ...(await diffOf(options, reference, desired, observed, 'override')), checks }
}

/** What changed from one revision to another, by what is kept of them. Throws a NoRevisionError. */
export async function diffRevisions(
  options: Place & { from: number; to: number },
): Promise<ReleaseDiff> {
  const { client, signal, from, to, ...reference } = options
  const revisions = await readRevisions(client, reference, signal)
  const ends = [from, to].map((number) => requireRevision(revisions, number))
  const [before, after] = await Promise.all(
    ends.map(async (revision) => {
      const objects = await revision.objects()
      return new Map(objects.map((object) => [objectKey(object), object]))
    }),
  )
  const [checksBefore, checksAfter] = await Promise.all(ends.map((revision) => revision.checks()))
  const keys = [...new Set([...(after?.keys() ?? []), ...(before?.keys() ?? [])])]
  const changes = keys.flatMap((key): ObjectChange[] => {
    const [one, other] = [before?.get(key), after?.get(key)]
    const object = objectId((one ?? other) as KubeObject)
    if (one === undefined) return [{ object, change: 'create', fields: [] }]
    if (other === undefined) return [{ object, change: 'delete', fields: [] }]
    const fields = changedFields(one, other)
    return fields.length === 0 ? [] : [{ object, change: 'update', fields }]
  })
  return { changes, foreign: [], conflicts: [], checks: changedChecks(checksBefore, checksAfter) }
}

async function diffOf(
  { client, signal }: Place,
  reference: ReleaseReference,
  desired: readonly KubeObject[],
  observed: Awaited<ReturnType<typeof observe>>,
  othersFields: OthersFields,
): Promise<Omit<ReleaseDiff, 'checks'>> {
  const { operations, foreign, conflicts } = planDeploy(desired, observed, reference, {
    jobRevisions: REVISIONS_KEPT,
    othersFields,
  })
  const found = new Map<number, ObjectChange>()
  await forEachConcurrently(operations, REQUESTS_AT_ONCE, async (operation) => {
    const live = operation.desired && observed.live.get(objectKey(operation.desired))
    const change = await changeOf(client, operation, live, signal)
    if (change !== undefined) found.set(operation.id, change)
  })
  const inOrder = [...found].sort(([a], [b]) => a - b)
  return {
    changes: inOrder.map(([, change]) => change),
    foreign: foreign.map(({ object, owner }) => ({ object: objectId(object), owner })),
    conflicts,
  }
}

async function changeOf(
  client: KubeClient,
  { verb, object, desired, handOver }: Operation,
  live: KubeObject | undefined,
  signal?: AbortSignal,
): Promise<ObjectChange | undefined> {
  if (verb === 'unchanged' || verb === 'keep') return undefined
  if (desired === undefined || live === undefined)
    return { object, change: verb === 'delete' ? 'delete' : 'create', fields: [] }
  if (verb === 'replace') {
    // the API server refuses it in place: only what is declared can be compared
    const fields = changedFields(live, desired).filter(
      ({ after, hidden }) => after !== undefined || hidden !== undefined,
    )
    return { object, change: 'replace', fields }
  }
  // a deploy sets this number for the autoscaler, and does not declare it after that
  const applied =
    handOver === undefined ? desired : { ...desired, spec: { ...desired.spec, replicas: handOver } }
  const { object: after } = await client.apply(applied, { signal, dryRun: true })
  const fields = changedFields(live, after)
  return fields.length === 0 ? undefined : { object, change: 'update', fields }
}
