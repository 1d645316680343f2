import type { Json, Namespace } from '@landfall/testkit'

/** When the program of a service ran, in whole seconds since the epoch, as the kubelet wrote it down. */
export interface ProgramTimes {
  node: string
  started: number
  /** Only for one-shots: the end of the program, or of the check that its work is done if that came later. */
  done?: number
  /** Only for services: when its pod became ready. */
  ready?: number
  restarts: number
}

/** The times of each service's program; throws when a service has more than one pod. */
export async function programTimes(namespace: Namespace): Promise<Map<string, ProgramTimes>> {
  const times = new Map<string, ProgramTimes>()
  for (const pod of await namespace.list('pods')) {
    const service: string = pod.metadata.labels['app.kubernetes.io/name']
    if (times.has(service)) throw new Error(`${service} has more than one pod`)
    times.set(service, timesOf(pod, service))
  }
  return times
}

function timesOf(pod: Json, service: string): ProgramTimes {
  const containers: Json[] = [
    ...(pod.status.initContainerStatuses ?? []),
    ...pod.status.containerStatuses,
  ]
  const program = containers.find(({ name }) => name === service)
  const check = containers.find(({ name }) => name === 'check-done')
  const { running, terminated } = program.state
  const ready = pod.status.conditions.find(
    (condition: Json) => condition.type === 'Ready' && condition.status === 'True',
  )
  return {
    node: pod.spec.nodeName,
    started: seconds((running ?? terminated).startedAt),
    restarts: program.restartCount,
    ...(check === undefined ? {} : { done: seconds(check.state.terminated.finishedAt) }),
    ...(ready === undefined ? {} : { ready: seconds(ready.lastTransitionTime) }),
  }
}

function seconds(time: string): number {
  return Date.parse(time) / 1_000
}
