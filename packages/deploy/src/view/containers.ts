import { GATE_PREFIX, type KubeObject } from '@landfall/kube'

export interface Terminated {
  exitCode: number
  reason?: string
  message?: string
  startedAt?: string
  finishedAt?: string
}

/** One container of a pod: its spec, and its state. */
export interface ObservedContainer {
  name: string
  image: string
  init: boolean
  /** An init container that keeps running next to the others. */
  sidecar: boolean
  gate: boolean
  /** It has a readiness probe. */
  probed: boolean
  ready: boolean
  restarts: number
  running: boolean
  /** When its present run began, by the clock of its node. */
  startedAt?: string
  waiting?: { reason?: string; message?: string }
  /** How its present run ended. */
  terminated?: Terminated
  /** How it ended last, in this run or in the one before. */
  lastEnd?: Terminated
}

/** The containers of a pod in the order in which they start. */
export function containersOf(pod: KubeObject): ObservedContainer[] {
  const read = (
    specs: KubeObject[] | undefined,
    statuses: KubeObject[] | undefined,
    init: boolean,
  ) =>
    (specs ?? []).map((spec) => {
      const status = statuses?.find(({ name }) => name === spec.name)
      const { waiting, running, terminated } = status?.state ?? {}
      const lastEnd = terminated ?? status?.lastState?.terminated
      const sidecar = init && spec.restartPolicy === 'Always'
      return {
        name: spec.name,
        image: spec.image,
        init,
        sidecar,
        gate: init && !sidecar && spec.name.startsWith(GATE_PREFIX),
        probed: spec.readinessProbe !== undefined,
        ready: status?.ready === true,
        restarts: status?.restartCount ?? 0,
        running: running !== undefined,
        ...(running?.startedAt === undefined ? {} : { startedAt: running.startedAt }),
        ...(waiting === undefined ? {} : { waiting }),
        ...(terminated === undefined ? {} : { terminated }),
        ...(lastEnd === undefined ? {} : { lastEnd }),
      }
    })
  return [
    ...read(pod.spec.initContainers, pod.status?.initContainerStatuses, true),
    ...read(pod.spec.containers, pod.status?.containerStatuses, false),
  ]
}

/** The gate that a pod waits in now. */
export function openGateOf(pod: KubeObject): ObservedContainer | undefined {
  return containersOf(pod).find(({ gate, running }) => gate && running)
}

/** Whether a container has to run as long as the pod: a program or a sidecar. */
export function goesOn({ init, sidecar }: ObservedContainer): boolean {
  return !init || sidecar
}

/** How often a container has ended. */
export function endsOf({ restarts, terminated, waiting, lastEnd }: ObservedContainer): number {
  const dead = terminated !== undefined || (waiting !== undefined && lastEnd !== undefined)
  return dead ? restarts + 1 : restarts
}
