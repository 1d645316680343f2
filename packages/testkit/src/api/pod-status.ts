import type { Json } from '../namespace.ts'

/** How a container of a written pod is: fields of a ContainerStatus. */
export type ContainerState = Record<string, unknown>

export interface WrittenPod {
  phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  ready?: boolean
  /** For how long it has been like this. */
  secondsAgo?: number
  /** Of the containers, then of the init containers, in the order of the template. */
  containers?: ContainerState[]
  init?: ContainerState[]
  conditions?: Json[]
}

/** A state of a program that has run for long enough to count as up. */
export function running(secondsAgo = 90): ContainerState {
  return { ready: true, started: true, state: { running: { startedAt: timeAgo(secondsAgo) } } }
}

/** A state of a container that waits with a reason. */
export function waiting(reason: string, message = ''): ContainerState {
  return { state: { waiting: { reason, message } } }
}

/** How a run of a program ended. */
export function ended(exitCode: number, more: object = {}): ContainerState {
  const times = { startedAt: timeAgo(2), finishedAt: timeAgo(1) }
  return {
    terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', ...times, ...more },
  }
}

/** A time of the API, so many seconds before now. */
export function timeAgo(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+/, '')
}

/** The whole status of a pod. */
export function statusOf(
  { spec }: Json,
  {
    phase = 'Pending',
    ready = false,
    secondsAgo = 90,
    containers = [],
    init = [],
    conditions = [],
  }: WrittenPod,
): Json {
  const states = (specs: Json[] = [], given: ContainerState[], otherwise: ContainerState) =>
    specs.map(({ name, image }: Json, index: number) => ({
      name,
      image,
      imageID: '',
      restartCount: 0,
      ready: false,
      ...(given[index] ?? otherwise),
    }))
  const transition = { lastTransitionTime: timeAgo(secondsAgo) }
  return {
    phase,
    startTime: timeAgo(secondsAgo + 5),
    conditions: [
      { type: 'Ready', status: ready ? 'True' : 'False', ...transition },
      ...(conditions.some(({ type }) => type === 'PodScheduled')
        ? []
        : [{ type: 'PodScheduled', status: 'True', ...transition }]),
      ...conditions,
    ],
    containerStatuses: states(
      spec.containers,
      containers,
      ready ? running(secondsAgo) : waiting('ContainerCreating'),
    ),
    initContainerStatuses: states(
      spec.initContainers,
      init,
      ready ? { ready: true, state: ended(0) } : waiting('PodInitializing'),
    ),
  }
}
