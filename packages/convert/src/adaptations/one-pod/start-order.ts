import type { WorkloadDraft } from '../../objects/bundle-draft.ts'
import type { Container } from '../../objects/pod.ts'
import type { Plan } from '../../plan/plan.ts'
import { isGate, smallContainer } from '../gates/gate-container.ts'

/**
 * Containers of a pod start side by side. One that another of them depends on becomes a sidecar instead: those start
 * one after the other, each when the startup probe of the one before has succeeded. One that runs once is an init
 * container after those that it joins.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function startInOrder(
  images: Plan['images'],
  host: WorkloadDraft,
  guests: readonly WorkloadDraft[],
): void {
  const { spec } = host.pod
  const all = [host, ...guests]
  const first = inOrder(all).filter(
    (workload) => isOnce(workload) || all.some((other) => afterOf(other).has(serviceOf(workload))),
  )
  for (const workload of first) {
    if (!isOnce(workload)) workload.program.restartPolicy = 'Always'
  }
  const programs = new Set(first.map(({ program }) => program))
  const gates = new Map(first.filter(isOnce).map((one) => [one.program, gatesOf(one)]))
  const later = new Set([...gates.values()].flat())
  spec.initContainers = [
    ...(spec.initContainers ?? []).filter((container) => !later.has(container)),
    ...[...programs].flatMap((program) => [...(gates.get(program) ?? []), program]),
  ]
  spec.containers = spec.containers.filter((container) => !programs.has(container))
  if (spec.containers.length === 0) spec.containers = [keeper(images, programs)]
}

function serviceOf({ plan }: WorkloadDraft): string {
  return plan.service
}

function isOnce({ plan }: WorkloadDraft): boolean {
  return plan.oncePerPod !== undefined
}

/** What a one-shot waits for does not hold back the server that it joins: those it waits for may need that. */
function gatesOf({ pod }: WorkloadDraft): Container[] {
  return (pod.spec.initContainers ?? []).filter(isGate)
}

/** The services of its pod after which a container starts. */
function afterOf({ plan }: WorkloadDraft): Set<string> {
  return new Set(plan.startsAfter)
}

/** A pod needs a container beside those that start first. This one waits for the end of the pod. */
function keeper(images: Plan['images'], others: ReadonlySet<Container>): Container {
  const taken = new Set([...others].map(({ name }) => name))
  const wait = 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'
  return {
    ...smallContainer(images, taken.has('keep') ? 'keep-pod' : 'keep', ['sh', '-c', wait]),
    resources: { requests: { cpu: '1m', memory: '4Mi' }, limits: { memory: '32Mi' } },
  }
}

function inOrder(workloads: readonly WorkloadDraft[]): WorkloadDraft[] {
  const done = new Set<WorkloadDraft>()
  const visit = (workload: WorkloadDraft): void => {
    if (done.has(workload)) return
    const wanted = afterOf(workload)
    for (const other of workloads) if (wanted.has(other.plan.service)) visit(other)
    done.add(workload)
  }
  for (const workload of workloads) visit(workload)
  return [...done]
}
