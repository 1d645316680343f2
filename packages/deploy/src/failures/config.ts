import { containersOf } from '../view/containers.ts'
import type { Finding, PodRule } from './finding.ts'

/** Objects of one deploy appear within moments of each other; what is missing after that was never made. */
const PATIENCE_MS = 8_000

const REASONS = new Set(['CreateContainerConfigError', 'CreateContainerError'])

/** A container that cannot be made: a missing Secret or key, a user that is not allowed. */
export const configRule: PodRule = ({ pod, sightings }) => {
  for (const { name, waiting } of containersOf(pod)) {
    if (!REASONS.has(waiting?.reason ?? '')) continue
    const message = waiting?.message ?? 'the container cannot be created'
    const forMs = sightings.since(`config ${pod.metadata.uid} ${name} ${message}`)
    return {
      ...causeOf(message),
      reason: waiting?.reason ?? '',
      message,
      container: name,
      final: forMs >= PATIENCE_MS,
    }
  }
  return undefined
}

function causeOf(message: string): Pick<Finding, 'code' | 'hint'> {
  if (/runAsNonRoot|non-root/.test(message))
    return {
      code: 'deploy/container-user-refused',
      hint: 'the image names its user by name or runs as root: set a numeric `user:`',
    }
  if (/not found|couldn't find key/.test(message))
    return { code: 'deploy/reference-not-found', hint: 'create what is missing, or remove its use' }
  return {
    code: 'deploy/container-not-created',
    hint: 'the node cannot create this container: correct what the message names',
  }
}
