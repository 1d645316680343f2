import type { Conversion } from '../../conversion.ts'
import { dependenciesOf } from '../../facts/dependencies.ts'
import type { WorkloadDraft } from '../../objects/bundle-draft.ts'
import type { Container } from '../../objects/pod.ts'
import { isGate, smallContainer } from '../gates/gate-container.ts'

/**
 * Containers of a pod start side by side. One that another of them depends on becomes a sidecar instead: those start
 * one after the other, each when the startup probe of the one before has succeeded. One that runs once is an init
 * container after those that it joins.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function startInOrder(
  conversion: Conversion,
  host: WorkloadDraft,
  guests: readonly WorkloadDraft[],
): void {
  const { spec } = host.pod
  const all = [host, ...guests]
  const first = inOrder(all).filter(
    (workload) => isOnce(workload) || all.some((other) => afterOf(other).has(serviceOf(workload))),
  )
  for (const workload of first) {
    if (isOnce(workload)) continue
    workload.program.restartPolicy = 'Always'
    if (!isHeldUntilHealthy(workload, all)) letOthersStart(workload.program)
  }
  const programs = new Set(first.map(({ program }) => program))
  const gates = new Map(first.filter(isOnce).map((one) => [one.program, gatesOf(one)]))
  const later = new Set([...gates.values()].flat())
  spec.initContainers = [
    ...(spec.initContainers ?? []).filter((container) => !later.has(container)),
    ...[...programs].flatMap((program) => [...(gates.get(program) ?? []), program]),
  ]
  spec.containers = spec.containers.filter((container) => !programs.has(container))
  if (spec.containers.length === 0) spec.containers = [keeper(conversion, programs)]
}

function serviceOf({ from }: WorkloadDraft): string {
  return from.service
}

function isOnce({ from }: WorkloadDraft): boolean {
  return from.plan.oncePerPod !== undefined
}

/** What a one-shot waits for does not hold back the server that it joins: those it waits for may need that. */
function gatesOf({ pod }: WorkloadDraft): Container[] {
  return (pod.spec.initContainers ?? []).filter(isGate)
}

/** The services of its pod after which a container starts. */
function afterOf({ from }: WorkloadDraft): Set<string> {
  const depends = dependenciesOf(from).map(([name]) => name)
  return new Set([...depends, ...(from.plan.oncePerPod?.after ?? [])])
}

/**
 * A one-shot may be what makes the program that it joins healthy. Unless somebody in the pod waits for that health, the
 * ones after it start when its process does, as under Compose.
 */
function isHeldUntilHealthy({ from }: WorkloadDraft, all: readonly WorkloadDraft[]): boolean {
  const joined = all.some((other) => other.from.plan.oncePerPod?.after.includes(from.service))
  const waited = all.some(
    (other) => other.from.compose.depends_on?.[from.service]?.condition === 'service_healthy',
  )
  return waited || !joined || from.plan.liveness !== undefined
}

/** Readiness is then asked as often as the startup probe would ask. */
function letOthersStart(program: Container): void {
  const { startupProbe, readinessProbe } = program
  if (startupProbe === undefined) return
  if (readinessProbe !== undefined) readinessProbe.periodSeconds = startupProbe.periodSeconds
  delete program.startupProbe
}

/** A pod needs a container beside those that start first. This one waits for the end of the pod. */
function keeper(conversion: Conversion, others: ReadonlySet<Container>): Container {
  const taken = new Set([...others].map(({ name }) => name))
  const wait = 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'
  return {
    ...smallContainer(conversion, taken.has('keep') ? 'keep-pod' : 'keep', ['sh', '-c', wait]),
    resources: { requests: { cpu: '1m', memory: '4Mi' }, limits: { memory: '32Mi' } },
  }
}

function inOrder(workloads: readonly WorkloadDraft[]): WorkloadDraft[] {
  const done = new Set<WorkloadDraft>()
  const visit = (workload: WorkloadDraft): void => {
    if (done.has(workload)) return
    const wanted = afterOf(workload)
    for (const other of workloads) if (wanted.has(other.from.service)) visit(other)
    done.add(workload)
  }
  for (const workload of workloads) visit(workload)
  return [...done]
}
