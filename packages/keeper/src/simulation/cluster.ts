import type { KeeperRecord, KeptService } from '@landfall/kube'
import { isReplaced } from '../standing.ts'
import type { Pod, Workload, World } from '../world.ts'

/** A service of a simulated release. */
export interface SimService extends Pick<KeptService, 'service'> {
  kind: 'Deployment' | 'Job'
  /** Services that it restarts with, and which of them its gate waits for. */
  with: { service: string; gated: boolean }[]
  /** Of a one-shot: the service in whose memory its effect is. */
  of?: string
  /** Milliseconds from a start to readiness, or to the end of a one-shot. */
  startMs: number
  /** Milliseconds from the stop signal to the end. */
  stopMs: number
}

interface SimPod {
  uid: string
  of: SimService
  container: number
  /** Undefined while it waits in its gate. */
  startedAt?: number
  readyAt?: number
  endsAt?: number
  /** What it has learnt at its start: of each service that it restarts with the present life, or none. */
  learnt: Record<string, string | undefined>
}

interface SimJob {
  uid: string
  record: KeeperRecord
  completeAt?: number
  /** The life of the service in whose memory the effect is. */
  effectIn?: string
}

const NOTHING: KeeperRecord = { seen: {}, acts: [] }

/** A cluster of Deployments with one pod that stop first, and of Jobs, in steps of time. Programs learn of others at their start alone. */
export class SimCluster {
  readonly services: readonly SimService[]
  now = 1_000_000_000
  #pods: SimPod[] = []
  readonly #jobs = new Map<string, SimJob>()
  readonly #records = new Map<string, KeeperRecord>()
  #count = 0
  /** Programs try until they have reached what they need: at first only, as many programs do. */
  patient = true

  constructor(services: readonly SimService[]) {
    this.services = services
    for (const { service, kind } of services)
      if (kind === 'Job') this.#jobs.set(service, { uid: this.#id(), record: NOTHING })
  }

  /** What the keeper sees: times have whole seconds. */
  world(): World {
    const second = (ms: number) => Math.floor(ms / 1000) * 1000
    const pods = this.#pods.map((pod): [string, Pod] => [
      pod.uid,
      {
        uid: pod.uid,
        name: pod.uid,
        app: pod.of.service,
        over: false,
        ...(pod.endsAt !== undefined && { endsAt: second(pod.endsAt) + 1000 }),
        ...(pod.readyAt !== undefined && { readyAt: second(pod.readyAt) }),
        containers: {
          [pod.of.service]: {
            id: String(pod.container),
            ...(pod.startedAt !== undefined && { startedAt: second(pod.startedAt) }),
          },
        },
      },
    ])
    const workloads = this.services.map(({ service, kind }): [string, Workload] => {
      const job = this.#jobs.get(service)
      const {
        uid = service,
        record = this.#records.get(service) ?? NOTHING,
        completeAt,
      } = job ?? {}
      const base = { uid, kind, name: service, wanted: 1, rolling: false, record }
      return [
        `${kind}/${service}`,
        { ...base, ...(completeAt !== undefined && { completeAt: second(completeAt) }) },
      ]
    })
    return { pods: new Map(pods), workloads: new Map(workloads) }
  }

  /** Lets time pass: gates open, programs start, become ready and end. */
  step(ms: number): void {
    this.now += ms
    this.#pods = this.#pods.filter(({ endsAt }) => endsAt === undefined || endsAt > this.now)
    for (const service of this.services) {
      if (service.kind === 'Job') this.#stepJob(service)
      else if (this.#pods.every(({ of }) => of !== service))
        this.#pods.push({ uid: this.#id(), of: service, container: 0, learnt: {} })
    }
    for (const pod of this.#pods) {
      if (pod.endsAt !== undefined) continue
      const waits = pod.of.with.some(({ service, gated }) => gated && !this.isReady(service))
      if (pod.startedAt === undefined && !waits) this.#start(pod)
      if (pod.startedAt !== undefined && this.now >= pod.startedAt + pod.of.startMs)
        pod.readyAt ??= this.now
      if (this.patient && pod.startedAt !== undefined)
        for (const { service } of pod.of.with) pod.learnt[service] ??= this.lifeOf(service)
    }
  }

  #stepJob({ service, of = '', startMs }: SimService): void {
    const job = this.#jobs.get(service)
    if (job === undefined || job.completeAt !== undefined) return
    const life = this.lifeOf(of)
    if (life === undefined) return
    job.effectIn = life
    job.completeAt = this.now + startMs
  }

  #start(pod: SimPod): void {
    pod.startedAt = this.now
    pod.container = ++this.#count
    pod.learnt = Object.fromEntries(
      pod.of.with.map(({ service }) => [service, this.lifeOf(service)]),
    )
  }

  /** Whether others can use it. */
  isReady(service: string): boolean {
    return this.lifeOf(service) !== undefined
  }

  /** The present life of a service, if it is ready. */
  lifeOf(service: string): string | undefined {
    const job = this.#jobs.get(service)
    if (job !== undefined)
      return job.completeAt !== undefined && job.completeAt <= this.now ? job.uid : undefined
    const pod = this.#pods.find(({ of, endsAt }) => of.service === service && endsAt === undefined)
    return pod?.readyAt === undefined ? undefined : `${pod.uid}/${pod.container}`
  }

  /** Whether the effect of a one-shot is there; undefined if nobody answers. */
  effectOf({ service, of = '' }: SimService): boolean | undefined {
    const life = this.lifeOf(of)
    return life === undefined ? undefined : this.#jobs.get(service)?.effectIn === life
  }

  /** A pod is deleted; the next one starts when it has ended. */
  deletePod(service: string): void {
    for (const pod of this.#pods)
      if (pod.of.service === service) pod.endsAt ??= this.now + pod.of.stopMs
  }

  /** The container starts again in its pod. */
  killContainer(service: string): void {
    for (const pod of this.#pods) {
      if (pod.of.service !== service || pod.endsAt !== undefined || pod.startedAt === undefined)
        continue
      delete pod.readyAt
      this.#start(pod)
    }
  }

  /** What the keeper writes. */
  note(service: string, record: KeeperRecord): void {
    this.#records.set(service, record)
  }

  runAgain(service: string, record: KeeperRecord): void {
    this.#jobs.set(service, { uid: this.#id(), record })
  }

  /** Acts on a service so far. */
  recordOf(service: string): KeeperRecord {
    return this.#jobs.get(service)?.record ?? this.#records.get(service) ?? NOTHING
  }

  /** What is wrong: services that are not ready, that have learnt of an earlier life, and one-shots without their effect. */
  problems(): string[] {
    return this.services.flatMap((service): string[] => {
      if (!this.isReady(service.service)) return [`${service.service} is not ready`]
      if (service.kind === 'Job')
        return this.effectOf(service) === true ? [] : [`the effect of ${service.service} is gone`]
      const pod = this.#pods.find(({ of }) => of === service)
      return service.with
        .filter(({ service: target }) => {
          const [was = ''] = [pod?.learnt[target]]
          return isReplaced([was], [this.lifeOf(target) ?? ''])
        })
        .map(({ service: target }) => `${service.service} is deaf to ${target}`)
    })
  }

  #id(): string {
    return `u${String(++this.#count).padStart(6, '0')}`
  }
}
