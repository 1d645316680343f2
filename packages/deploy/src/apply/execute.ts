import {
  type Clock,
  canonicalJson,
  type KubeClient,
  type KubeObject,
  type ObjectReference,
} from '@landfall/kube'
import { forEachConcurrently } from '../concurrent.ts'
import { additionPointers } from '../drift/drift.ts'
import type { DeployEvent } from '../events.ts'
import { type Inventory, writeInventory } from '../release/inventory.ts'
import { applyRank } from '../release/kind-order.ts'
import type { ReleaseReference } from '../release/release.ts'
import { handOver } from './autoscaled.ts'
import type { DeployPlan, Operation } from './plan.ts'

const REQUESTS_AT_ONCE = 8

/** How often an object that is being deleted is looked for. */
const POLL_MS = 200

/** An operation of the plan that the cluster refused; `cause` holds the StatusError. */
export class OperationError extends Error {
  readonly operation: Operation

  constructor(operation: Operation, cause: unknown) {
    super(`cannot ${operation.verb} ${operation.object}`, { cause })
    this.name = 'OperationError'
    this.operation = operation
  }
}

interface ExecuteOptions {
  client: KubeClient
  plan: DeployPlan
  /** The inventory that is in the cluster. */
  before: Inventory
  reference: ReleaseReference
  onEvent: (event: DeployEvent) => void
  clock: Clock
  signal?: AbortSignal
}

/** Performs a plan, and decides nothing. Throws an OperationError at the first refusal. */
export async function execute({
  client,
  plan,
  before,
  reference,
  onEvent,
  clock,
  signal,
}: ExecuteOptions): Promise<void> {
  const write = async (from: Inventory, to: Inventory) => {
    if (canonicalJson(from) !== canonicalJson(to))
      await writeInventory(client, reference, to, signal)
  }
  const run = (operations: readonly Operation[]) =>
    forEachConcurrently(operations, REQUESTS_AT_ONCE, async (operation) => {
      try {
        await perform(client, operation, clock, signal)
      } catch (error) {
        if (signal?.aborted) throw error
        throw new OperationError(operation, error)
      }
      onEvent({ type: 'apply', object: operation.object, verb: operation.verb })
    })
  const isNamespace = ({ reference: { kind } }: Operation) => kind === 'Namespace'
  await run(plan.operations.filter(isNamespace))
  await write(before, plan.inventory)
  for (const group of groups(plan.operations.filter((operation) => !isNamespace(operation))))
    await run(group)
  await write(plan.inventory, plan.inventoryAfter)
}

/** Operations that may run side by side: neighbours of one rank that all delete, or none. */
function groups(operations: readonly Operation[]): Operation[][] {
  const found: Operation[][] = []
  let last = ''
  for (const operation of operations) {
    const key = `${operation.verb === 'delete'} ${applyRank(operation.reference)}`
    if (key !== last) found.push([])
    found.at(-1)?.push(operation)
    last = key
  }
  return found
}

async function perform(
  client: KubeClient,
  operation: Operation,
  clock: Clock,
  signal?: AbortSignal,
) {
  const { verb, desired, reference, uid, handOver: replicas } = operation
  if (verb === 'unchanged' || verb === 'keep') return
  const target = uid === undefined ? {} : { uid }
  if (verb === 'delete') await client.delete(reference, { signal, ...target })
  if (verb === 'replace') {
    // its pods end before new ones take their place
    await client.delete(reference, { signal, propagation: 'Foreground', ...target })
    await untilGone(client, reference, uid, clock, signal)
  }
  if (desired === undefined) return
  if (replicas !== undefined && verb === 'update') await handOver(client, desired, replicas, signal)
  const { object } = await client.apply(desired, { signal })
  if (replicas !== undefined && verb !== 'update') await handOver(client, desired, replicas, signal)
  if (operation.strip === true) await strip(client, object, desired, signal)
}

/** Removes what others have added to an object. */
async function strip(
  client: KubeClient,
  live: KubeObject,
  desired: KubeObject,
  signal?: AbortSignal,
): Promise<void> {
  const pointers = additionPointers(live, desired)
  if (pointers.length > 0) await client.removeFields(live, pointers, signal)
}

/** Waits until no object of that name is left, or another one has taken it. */
export async function untilGone(
  client: KubeClient,
  reference: ObjectReference,
  uid: string | undefined,
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  const there = (object: KubeObject | undefined) =>
    object !== undefined && (uid === undefined || object.metadata.uid === uid)
  while (there(await client.get(reference, signal))) await clock.sleep(POLL_MS, signal)
}
