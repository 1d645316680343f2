import type { KubeObject } from '@landfall/kube'
import { containersOf } from '../view/containers.ts'
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

/** What registries and name servers answer when asking again does not help. */
const REFUSED =
  /no such host|not found|manifest unknown|name unknown|unauthorized|authentication required|forbidden|denied|invalid reference|no match for platform|no matching manifest/i

/** What a container that was never created waits for, by its status; the failed pull may be told by an event alone. */
const NOT_CREATED = new Set(['ContainerCreating', 'PodInitializing'])

/**
 * An image that cannot be pulled: at once when the registry refuses it, at the second failure when it is out of reach.
 * The kubelet sends the event at once, and the status up to ten seconds later, so either is enough.
 */
export const imageRule: PodRule = ({ pod, events }) => {
  for (const { name, image, waiting } of containersOf(pod)) {
    const failures = pullFailures(events, name)
    const toldByEvent =
      failures.length > 0 &&
      NOT_CREATED.has(waiting?.reason ?? '') &&
      !events.some((event) => event.reason === 'Pulled' && isAbout(event, name))
    const reason = toldByEvent ? 'ErrImagePull' : (waiting?.reason ?? '')
    const hopeless = HOPELESS[reason]
    if (hopeless === undefined && !PULL_REASONS.has(reason)) continue
    const told = failures.at(-1)?.message ?? waiting?.message ?? ''
    const refused = REFUSED.test(told)
    const count = failures.reduce((sum, event) => sum + (event.count ?? 1), 0)
    return {
      reason,
      message: `cannot pull ${image}: ${cause(told)}`,
      about: 'image',
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
    (event) =>
      event.reason === 'Failed' &&
      event.message?.startsWith('Failed to pull image') &&
      isAbout(event, container),
  )
}

function isAbout(event: KubeObject, container: string): boolean {
  return event.involvedObject.fieldPath?.includes(`{${container}}`) === true
}

/** What the container runtime tells, without the steps that it was in the middle of. */
function cause(message: string): string {
  const steps =
    /^(Failed to pull image "[^"]*":|rpc error: code = \w+ desc =|failed to pull and unpack image "[^"]*":|failed to resolve reference "[^"]*":|failed to do request:) /
  let text = message
  while (steps.test(text)) text = text.replace(steps, '')
  return text || 'the cluster does not say why'
}

function hintFor(message: string, image: string): string {
  if (/no such host/i.test(message))
    return 'the nodes do not know the name of the registry: check the image name, and whether they reach the internet'
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
