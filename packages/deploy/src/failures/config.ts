import { containersOf } from '../view/containers.ts'
import type { PodRule } from './finding.ts'

/** Objects of one deploy appear within moments of each other; what is missing after that was never made. */
const PATIENCE_MS = 8_000

const REASONS = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'CreatePodSandboxError',
])

/** A container that cannot be made: a missing Secret or key, a user that is not allowed. */
export const configRule: PodRule = ({ pod, sightings }) => {
  for (const { name, waiting } of containersOf(pod)) {
    if (!REASONS.has(waiting?.reason ?? '')) continue
    const message = waiting?.message ?? 'the container cannot be made'
    const forMs = sightings.since(`config ${pod.metadata.uid} ${name} ${message}`)
    return {
      reason: waiting?.reason ?? '',
      message,
      container: name,
      final: forMs >= PATIENCE_MS,
      hint: hintFor(message),
    }
  }
  return undefined
}

function hintFor(message: string): string {
  if (/runAsNonRoot|non-root/.test(message))
    return 'the image names its user by name or runs as root: set a numeric `user:`'
  if (/not found|couldn't find key/.test(message))
    return 'make what is missing, or leave its use out'
  return 'the node refuses this container: correct what the message names'
}
