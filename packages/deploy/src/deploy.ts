import { type KubeClient, type KubeObject, objectId } from '@landfall/kube'
import { type ProbeAddress, releaseAddresses } from './addresses.ts'
import type { DeployEvent, Failure, Verdict } from './events.ts'
import { execute, OperationError, untilGone } from './execute.ts'
import { refusal } from './failure.ts'
import { isWorkload } from './kind-order.ts'
import { namespaceReference, readNamespace } from './namespace.ts'
import { observe } from './observe.ts'
import { type DeployPlan, planDeploy } from './plan.ts'
import { type ReleaseReference, releaseObject, SOURCE_ANNOTATION } from './release.ts'
import { waitUntilSettled } from './wait.ts'

export interface DeployOptions {
  client: KubeClient
  /** Complete objects of any origin; their namespace is set here. */
  objects: readonly KubeObject[]
  /** Name of the release: the project's. */
  release: string
  namespace: string
  onEvent?: (event: DeployEvent) => void
  /** Asks a published address; without it none are told. */
  probeAddress?: ProbeAddress
  /** Names or addresses of the nodes as they are reached from here; those that the cluster tells when silent. */
  hosts?: readonly string[]
  /** Gives up waiting so long after everything was applied; never when silent. */
  timeoutMs?: number
  signal?: AbortSignal
  /** Milliseconds of a clock that never goes back. */
  now?: () => number
}

/**
 * Makes a namespace hold exactly this release, and waits until it runs or something has failed for good.
 * A verdict tells both. Throws a StatusError or ConnectionError when the cluster cannot be read, and the signal's reason
 * when it is aborted; running it again goes on from there.
 */
export async function deployRelease(options: DeployOptions): Promise<Verdict> {
  const { client, release, namespace, onEvent = () => {}, signal } = options
  const now = options.now ?? (() => performance.now())
  const reference = { release, namespace }
  await awaitEndOfNamespace(client, reference, onEvent, signal)
  const desired = await releaseObjects(client, options.objects, reference)
  const observed = await observe(client, reference, desired, signal)
  const plan = planDeploy(desired, observed, reference)
  onEvent({
    type: 'plan',
    operations: plan.operations.map(({ id, object, verb, cause }) => ({ id, object, verb, cause })),
  })
  const beganAt = now()
  const conclude = (verdict: Omit<Verdict, 'ms'>): Verdict => {
    const whole = { ...verdict, ms: Math.round(now() - beganAt) }
    if (whole.failure !== undefined) onEvent({ type: 'failed', failure: whole.failure })
    onEvent({ type: 'verdict', verdict: whole })
    return whole
  }

  const [foreign] = plan.foreign
  if (foreign !== undefined)
    return conclude({ state: 'failed', failure: notOurs(foreign, namespace), addresses: [] })
  try {
    await execute(client, plan, observed.inventory, reference, onEvent, signal)
  } catch (error) {
    const failure = error instanceof OperationError ? refusal(error) : undefined
    if (failure === undefined) throw error instanceof OperationError ? error.cause : error
    return conclude({ state: 'failed', failure, addresses: [] })
  }
  const failure = await waitUntilSettled({
    client,
    namespace,
    workloads: desired.filter(isWorkload).map(objectId),
    changed: plan.operations.some(({ verb }) => verb !== 'unchanged' && verb !== 'keep'),
    onEvent,
    now,
    timeoutMs: options.timeoutMs,
    signal,
  })
  if (failure !== undefined) return conclude({ state: 'failed', failure, addresses: [] })
  const { probeAddress, hosts } = options
  const addresses =
    probeAddress === undefined
      ? []
      : await releaseAddresses({ client, release, namespace, probeAddress, hosts, signal })
  return conclude({ state: 'ready', addresses })
}

async function releaseObjects(
  client: KubeClient,
  objects: readonly KubeObject[],
  reference: ReleaseReference,
): Promise<KubeObject[]> {
  return Promise.all(
    objects.map(async (object) =>
      releaseObject(object, reference, await client.isNamespaced(object)),
    ),
  )
}

/** A namespace that is still being deleted takes nothing in. */
async function awaitEndOfNamespace(
  client: KubeClient,
  { namespace }: ReleaseReference,
  onEvent: (event: DeployEvent) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const reference = namespaceReference(namespace)
  const found = await readNamespace(client, namespace, signal)
  if (found?.metadata.deletionTimestamp === undefined) return
  const message = 'an earlier namespace of this name is still being deleted'
  onEvent({ type: 'wait', object: objectId(reference), message })
  await untilGone(client, reference, found.metadata.uid as string, signal)
}

function notOurs({ object, owner }: DeployPlan['foreign'][number], namespace: string): Failure {
  const source = object.metadata.annotations?.[SOURCE_ANNOTATION]
  return {
    object: objectId(object),
    reason: 'AlreadyExists',
    message: `${objectId(object)} is in namespace ${namespace} already and belongs to ${owner}`,
    hint: 'deploy into a namespace of its own, or delete what is in the way',
    ...(source === undefined ? {} : { source }),
  }
}
