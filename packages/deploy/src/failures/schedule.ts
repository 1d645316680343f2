import { conditionOf } from '@landfall/kube'
import type { PodRule } from './finding.ts'

const PATIENCE_MS = 30_000

/** A volume that is being provisioned, where nothing says that it has failed. */
const PROVISIONING_PATIENCE_MS = 120_000

/** A cluster that adds nodes says so, and takes minutes. */
const SCALE_UP_PATIENCE_MS = 600_000

/** A pod that no node takes. */
export const scheduleRule: PodRule = ({ pod, events, claimEvents, sightings }) => {
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined
  const message = scheduled.message ?? 'no node takes the pod'
  const forMs = sightings.since(`schedule ${pod.metadata.uid} ${message}`)
  const forClaim = /unbound immediate PersistentVolumeClaims/.test(message)
  const refusal = claimEvents.findLast(({ reason }) => reason === 'ProvisioningFailed')
  const scalesUp = events.some(({ reason }) => reason === 'TriggeredScaleUp')
  const provisions = forClaim && refusal === undefined
  const patience = provisions ? PROVISIONING_PATIENCE_MS : PATIENCE_MS
  return {
    reason: 'Unschedulable',
    message: forClaim && refusal !== undefined ? `${message}: ${refusal.message}` : message,
    final: forMs >= (scalesUp ? SCALE_UP_PATIENCE_MS : patience),
    hint: hintFor(message),
  }
}

function hintFor(message: string): string {
  if (/persistentvolumeclaim|volume/i.test(message))
    return 'look at the claim: the cluster needs a storage class that provides it, and services that share it must fit on one node'
  if (/insufficient/i.test(message)) return 'ask for less memory or processor, or add a node'
  if (/taint/i.test(message)) return 'no node is free for it: look at the taints of the nodes'
  return 'no node fits what the pod asks for'
}
