import type { KeeperRecord, KeptService } from '@landfall/kube'
import type { Pod, Workload, World } from './world.ts'

/** For tests: seconds after a start, as a time. */
export const at = (seconds: number): number => 1_000_000_000 + seconds * 1000

/** For tests: a Deployment with one pod. */
export interface TestService {
  /** Uid of the pod; `undefined`: there is none. */
  pod?: string
  container?: string
  /** Seconds. */
  startedAt?: number
  readyAt?: number
  endsAt?: number
  rolling?: boolean
  /** Pods that there should be. */
  wanted?: number
  record?: Partial<KeeperRecord>
}

/** For tests: a world of Deployments. Further pods have other uids of the same service. */
export function worldOf(services: Record<string, TestService | TestService[]>): World {
  const pods = new Map<string, Pod>()
  const workloads = new Map<string, Workload>()
  for (const [name, given] of Object.entries(services)) {
    const all = [given].flat()
    for (const { pod, container = '1', startedAt, readyAt, endsAt } of all) {
      if (pod === undefined) continue
      pods.set(pod, {
        ...{ uid: pod, name: pod, app: name, over: false },
        ...(readyAt !== undefined && { readyAt: at(readyAt) }),
        ...(endsAt !== undefined && { endsAt: at(endsAt) }),
        containers: {
          [name]: { id: container, ...(startedAt !== undefined && { startedAt: at(startedAt) }) },
        },
      })
    }
    const [{ rolling = false, wanted = 1, record }] = all as [TestService]
    workloads.set(`Deployment/${name}`, {
      ...{ uid: name, kind: 'Deployment', name, wanted, rolling },
      record: { seen: {}, acts: [], ...record },
    })
  }
  return { pods, workloads }
}

/** For tests: a service that restarts with others; a name with `!` has a gate. */
export function kept(service: string, ...targets: string[]): KeptService {
  return {
    ...{ service, kind: 'Deployment', workload: service, pods: service, container: service },
    ...(targets.length > 0 && {
      restartsWith: targets.map((target) => ({
        service: target.replace('!', ''),
        ...(target.endsWith('!') && { gated: true as const }),
      })),
    }),
  }
}
