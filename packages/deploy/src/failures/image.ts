import type { KubeObject } from '@landfall/kube'
import { containersOf } from '../containers.ts'
import type { PodRule } from './finding.ts'

const HOPELESS: Record<string, string> = {
  InvalidImageName: 'correct the image name',
  ErrImageNeverPull: 'load the image onto the nodes, or let the cluster pull it',
}

const PULL_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
])

/** What registries answer when asking again does not help; a name server that does not know the registry is none of it. */
const REFUSED =
  /not found|manifest unknown|name unknown|unauthorized|authentication required|forbidden|denied|invalid reference|no match for platform|no matching manifest/i

/** An image that cannot be pulled: at once when the registry refuses it, at the second failure when it is out of reach. */
export const imageRule: PodRule = ({ pod, events }) => {
  for (const { name, image, waiting } of containersOf(pod)) {
    const reason = waiting?.reason ?? ''
    const hopeless = HOPELESS[reason]
    if (hopeless === undefined && !PULL_REASONS.has(reason)) continue
    const failures = pullFailures(events, name)
    const told = failures.at(-1)?.message ?? waiting?.message ?? ''
    const refused = REFUSED.test(told) && !/no such host/i.test(told)
    const count = failures.reduce((sum, event) => sum + (event.count ?? 1), 0)
    return {
      reason,
      message: `cannot pull ${image}: ${cause(told)}`,
      container: name,
      final: hopeless !== undefined || refused || count >= 2,
      hint: hopeless ?? hintFor(told, image),
    }
  }
  return undefined
}

/** The events of failed pulls of a container. */
function pullFailures(events: readonly KubeObject[], container: string): KubeObject[] {
  return events.filter(
    ({ reason, message, involvedObject }) =>
      reason === 'Failed' &&
      message?.startsWith('Failed to pull image') &&
      involvedObject.fieldPath?.includes(`{${container}}`),
  )
}

/** The end of the chain of errors that the container runtime tells. */
function cause(message: string): string {
  const text = message
    .replace(/^Failed to pull image "[^"]*": /, '')
    .replace(/^rpc error: code = \w+ desc = /, '')
  return (
    text.replace(/^failed to pull and unpack image "[^"]*": /, '') || 'the cluster does not say why'
  )
}

function hintFor(message: string, image: string): string {
  if (/unauthorized|authentication|forbidden|denied/i.test(message))
    return `check the name ${image}; if the registry is private, the cluster needs credentials for it`
  if (/platform|manifest list/i.test(message))
    return 'the image is not made for the nodes’ platform'
  if (/not found|unknown|invalid/i.test(message))
    return `check the name and the tag of ${image}, and that it was pushed`
  if (/too ?many ?requests|rate limit/i.test(message))
    return 'the registry limits pulls: log in, or use a mirror'
  return 'the nodes cannot reach the registry: check its address, their network and their name server'
}
