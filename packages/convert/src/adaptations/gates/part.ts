import type {
  ContainerMount,
  Gate,
  PermitRule,
  Plan,
  PodPart,
  ServicePlan,
} from '../../plan/plan.ts'
import { listsVolume, readOnly } from './gate-container.ts'
import { groupsOf, plainWait } from './groups.ts'
import { TOKEN_MOUNT, TOKEN_VOLUME } from './permission.ts'

/** The gates of a service: an init container for each program that they need, named after what it waits for. */
export function gatesPart(
  service: ServicePlan,
  plan: Plan,
  mounts: readonly ContainerMount[],
): PodPart {
  if (service.gates.length === 0) return {}
  const permit = rulesOf(service.gates)
  const groups = groupsOf(service, plan)
  return {
    volumes: [
      ...groups.map(({ volume, lists }) => listsVolume(volume, lists).volume),
      ...(permit.length === 0 ? [] : [TOKEN_VOLUME]),
    ],
    containers: groups.map(({ gates, lists, volume, container, image, logins }) => {
      const readsVolumes = gates.some(({ wait }) => plainWait(wait).kind === 'file')
      return {
        phase: 'wait',
        name: container,
        image,
        mounts: [
          listsVolume(volume, lists).mount,
          ...(readsVolumes ? readOnly(mounts) : []),
          ...(rulesOf(gates).length === 0 ? [] : [TOKEN_MOUNT]),
        ],
        ...(readsVolumes ? { readsVolumes } : {}),
        ...(logins.length === 0 ? {} : { logins }),
      }
    }),
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
