import type { ObjectMeta } from '@landfall/kube'
import { IDENTITY_VARIABLE } from '../facts/identity.ts'
import type {
  ContainerMount,
  HostAlias,
  PullPolicy,
  Resolver,
  Resources,
  Rights,
} from '../plan/plan.ts'

/** The parts of a pod template that conversion writes. */
export interface PodTemplate {
  metadata: { labels: Record<string, string>; annotations?: Record<string, string> }
  spec: PodSpec
}

export interface PodSpec {
  hostname?: string
  hostNetwork?: true
  hostPID?: true
  hostIPC?: true
  dnsPolicy?: 'ClusterFirstWithHostNet'
  runtimeClassName?: string
  serviceAccountName?: string
  automountServiceAccountToken: false
  enableServiceLinks: false
  shareProcessNamespace?: true
  restartPolicy?: 'Never'
  terminationGracePeriodSeconds?: number
  securityContext?: Record<string, unknown>
  nodeSelector?: Record<string, string>
  affinity?: Record<string, unknown>
  topologySpreadConstraints?: Record<string, unknown>[]
  hostAliases?: HostAlias[]
  dnsConfig?: Resolver
  initContainers?: Container[]
  containers: Container[]
  volumes?: Volume[]
}

export interface Container {
  name: string
  image: string
  imagePullPolicy?: PullPolicy
  restartPolicy?: 'Always'
  command?: string[]
  args?: string[]
  workingDir?: string
  tty?: boolean
  stdin?: boolean
  ports?: { name: string; containerPort: number; protocol: string; hostPort?: number }[]
  env?: EnvironmentVariable[]
  resources?: Resources
  startupProbe?: Record<string, unknown>
  readinessProbe?: Record<string, unknown>
  livenessProbe?: Record<string, unknown>
  lifecycle?: Record<string, unknown>
  securityContext?: SecurityContext
  volumeMounts?: ContainerMount[]
}

export interface EnvironmentVariable {
  name: string
  value?: string
  valueFrom?: Record<string, unknown>
}

export interface SecurityContext extends Rights {
  runAsNonRoot?: boolean
}

/** A volume of a pod: its name and one source. */
export interface Volume {
  name: string
  [source: string]: unknown
}

/** Sets a label or an annotation, making the map where there is none. */
export function annotate(
  metadata: Pick<ObjectMeta, 'annotations'>,
  key: string,
  value: string,
): void {
  metadata.annotations = { ...metadata.annotations, [key]: value }
}

/**
 * A text as Kubernetes wants it in commands, arguments and values, so that the program sees it unchanged:
 * `$(NAME)` would be replaced there, and `$$` is how a single `$` is written.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function literal(text: string): string {
  return text.replace(/\${2,}|\$(?=\()/g, (dollars) => dollars + dollars)
}

const POD_ORDER = [
  'hostname',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'runtimeClassName',
  'restartPolicy',
  'terminationGracePeriodSeconds',
  'serviceAccountName',
  'automountServiceAccountToken',
  'enableServiceLinks',
  'shareProcessNamespace',
  'securityContext',
  'nodeSelector',
  'affinity',
  'topologySpreadConstraints',
  'priorityClassName',
  'hostAliases',
  'dnsPolicy',
  'dnsConfig',
  'initContainers',
  'containers',
  'volumes',
]

const CONTAINER_ORDER = [
  'name',
  'image',
  'imagePullPolicy',
  'restartPolicy',
  'command',
  'args',
  'workingDir',
  'tty',
  'stdin',
  'ports',
  'env',
  'resources',
  'startupProbe',
  'readinessProbe',
  'livenessProbe',
  'lifecycle',
  'securityContext',
  'volumeMounts',
]

/** Puts the keys of a pod in the order in which people read them, whichever adaptation wrote first. */
export function orderPod(pod: PodTemplate): void {
  reorder(pod.spec, POD_ORDER)
  sortKeys(pod.metadata.annotations)
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    reorder(container, CONTAINER_ORDER)
    // values refer to the number of the copy alone, which is a field of the pod: their order says nothing else
    container.env?.sort((a, b) => refersLast(a) - refersLast(b) || (a.name < b.name ? -1 : 1))
  }
}

function refersLast({ name }: EnvironmentVariable): number {
  return name === IDENTITY_VARIABLE ? 0 : 1
}

/** Puts the keys of a map in the order of their names, so that the order of the input does not show. */
export function sortKeys(map: Record<string, unknown> | undefined): void {
  if (map === undefined) return
  putBack(
    map,
    Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function reorder(target: object, order: readonly string[]): void {
  putBack(
    target,
    Object.entries(target).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)),
  )
}

/** Puts the entries of an object in another order. Keys may be names of files: `__proto__` is not assigned, but defined. */
function putBack(target: object, entries: readonly [string, unknown][]): void {
  const rest = { configurable: true, enumerable: true, writable: true }
  for (const [key] of entries) Reflect.deleteProperty(target, key)
  for (const [key, value] of entries) Object.defineProperty(target, key, { value, ...rest })
}
