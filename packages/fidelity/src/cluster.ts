import { type Files, filesOf } from './files.ts'
import type { Json } from './json.ts'

/** What Kubernetes would make of some objects, as far as the questions ask. */
export interface Cluster {
  readonly objects: readonly Json[]
  /** The object of a kind and name, as the API would find it. */
  find(kind: string, name: string): Json | undefined
  /** What runs a service: found by the place in the Compose file that its object names, or by a container of its name. */
  programOf(service: string): Program | undefined
  /** Whether dialling a name and port from a pod reaches the program. Without a port: whether it resolves to its pods. */
  reaches(name: string, program: Program, port?: number, protocol?: string): boolean
  /** The Services that have a pod behind them. */
  servicesOf(program: Program): Json[]
}

/** The container of a service and the pod that it is in. */
export interface Program {
  workload: Json
  labels: Record<string, string>
  pod: Json
  container: Json
  files: Files
}

const SOURCE = 'landfall.dev/source'

export function clusterOf(objects: readonly Json[]): Cluster {
  const find = (kind: string, name: string): Json =>
    objects.find((object) => object.kind === kind && object.metadata.name === name)
  const workloads = objects.filter((object) => templateOf(object) !== undefined)

  const programOf = (service: string): Program | undefined => {
    const owner = workloads.find(
      ({ metadata }) => pointerOf(metadata.annotations?.[SOURCE]) === `/services/${service}`,
    )
    const plain = service.toLowerCase().replace(/[^a-z0-9]+/g, '-')
    const name = owner?.metadata.labels?.['app.kubernetes.io/name'] ?? plain
    for (const workload of owner === undefined ? workloads : [owner, ...workloads]) {
      const { spec, metadata } = templateOf(workload)
      const container = containersOf(spec).find((one) => one.name === name)
      if (container !== undefined)
        return {
          workload,
          labels: metadata?.labels ?? {},
          pod: spec,
          container,
          files: filesOf(container, workload, spec, find),
        }
    }
    return undefined
  }

  const selects = (service: Json, { labels }: Program): boolean => {
    const wanted = Object.entries(service.spec.selector ?? {})
    return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
  }

  return {
    objects,
    find,
    programOf,
    servicesOf: (program) =>
      objects.filter((object) => object.kind === 'Service' && selects(object, program)),
    reaches(name, program, port, protocol = 'TCP') {
      const service = find('Service', name.toLowerCase())
      if (service === undefined || !selects(service, program)) return false
      if (service.spec.clusterIP === 'None' || port === undefined) return true
      const entry = (service.spec.ports ?? []).find(
        (one: Json) => one.port === port && (one.protocol ?? 'TCP') === protocol,
      )
      return entry !== undefined && targetPort(entry, program.pod) === port
    },
  }
}

/** The pod template of a workload, or a Pod itself. */
function templateOf(object: Json): Json | undefined {
  if (object.kind === 'Pod') return object
  if (object.kind === 'CronJob') return object.spec.jobTemplate.spec.template
  return object.spec?.template?.spec?.containers === undefined ? undefined : object.spec.template
}

/** Containers of a pod, those that run before the others too. */
function containersOf(pod: Json): Json[] {
  return [...pod.containers, ...(pod.initContainers ?? [])]
}

/** Whether a program is an init container that ends, in the pod of one that goes on. */
export function runsOnceInPod({ workload, pod, container }: Program): boolean {
  const first = (pod.initContainers ?? []).find(({ name }: Json) => name === container.name)
  return workload.kind !== 'Job' && first !== undefined && first.restartPolicy !== 'Always'
}

/** `compose.yaml#/services/web` without the file. */
function pointerOf(source: string | undefined): string | undefined {
  return source?.slice(source.indexOf('#') + 1)
}

function targetPort({ port, targetPort = port }: Json, pod: Json): number {
  if (typeof targetPort === 'number') return targetPort
  const named = containersOf(pod).flatMap((container) => container.ports ?? [])
  return named.find((one: Json) => one.name === targetPort)?.containerPort
}
