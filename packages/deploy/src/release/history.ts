import {
  ConnectionError,
  isRefusal,
  type KubeClient,
  type KubeObject,
  objectId,
  type ReleaseChecks,
  StatusError,
} from '@landfall/kube'
import type { DeployPlan } from '../apply/plan.ts'
import type { DeployEvent, Verdict } from '../events.ts'
import { changedChecks } from './changed-checks.ts'
import type { Holder } from './hold.ts'
import type { ReleaseReference } from './release.ts'
import {
  pruneRevisions,
  REVISIONS_KEPT,
  type Revision,
  type RevisionContent,
  type RevisionNote,
  readRevisions,
  revisionParts,
  type StoredRevision,
  writeRevision,
  writeRevisionState,
} from './revisions.ts'

/** Keeps the revisions of one release, while it is held. */
export interface History {
  /** The revisions that were there before, the oldest first. */
  revisions: readonly StoredRevision[]
  /** How many revisions are kept, with their Jobs. */
  keep: number
  /** Why no revisions are kept, if so. */
  missing: string | undefined
  /** Before the first change: the revision that is about to be. */
  begin(
    client: KubeClient,
    plan: DeployPlan,
    content: RevisionContent,
    what: { otherChecks: boolean; of?: number },
  ): Promise<void>
  /** Whether the last revision has other checks than these. Without a history that is not known, and counts as no. */
  hasOtherChecks(checks: ReleaseChecks | undefined): Promise<boolean>
  /** After the verdict. */
  end(client: KubeClient, outcome: Omit<Verdict, 'ms'>): Promise<void>
  /** Number of the revision that was begun last. */
  current(): number | undefined
}

export interface HistoryOptions {
  client: KubeClient
  reference: ReleaseReference
  holder: Holder
  note: RevisionNote
  /** How many revisions are kept; as many as at the last time if omitted. */
  keep?: number
  onEvent: (event: DeployEvent) => void
  signal: AbortSignal
}

/** Reads the history of a release; an account that may not read or write Secrets deploys without it. */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { reference, holder, note, onEvent, signal } = options
  let missing: string | undefined
  let revisions: readonly StoredRevision[] = []
  let current: StoredRevision | undefined
  const record = objectId({
    kind: 'Secret',
    metadata: { name: revisionParts(reference, 0, 1)[0]?.name ?? '' },
  } as KubeObject)
  const go = async (
    work: () => Promise<void>,
    isSurvived: (error: unknown) => error is Error,
  ): Promise<void> => {
    if (missing !== undefined) return
    try {
      await work()
    } catch (error) {
      if (!isSurvived(error)) throw error
      missing = `the history cannot be kept: ${error.message}`
      onEvent({ type: 'wait', object: record, message: missing })
    }
  }
  const keep = () => options.keep ?? revisions.at(-1)?.kept ?? REVISIONS_KEPT
  await go(async () => {
    revisions = await readRevisions(options.client, reference, signal)
  }, isForbidden)
  return {
    get revisions() {
      return revisions
    },
    get missing() {
      return missing
    },
    get keep() {
      return keep()
    },
    current: () => current?.number,
    async hasOtherChecks(checks) {
      const last = revisions.at(-1)
      if (last === undefined) return false
      // what cannot be read any more is replaced
      const before = await last.checks().catch(() => undefined)
      return changedChecks(before, checks).length > 0
    },
    begin: (client, plan, content, { otherChecks, of }) =>
      go(async () => {
        // the holder of the release knows that no other command continues with them
        for (const left of revisions.filter(({ state }) => state === 'deploying'))
          await writeRevisionState(client, reference, left, { state: 'interrupted' }, signal)
        const number = plan.inventory.revision
        const known = revisions.find((revision) => revision.number === number)
        if (known !== undefined && known.state !== 'deploying') {
          current = known
          return
        }
        const revision: Revision = {
          ...note,
          number,
          state: 'deploying',
          at: client.serverTime() ?? Date.now(),
          by: holder.identity.split('/')[0] ?? '',
          command: holder.command,
          changes: [
            ...new Set([
              ...(known?.changes ?? []),
              ...changesOf(plan),
              ...(otherChecks ? ['update checks'] : []),
            ]),
          ],
          ...(of !== undefined && { of }),
          ...(keep() !== REVISIONS_KEPT && { kept: keep() }),
        }
        await writeRevision(client, reference, revision, content, signal)
        current = {
          ...revision,
          objects: async () => [...content.objects],
          checks: async () => content.checks,
        }
      }, isRefused),
    end: (client, { state, failure }) =>
      go(async () => {
        if (current === undefined) return
        if (current.state !== 'ready') {
          const why = failure && {
            object: failure.object,
            code: failure.code,
            reason: failure.reason,
            message: failure.message,
            ...(failure.source !== undefined && { source: failure.source }),
          }
          const change: Partial<Revision> =
            failure?.completed !== undefined
              ? { state: 'interrupted' }
              : { state, ...(why && { failure: why }) }
          await writeRevisionState(client, reference, current, change, signal)
          const ended = { ...current, ...change }
          revisions = [...revisions.filter(({ number }) => number !== ended.number), ended]
        }
        await pruneRevisions(client, reference, keep(), signal)
      }, isRefusedOrAway),
  }
}

function isForbidden(error: unknown): error is Error {
  return isRefusal(error, 'Forbidden')
}

/** Secrets may be refused by a quota or a policy: a deploy without history is better than none. */
function isRefused(error: unknown): error is Error {
  return error instanceof StatusError
}

/** The verdict counts more than its record: a revision without one is `interrupted`. */
function isRefusedOrAway(error: unknown): error is Error {
  return isRefused(error) || error instanceof ConnectionError
}

function changesOf({ operations }: DeployPlan): string[] {
  return operations
    .filter(({ verb }) => verb !== 'unchanged' && verb !== 'keep')
    .map(({ verb, object }) => `${verb} ${object}`)
}
