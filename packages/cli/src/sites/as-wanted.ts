import {
  deployedImages,
  diffRelease,
  type ReleaseStatus,
  releaseHistory,
  releaseStatus,
} from '@landfall/deploy'
import { type Bundle, resolveBundle } from '@landfall/kube'
import type { TargetOptions } from '../cluster/options.ts'
import { withCluster } from '../cluster/with-cluster.ts'
import { withDeployedImages } from '../project/deployed-images.ts'
import type { ProjectOptions } from '../project/options.ts'
import { readAndConvert } from '../project/read.ts'
import type { Terminal } from '../terminal.ts'

export interface WantedInput {
  place: string | undefined
  /** Of a command at the site. */
  options: ProjectOptions & TargetOptions
  terminal: Terminal
  adjust: (bundle: Bundle) => Bundle
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/** What is deployed at a site. */
export interface DeployedSite {
  status: ReleaseStatus
  /** How the last revision ended. */
  last: 'ready' | 'failed' | 'deploying' | 'interrupted' | undefined
  /** How many objects `up` would change; undefined if the project cannot be converted for the site. */
  changes: number | undefined
}

/** What is deployed, and what `up` would change; undefined if nothing is deployed. */
export async function deployedSite(input: WantedInput): Promise<DeployedSite | undefined> {
  const { place, options, terminal, adjust, inTurn } = input
  const release = options.projectName ?? ''
  const namespace = options.namespace ?? release
  return withCluster(options, terminal, namespace, async ({ client }) => {
    const at = { client, release, namespace, signal: terminal.interruption() }
    const status = await releaseStatus(at)
    if (status === undefined) return undefined
    const revisions = await releaseHistory({ ...at, hasEnded: () => false })
    const newest = Math.max(...revisions.map(({ number }) => number))
    const last = revisions.find(({ number }) => number === newest)?.state
    const converted = await inTurn(() => readAndConvert(place, options, terminal))
    const bundle = converted.result?.bundle
    if (bundle === undefined) return { status, last, changes: undefined }
    const pinned = withDeployedImages(adjust(bundle), await deployedImages(at))
    const objects = [...resolveBundle(pinned).values()]
    // only the image of the test pod is missing, which decides nothing
    const checks = { image: '', checks: bundle.checks }
    const { changes } = await diffRelease({ ...at, objects, uploads: bundle.uploads, checks })
    return { status, last, changes: changes.length }
  })
}

/** Whether what is deployed is ready, and `up` would change nothing. */
export async function isAsWanted(input: WantedInput): Promise<boolean> {
  const found = await deployedSite(input)
  return found?.last === 'ready' && found.status.state === 'current' && found.changes === 0
}
