import { deployedImages, diffRelease, releaseHistory, releaseStatus } from '@landfall/deploy'
import { type Bundle, resolveBundle } from '@landfall/kube'
import { withCluster } from '../cluster/with-cluster.ts'
import type { UpOptions } from '../commands/up/options.ts'
import { withDeployedImages } from '../project/deployed-images.ts'
import { readAndConvert } from '../project/read.ts'
import type { Terminal } from '../terminal.ts'

/** Whether what is deployed is ready, and `up` would change nothing. */
export async function isAsWanted(
  place: string | undefined,
  options: UpOptions,
  terminal: Terminal,
  {
    adjust,
    inTurn,
  }: {
    adjust: (bundle: Bundle) => Bundle
    inTurn: <T>(work: () => Promise<T>) => Promise<T>
  },
): Promise<boolean> {
  const converted = await inTurn(() => readAndConvert(place, options, terminal))
  const bundle = converted.result?.bundle
  if (bundle === undefined) return false
  const namespace = options.namespace ?? bundle.name
  return withCluster(options, terminal, namespace, async ({ client }) => {
    const at = { client, release: bundle.name, namespace, signal: terminal.interruption() }
    const revisions = await releaseHistory({ ...at, hasEnded: () => false })
    const last = revisions.reduce<(typeof revisions)[number] | undefined>(
      (a, b) => (a === undefined || b.number > a.number ? b : a),
      undefined,
    )
    if (last?.state !== 'ready' || (await releaseStatus(at))?.state !== 'current') return false
    const pinned = withDeployedImages(adjust(bundle), await deployedImages(at))
    const objects = [...resolveBundle(pinned).values()]
    const checks = { image: '', checks: bundle.checks }
    const { changes } = await diffRelease({ ...at, objects, uploads: bundle.uploads, checks })
    return changes.length === 0
  })
}
