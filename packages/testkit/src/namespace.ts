import { mkdir, writeFile } from 'node:fs/promises'
import type { Cluster } from '@landfall/local-cluster'
import { type Finished, repository, run } from './run.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are read as they come
export type Json = any

/** One namespace of a cluster, seen through the real kubectl. */
export interface Namespace {
  readonly name: string
  readonly cluster: Cluster
  /** kubectl in this namespace; an exit code other than 0 throws with the output of kubectl. */
  kubectl(args: readonly string[], input?: string): Promise<string>
  /** kubectl in this namespace, whatever its exit code. */
  tryKubectl(args: readonly string[], input?: string): Promise<Finished>
  /** The items of `kubectl get KIND -o json`. */
  list(kind: string, selector?: string): Promise<Json[]>
  /** One object, as JSON. */
  get(kind: string, name: string): Promise<Json>
  /** Writes what a person would look at after a failure to artifacts/<namespace>/. */
  keepArtifacts(): Promise<void>
}

/** A view of a namespace; it is not created. */
export function namespaceOf(cluster: Cluster, name: string): Namespace {
  const tryKubectl = (args: readonly string[], input?: string): Promise<Finished> =>
    run(
      cluster.kubectl,
      ['--kubeconfig', cluster.kubeconfig, '-n', name, ...args],
      input === undefined ? {} : { input },
    )
  const kubectl = async (args: readonly string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await tryKubectl(args, input)
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: exit ${code}\n${stderr}${stdout}`)
    return stdout
  }
  return {
    name,
    cluster,
    kubectl,
    tryKubectl,
    list: async (kind, selector) =>
      JSON.parse(
        await kubectl([
          'get',
          kind,
          '-o',
          'json',
          ...(selector === undefined ? [] : ['-l', selector]),
        ]),
      ).items,
    get: async (kind, object) => JSON.parse(await kubectl(['get', kind, object, '-o', 'json'])),
    keepArtifacts: async () => {
      const directory = `${repository}artifacts/${name}`
      await mkdir(directory, { recursive: true })
      const keep = async (file: string, args: string[]): Promise<void> =>
        writeFile(`${directory}/${file}`, (await tryKubectl(args)).stdout)
      await keep('pods.txt', ['get', 'pods,jobs,svc,pvc', '-o', 'wide'])
      await keep('describe-pods.txt', ['describe', 'pods'])
      await keep('events.txt', ['get', 'events', '--sort-by=.lastTimestamp'])
      await keep('objects.yaml', ['get', 'deploy,job,cm,svc,pvc,role,rolebinding', '-o', 'yaml'])
      for (const pod of (await tryKubectl(['get', 'pods', '-o', 'name'])).stdout.split('\n'))
        if (pod !== '')
          await keep(`${pod.replace('/', '-')}.log`, [
            'logs',
            pod,
            '--all-containers',
            '--prefix',
            '--tail=300',
          ])
    },
  }
}

/** Whether a pod is Ready; a pod of a finished Job counts as ready, a terminating pod does not. */
export function podReady(pod: Json): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  if (pod.status.phase === 'Succeeded') return true
  return (pod.status.conditions ?? []).some(
    (condition: Json) => condition.type === 'Ready' && condition.status === 'True',
  )
}

/** Throws unless every Deployment is fully available and every Job complete, with no pod left over that is not ready. */
export async function allReady(namespace: Namespace): Promise<void> {
  // one process for all three: a kubectl costs a small machine more than the cluster does
  const all = await namespace.list('deployments,jobs,pods')
  const [deployments, jobs, pods] = ['Deployment', 'Job', 'Pod'].map((kind) =>
    all.filter((object) => object.kind === kind),
  ) as [Json[], Json[], Json[]]
  if (deployments.length === 0) throw new Error('no deployments')
  const waiting = [
    ...deployments
      .filter(
        (object) =>
          object.status.observedGeneration !== object.metadata.generation ||
          (object.status.availableReplicas ?? 0) < object.spec.replicas ||
          (object.status.updatedReplicas ?? 0) < object.spec.replicas,
      )
      .map((object) => `deployment/${object.metadata.name}`),
    ...jobs
      .filter(
        (object) =>
          !(object.status.conditions ?? []).some(
            (condition: Json) => condition.type === 'Complete' && condition.status === 'True',
          ),
      )
      .map((object) => `job/${object.metadata.name}`),
    ...pods
      .filter((pod) => !podReady(pod) && pod.status.phase !== 'Failed')
      .map((pod) => `pod/${pod.metadata.name}`),
  ]
  if (waiting.length > 0) throw new Error(`not ready: ${waiting.join(', ')}`)
}
