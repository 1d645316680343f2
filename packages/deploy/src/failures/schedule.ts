import { conditionOf, type KubeObject } from '@landfall/kube'
import type { About, Finding, PodContext, PodRule } from './finding.ts'
import { predecessorFinding, predecessorOf } from './predecessor.ts'

/** The scheduler answers within a second; a pod that is ending may still make room. */
const PATIENCE_MS = 8_000

/** A volume that is being provisioned, where nothing says that it has failed. */
const PROVISIONING_PATIENCE_MS = 120_000

/** A storage class may appear a moment after the claim; its provisioner tries again after a failure. */
const REFUSED_CLAIM_PATIENCE_MS = 5_000

/** A cluster that adds nodes says so within about half a minute, and takes minutes. */
const SCALE_UP_PATIENCE_MS = 600_000

/** What autoscalers report about a pod for which they add a node. */
const SCALE_UP = new Set(['TriggeredScaleUp', 'Nominated'])

/** A pod that no node takes. */
export const scheduleRule: PodRule = (context) => {
  const { pod, events, sightings } = context
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined
  const predecessor = predecessorOf(pod, context.ending)
  if (predecessor !== undefined) return predecessorFinding(context, pod.metadata.name, predecessor)
  const message = scheduled.message ?? 'no node matches the pod'
  // the counts of the message change with the nodes, the reason does not
  const forMs = sightings.since(`schedule ${pod.metadata.uid}`)
  if (/PersistentVolumeClaim/i.test(message)) return claimFinding(context, message, forMs)
  const scalesUp = events.some(({ reason }) => SCALE_UP.has(reason))
  const about = aboutOf(message)
  return {
    code: /insufficient/i.test(message) ? 'deploy/insufficient-resources' : 'deploy/unschedulable',
    reason: 'Unschedulable',
    message,
    ...(about === undefined ? {} : { about }),
    final: forMs >= (scalesUp ? SCALE_UP_PATIENCE_MS : PATIENCE_MS),
    hint: hintFor(message),
  }
}

/** A pod that waits for a volume: the claim that is refused is the cause, and says why. */
function claimFinding(
  { pod, claimEvents }: Pick<PodContext, 'pod' | 'claimEvents'>,
  message: string,
  forMs: number,
): Finding {
  const refused = [...claimEvents].find(([, events]) => refusalIn(events) !== undefined)
  if (refused === undefined)
    return {
      code: 'deploy/claim-not-bound',
      reason: 'Unschedulable',
      message,
      about: 'claim',
      ...(claimEvents.size === 1 ? { claim: [...claimEvents.keys()][0] as string } : {}),
      final: forMs >= (/not found/.test(message) ? PATIENCE_MS : PROVISIONING_PATIENCE_MS),
      hint: 'look at the claim: the cluster needs a storage class that provides it',
    }
  const [claim, events] = refused
  const refusal = refusalIn(events) as KubeObject
  return {
    code: 'deploy/provisioning-failed',
    reason: refusal.reason,
    message: `claim ${claim} of pod ${pod.metadata.name}: ${refusal.message}`,
    about: 'claim',
    claim,
    final: forMs >= REFUSED_CLAIM_PATIENCE_MS,
    hint: /storageclass.*not found/i.test(refusal.message)
      ? `choose a storage class of the cluster (kubectl get storageclass): \`class\` of the volume of ${claim} in landfall.yaml`
      : `choose another class or size: \`class\` or \`size\` of the volume of ${claim} in landfall.yaml`,
  }
}

function refusalIn(events: readonly KubeObject[]): KubeObject | undefined {
  return events.findLast(({ reason }) => reason === 'ProvisioningFailed')
}

function aboutOf(message: string): About | undefined {
  if (/insufficient cpu/i.test(message)) return 'cpu'
  if (/insufficient memory/i.test(message)) return 'memory'
  return /affinity|selector|taint/i.test(message) ? 'placement' : undefined
}

function hintFor(message: string): string {
  if (/volume/i.test(message))
    return 'services that share a volume must fit on one node, and the volume must exist'
  if (/insufficient/i.test(message))
    return 'request less (resources in landfall.yaml, cpus or deploy.resources), or add a node'
  if (/taint/i.test(message))
    return 'the nodes have taints that the pod does not tolerate: check the taints of the nodes'
  return 'no node matches what the pod requires: check the labels of the nodes'
}
