import type { Dependency } from '@landfall/compose'
import { toPointer } from '@landfall/diagnostic'
import { type Cluster, type Program, runsOnceInPod } from '../cluster.ts'
import type { Json } from '../json.ts'
import { type Answer, answer, type Question } from '../question.ts'

/** One line of a list that an init container of the pod waits for. */
type Wait = string[]

/** Every wait of a pod: the lines of each list that one of its init containers mounts. */
function waitsOf({ pod }: Program, cluster: Cluster): Wait[] {
  const mounted = new Set<string>(
    (pod.initContainers ?? []).flatMap(({ volumeMounts = [] }: Json) =>
      volumeMounts.map(({ name }: Json) => name),
    ),
  )
  return (pod.volumes ?? [])
    .filter(({ name, configMap }: Json) => mounted.has(name) && configMap?.items !== undefined)
    .flatMap(({ configMap }: Json) =>
      configMap.items
        .filter(({ path }: Json) => path.startsWith('waits/'))
        .flatMap(({ key }: Json) =>
          linesOf(cluster.find('ConfigMap', configMap.name)?.data?.[key]),
        ),
    )
}

function linesOf(list: string | undefined): Wait[] {
  return (list ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' '))
}

/** Whether the pod's account may read a Job. */
function mayReadJob({ pod }: Program, job: string, { objects, find }: Cluster): boolean {
  const roles = objects
    .filter(
      ({ kind, subjects }) =>
        kind === 'RoleBinding' &&
        subjects?.some((one: Json) => one.name === pod.serviceAccountName),
    )
    .flatMap(({ roleRef }) => find('Role', roleRef.name) ?? [])
  return roles.some(({ rules }) =>
    rules.some(
      ({ resources, resourceNames, verbs }: Json) =>
        resources.includes('jobs') && resourceNames?.includes(job) && verbs.includes('get'),
    ),
  )
}

function whatIsLost(
  waiter: Program,
  target: Program,
  { condition }: Dependency,
  cluster: Cluster,
): string | undefined {
  const waits = waitsOf(waiter, cluster)
  const job = target.workload.kind === 'Job' ? target.workload.metadata.name : undefined
  if (job !== undefined) {
    const early = condition !== 'service_completed_successfully'
    if (
      !waits.some(
        ([kind, name]) => name === job && (kind === 'job' || (early && kind === 'job-or-ready')),
      )
    )
      return 'its pod does not wait for the Job'
    return mayReadJob(waiter, job, cluster) ? undefined : 'its account may not read the Job'
  }
  const once = runsOnceInPod(target)
  if (condition === 'service_completed_successfully' && !once) return 'what it waits for is no Job'
  if (waiter.workload === target.workload) return undefined
  const onTarget = waits.filter(
    ([kind, host = '']) =>
      (kind === 'pods' && target.labels['app.kubernetes.io/name'] === host) ||
      (kind !== 'pods' && cluster.reaches(host, target)),
  )
  if (onTarget.length === 0) return 'its pod does not wait for it'
  if (condition === 'service_started') return undefined
  const ready = onTarget.some(
    ([kind, host = '']) =>
      (kind === 'healthy' || kind === 'ready-name') &&
      cluster.find('Service', host)?.spec.publishNotReadyAddresses !== true,
  )
  if (!ready) return 'its pod waits for less than ready'
  return target.container.readinessProbe === undefined && !once
    ? 'nothing tells when it is ready'
    : undefined
}

/** Each `depends_on` on a service that has pods, but for the ports and lists that nobody has. */
export const order: Question = {
  title: 'depends_on edges as waits',
  ask({ project, cluster }) {
    const answers: Answer[] = []
    for (const [service, { depends_on = {} }] of Object.entries(project.services))
      for (const [name, dependency] of Object.entries(depends_on)) {
        const target = project.services[name]
        if (target === undefined || target.scale === 0 || target.deploy?.replicas === 0) continue
        const at = toPointer(['services', service, 'depends_on', name])
        const [waiter, waited] = [cluster.programOf(service), cluster.programOf(name)]
        answers.push({
          ...answer(
            at,
            waiter === undefined || waited === undefined
              ? 'there is no pod of it'
              : whatIsLost(waiter, waited, dependency, cluster),
          ),
          names: [name],
        })
      }
    return answers
  },
}
