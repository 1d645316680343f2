import type {
  ContainerMount,
  Gate,
  PermitRule,
  Plan,
  PodPart,
  ServicePlan,
} from '../../plan/plan.ts'
import { gateName, listsVolume, readOnly } from './gate-container.ts'
import { listsOf } from './lists.ts'
import { TOKEN_MOUNT, TOKEN_VOLUME } from './permission.ts'

/** The gate of a service: one init container, named after what it waits for. */
export function gatesPart(
  service: ServicePlan,
  { images }: Plan,
  mounts: readonly ContainerMount[],
): PodPart {
  const { gates } = service
  if (gates.length === 0) return {}
  const { volume, mount } = listsVolume('gate', listsOf(service))
  const readsVolumes = gates.some(({ wait }) => wait.kind === 'file')
  const permit = rulesOf(gates)
  return {
    volumes: [volume, ...(permit.length === 0 ? [] : [TOKEN_VOLUME])],
    containers: [
      {
        phase: 'wait',
        name: gateName(gates),
        image: images.gate,
        mounts: [
          mount,
          ...(readsVolumes ? readOnly(mounts) : []),
          ...(permit.length === 0 ? [] : [TOKEN_MOUNT]),
        ],
        ...(readsVolumes ? { readsVolumes } : {}),
      },
    ],
    permit,
  }
}

/** What the gate must be allowed: to read the Jobs it waits for, by name, and to list pods where it must. */
function rulesOf(gates: readonly Gate[]): PermitRule[] {
  const jobs = [...new Set(gates.flatMap(({ job }) => job ?? []))].sort()
  const rollouts = gates.flatMap(({ wait }) => (wait.kind === 'rollout' ? [wait.deployment] : []))
  const listsPods = gates.some(({ wait }) => wait.kind === 'pods')
  return [
    ...jobs.map((job) => ({ job, verbs: ['get', 'watch'] })),
    ...rollouts.map((deployment) => ({ deployment })),
    ...(listsPods ? [{ listPods: true as const }] : []),
  ]
}
