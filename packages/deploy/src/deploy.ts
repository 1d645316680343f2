import type { KubeObject, ReleaseChecks, Upload } from '@landfall/kube'
import type { Wanted } from './attempt/attempt.ts'
import { goBack } from './attempt/go-back.ts'
import { type ReleaseOptions, withRelease } from './attempt/with-release.ts'
import type { Verdict } from './events.ts'
import { withExplicitDefaults } from './release/explicit-defaults.ts'
import type { History } from './release/history.ts'
import { kindsOfKey, withKeyedHashes } from './release/keyed/keyed-hashes.ts'
import { releaseObjects } from './release/release-objects.ts'
import { type ResetFiles, withResets } from './storage/reset-files.ts'

export interface DeployOptions extends ReleaseOptions {
  /** Complete objects of any origin; their namespace is set here. */
  objects: readonly KubeObject[]
  /** Trees that are copied into claims for the pods that wait for them. */
  uploads?: readonly Upload[]
  /** Files in volumes that become again what the project has. */
  resetFiles?: ResetFiles
  /** What has to hold when everything is ready; the revision keeps it. */
  checks?: ReleaseChecks
  /** The checks of the last revision are those of this one as well; for objects of which nothing else is known. */
  keepChecks?: boolean
  /** Leaves a revision that has failed as it is, instead of going back to the last one that was ready. */
  keep?: boolean
  /** Sets fields again that others have changed, and removes what they have added; if omitted, a changed field is a failure before anything is changed. */
  forceConflicts?: boolean
}

/**
 * Makes a namespace hold exactly this release, and waits until it runs and stays up, or something has failed for good; then it goes back to the
 * last revision that was ready. A verdict reports all that. Throws a StatusError or ConnectionError when the cluster cannot be read, the
 * signal's reason when it is aborted, and a TakenOverError when another command has taken over; running it again continues from there.
 */
export async function deployRelease(options: DeployOptions): Promise<Verdict> {
  // what is left out is of this attempt alone: going back has its own
  const { objects, uploads = [], resetFiles, checks: declared, keepChecks, ...others } = options
  const { keep = false, ...release } = others
  const { forceConflicts = false } = options
  return withRelease(release, 'up', async (open) => {
    const { reference, history } = open
    const checks = keepChecks ? await lastChecks(history) : declared
    const outcome = await open.attempt({
      ...(checks && checks.checks.length > 0 && { checks }),
      kinds: [...objects, ...kindsOfKey(objects, uploads)],
      othersFields: forceConflicts ? 'remove' : 'refuse',
      async want({ live }, client): Promise<Wanted> {
        const keyed = withKeyedHashes(objects, uploads, live, reference)
        const reset = withResets(keyed.objects, live, resetFiles)
        const explicit = withExplicitDefaults(reset, live)
        return {
          objects: await releaseObjects(client, explicit, reference, keyed.key),
          uploads: keyed.uploads,
        }
      },
    })
    if (outcome.state === 'ready' || outcome.failure?.completed !== undefined) return outcome
    return { ...outcome, ...(await goBack(open, outcome, keep)) }
  })
}

/** What cannot be read any more is replaced, as that of other checks is. */
async function lastChecks({ revisions }: History): Promise<ReleaseChecks | undefined> {
  return revisions
    .at(-1)
    ?.checks()
    .catch(() => undefined)
}
