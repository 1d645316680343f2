import { ownValue } from '@landfall/diagnostic'
import type { KubeObject } from '@landfall/kube'
import { containersOf } from '../view/containers.ts'
import type { FailureCode } from './codes.ts'
import type { PodRule } from './finding.ts'

interface Cause {
  code: FailureCode
  hint: string
}

/** Reasons that no further attempt can change. */
const HOPELESS: Record<string, Cause> = {
  InvalidImageName: { code: 'deploy/image-name-invalid', hint: 'correct the image name' },
  ErrImageNeverPull: {
    code: 'deploy/image-not-on-node',
    hint: 'load the image onto the nodes, or let the cluster pull it',
  },
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
  /no such host|not found|manifest unknown|name unknown|unauthorized|authentication required|forbidden|denied|invalid reference|no match for platform|no matching manifest|gave HTTP response to HTTPS client|x509: /i

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
    const hopeless = ownValue(HOPELESS, reason)
    if (hopeless === undefined && !PULL_REASONS.has(reason)) continue
    const told = failures.at(-1)?.message ?? waiting?.message ?? ''
    const refused = REFUSED.test(told)
    const count = failures.reduce((sum, event) => sum + (event.count ?? 1), 0)
    const { code, hint } = hopeless ?? causeOf(told, image)
    return {
      code,
      reason,
      message: `cannot pull ${image}: ${withoutSteps(told)}`,
      about: 'image',
      container: name,
      final: hopeless !== undefined || refused || count >= 2,
      hint,
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

/** What the container runtime reports, without the steps that led there. */
function withoutSteps(message: string): string {
  const steps =
    /^(Failed to pull image "[^"]*":|rpc error: code = \w+ desc =|failed to pull and unpack image "[^"]*":|failed to resolve reference "[^"]*":|failed to do request:) /
  let text = message
  while (steps.test(text)) text = text.replace(steps, '')
  return text || 'the cluster gives no reason'
}

/** The causes of a failed pull by what the registry or the runtime answers; the first that fits. */
const CAUSES: readonly [RegExp, FailureCode, (image: string) => string][] = [
  [
    /no such host/i,
    'deploy/image-not-pulled',
    () =>
      'the nodes cannot resolve the name of the registry: check the image name, and whether the nodes reach the internet',
  ],
  [
    /gave HTTP response to HTTPS client/,
    'deploy/image-not-pulled',
    () =>
      'the registry does not use TLS: give it a certificate, or configure the container runtime of the nodes to use this registry without',
  ],
  [
    /x509|tls: |certificate/i,
    'deploy/image-not-pulled',
    () =>
      'the nodes do not trust the certificate of the registry: install its certificate authority on the nodes',
  ],
  [
    /unauthorized|authentication|forbidden|denied/i,
    'deploy/image-access-denied',
    (image) =>
      `check the name ${image}; if the registry is private, the cluster needs credentials for it`,
  ],
  [
    /platform|manifest list/i,
    'deploy/image-wrong-platform',
    () => 'the image is not available for the platform of the nodes',
  ],
  [
    /not found|unknown|invalid/i,
    'deploy/image-not-found',
    (image) => `check the name and the tag of ${image}, and that it was pushed`,
  ],
  [
    /too ?many ?requests|rate limit/i,
    'deploy/image-pull-limited',
    () => 'the registry limits pulls: log in, or use a mirror',
  ],
]

function causeOf(message: string, image: string): Cause {
  for (const [pattern, code, hint] of CAUSES)
    if (pattern.test(message)) return { code, hint: hint(image) }
  return {
    code: 'deploy/image-not-pulled',
    hint: 'the nodes cannot reach the registry: check its address, their network and their name servers',
  }
}
