import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import {
  type KubeClient,
  type KubeObject,
  type ObjectReference,
  objectId,
  type ReleaseChecks,
  toDnsLabel,
} from '@landfall/kube'
import type { Failure } from '../events.ts'
import { RELEASE_LABEL, REVISION_LABEL, type ReleaseReference } from './release.ts'

/** How many revisions are kept if the project does not set it. */
export const REVISIONS_KEPT = 10

/** The type of the Secrets that hold revisions: what they contain may be secret. */
export const REVISION_TYPE = 'landfall.dev/revision'

/** A Secret holds at most 1 MiB of data. https://kubernetes.io/docs/concepts/configuration/secret/ */
const PART_BYTES = 700_000

/** Checks are at most 128 KiB in landfall.yaml. */
const MOST_CHECK_BYTES = 4 * 1024 * 1024

/** What is in memory at once while a revision is read: a hostile one may unpack to more. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * What became of a revision: `deploying` until its verdict, `interrupted` if there will be none. One that was ready once stays `ready`: it is
 * what a later failure goes back to.
 */
export type RevisionState = 'deploying' | 'ready' | 'failed' | 'interrupted'

/** Where a project stood when it was deployed. */
export interface GitState {
  commit: string
  /** There were changes that are in no commit. */
  dirty: boolean
}

/** What the user who deploys records of a revision. */
export interface RevisionNote {
  /** Of Landfall: `0.1.0`. */
  version?: string
  environment?: string
  note?: string
  git?: GitState
}

/** One revision of a release, as it is kept in the cluster. */
export interface Revision extends RevisionNote {
  number: number
  state: RevisionState
  /** When it was begun, in milliseconds since 1970, by the clock of the API server. */
  at: number
  /** `anna@laptop` */
  by: string
  /** `up` or `rollback` */
  command: string
  /** The revision that it repeats, where a failure or a person went back. */
  of?: number
  /** What changed, as operations and objects: `update deployment/web`. */
  changes: string[]
  /** How many revisions are kept, if the project sets it. */
  kept?: number
  /** Why it failed. */
  failure?: Pick<Failure, 'object' | 'code' | 'reason' | 'message' | 'source'>
}

/** A revision that has been read, with a function that unpacks its objects. */
export interface StoredRevision extends Revision {
  objects(): Promise<KubeObject[]>
  /** What had to hold when it was ready; undefined if it has no checks. */
  checks(): Promise<ReleaseChecks | undefined>
}

/** What a revision holds. */
export interface RevisionContent {
  objects: readonly KubeObject[]
  checks?: ReleaseChecks
}

const SECRET = { apiVersion: 'v1', kind: 'Secret' }

/** Writes a revision: parts beyond the first before the first, so that one that can be read is whole. */
export async function writeRevision(
  client: KubeClient,
  reference: ReleaseReference,
  revision: Revision,
  { objects, checks }: RevisionContent,
  signal?: AbortSignal,
): Promise<void> {
  const packed = await promisify(gzip)(JSON.stringify(objects))
  const parts: Buffer[] = []
  for (let from = 0; from < packed.length; from += PART_BYTES)
    parts.push(packed.subarray(from, from + PART_BYTES))
  for (const [index, part] of [...parts.entries()].reverse())
    await client.apply(
      secretOf(reference, revision.number, index, {
        ...(index === 0 && {
          record: encode(JSON.stringify(revision)),
          parts: encode(String(parts.length)),
          ...(checks !== undefined && { checks: await packed64(checks) }),
        }),
        objects: part.toString('base64'),
      }),
      { signal },
    )
}

/** Writes what became of a revision that is there; its objects stay. */
export async function writeRevisionState(
  client: KubeClient,
  reference: ReleaseReference,
  stored: StoredRevision,
  change: Partial<Revision>,
  signal?: AbortSignal,
): Promise<void> {
  const { objects, checks: checksOf, ...revision } = stored
  const checks = await checksOf()
  const content = { objects: await objects(), ...(checks && { checks }) }
  await writeRevision(client, reference, { ...revision, ...change }, content, signal)
}

/** All revisions of a release that can be read, the oldest first. */
export async function readRevisions(
  client: KubeClient,
  { release, namespace }: ReleaseReference,
  signal?: AbortSignal,
): Promise<StoredRevision[]> {
  const labelSelector = `${RELEASE_LABEL}=${release},${REVISION_LABEL}`
  const { items } = await client.list({ ...SECRET, namespace }, { labelSelector, signal })
  const ours = new Map(
    items
      .filter(({ type }) => type === REVISION_TYPE)
      .map((secret) => [secret.metadata.name, secret]),
  )
  const found: StoredRevision[] = []
  for (const secret of ours.values()) {
    const record = recordOf(secret)
    if (record === undefined) continue
    const count = Number(decode(secret.data?.parts)) || 1
    const names = Array.from({ length: count }, (_, index) => nameOf(release, record.number, index))
    const parts = names.map((name) => ours.get(name)?.data?.objects)
    if (parts.every((part) => typeof part === 'string'))
      found.push({
        ...record,
        objects: () => unpack(parts as string[], record.number),
        checks: () => unpackChecks(secret.data?.checks, record.number),
      })
  }
  return found.sort((a, b) => a.number - b.number)
}

/** The Secrets of revisions, for what deletes them. */
export function revisionParts(
  { release, namespace }: ReleaseReference,
  number: number,
  count: number,
): ObjectReference[] {
  return Array.from({ length: count }, (_, index) => ({
    ...SECRET,
    name: nameOf(release, number, index),
    namespace,
  }))
}

/** Deletes all but the last revisions; the last that was ready is kept, however old it is. */
export async function pruneRevisions(
  client: KubeClient,
  { release, namespace }: ReleaseReference,
  keep: number,
  signal?: AbortSignal,
): Promise<void> {
  const labelSelector = `${RELEASE_LABEL}=${release},${REVISION_LABEL}`
  const { items } = await client.list({ ...SECRET, namespace }, { labelSelector, signal })
  const secrets = items.filter(({ type }) => type === REVISION_TYPE)
  const numbers = [...new Set(secrets.map(numberOf))].sort((a, b) => b - a)
  const ready = secrets.filter((secret) => recordOf(secret)?.state === 'ready').map(numberOf)
  const kept = new Set([...numbers.slice(0, Math.max(1, keep)), Math.max(...ready)])
  for (const secret of secrets)
    if (!kept.has(numberOf(secret)))
      await client.delete(
        { ...SECRET, name: secret.metadata.name, namespace },
        { uid: secret.metadata.uid as string, signal },
      )
}

/** The last revision before a number that was ready, which is what one goes back to. */
export function lastReady<T extends Revision>(
  revisions: readonly T[],
  before = Number.POSITIVE_INFINITY,
): T | undefined {
  return revisions.findLast(({ number, state }) => state === 'ready' && number < before)
}

/** There is no such revision to go back to. */
export class NoRevisionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoRevisionError'
  }
}

/** The revision of a number. Throws a NoRevisionError with the numbers that there are. */
export function requireRevision(
  revisions: readonly StoredRevision[],
  number: number,
): StoredRevision {
  const found = revisions.find((revision) => revision.number === number)
  if (found !== undefined) return found
  const numbers = revisions.map((revision) => revision.number).join(', ')
  throw new NoRevisionError(
    numbers === ''
      ? 'no revision of this release is kept'
      : `there is no revision ${number}; there are ${numbers}`,
  )
}

/** `web updated, db created` */
export function changesInWords(changes: readonly string[], limit = 3): string {
  if (changes.length === 0) return 'no change'
  const shown = changes.slice(0, limit).join(', ')
  return changes.length > limit ? `${shown} and ${changes.length - limit} more` : shown
}

function secretOf(
  { release, namespace }: ReleaseReference,
  number: number,
  part: number,
  data: Record<string, string>,
): KubeObject {
  const labels = { [RELEASE_LABEL]: release, [REVISION_LABEL]: String(number) }
  const name = nameOf(release, number, part)
  return { ...SECRET, metadata: { name, namespace, labels }, type: REVISION_TYPE, data }
}

function nameOf(release: string, number: number, part: number): string {
  const name = `${toDnsLabel(`landfall-release-${release}`)}.${number}`
  return part === 0 ? name : `${name}.${part}`
}

function numberOf({ metadata }: KubeObject): number {
  return Number(metadata.labels?.[REVISION_LABEL])
}

const STATES: ReadonlySet<unknown> = new Set(['deploying', 'ready', 'failed', 'interrupted'])

/** The record of a Secret; undefined for a further part, and for what somebody else has written there. */
function recordOf(secret: KubeObject): Revision | undefined {
  try {
    const record = JSON.parse(decode(secret.data?.record))
    const whole =
      record.number === numberOf(secret) &&
      STATES.has(record.state) &&
      typeof record.at === 'number' &&
      typeof record.by === 'string' &&
      Array.isArray(record.changes)
    return whole ? record : undefined
  } catch {
    return undefined
  }
}

async function packed64(value: unknown): Promise<string> {
  return (await promisify(gzip)(JSON.stringify(value))).toString('base64')
}

async function unpackChecks(data: unknown, number: number): Promise<ReleaseChecks | undefined> {
  if (data === undefined) return undefined
  try {
    const packed = Buffer.from(String(data), 'base64')
    const text = await promisify(gunzip)(packed, { maxOutputLength: MOST_CHECK_BYTES })
    const { image, checks } = JSON.parse(text.toString())
    if (typeof image !== 'string' || !Array.isArray(checks)) throw new Error('no checks')
    return { image, checks }
  } catch (error) {
    throw new DamagedRevisionError(number, error)
  }
}

async function unpack(parts: readonly string[], number: number): Promise<KubeObject[]> {
  const packed = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')))
  try {
    const text = await promisify(gunzip)(packed, { maxOutputLength: MOST_BYTES })
    const objects: KubeObject[] = JSON.parse(text.toString())
    objects.map(objectId)
    return objects
  } catch (error) {
    throw new DamagedRevisionError(number, error)
  }
}

/** The Secret of a revision does not contain what was written. */
export class DamagedRevisionError extends Error {
  constructor(number: number, cause: unknown) {
    super(`revision ${number} cannot be read: its Secret was changed`, { cause })
    this.name = 'DamagedRevisionError'
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}

function decode(data: unknown): string {
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString() : ''
}
