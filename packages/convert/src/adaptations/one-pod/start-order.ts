import type { WorkloadDraft } from '../../bundle-draft.ts'
import { dependenciesOf } from '../../facts/dependencies.ts'

/**
 * Containers of a pod start side by side. One that another of them depends on becomes a sidecar instead: those start
 * one after the other, each when the startup probe of the one before has succeeded.
 */
export function startInOrder(host: WorkloadDraft, guests: readonly WorkloadDraft[]): void {
  const { spec } = host.pod
  const ordered = inOrder([host, ...guests])
  const sidecars = ordered.filter(({ from }) =>
    ordered.some((other) => dependenciesOf(other.from).some(([name]) => name === from.service)),
  )
  const programs = new Set(sidecars.map(({ program }) => program))
  for (const program of programs) program.restartPolicy = 'Always'
  spec.initContainers = [...(spec.initContainers ?? []), ...programs]
  spec.containers = spec.containers.filter((container) => !programs.has(container))
}

function inOrder(workloads: readonly WorkloadDraft[]): WorkloadDraft[] {
  const done = new Set<WorkloadDraft>()
  const visit = (workload: WorkloadDraft): void => {
    if (done.has(workload)) return
    const wanted = new Set(dependenciesOf(workload.from).map(([name]) => name))
    for (const other of workloads) if (wanted.has(other.from.service)) visit(other)
    done.add(workload)
  }
  for (const workload of workloads) visit(workload)
  return [...done]
}
