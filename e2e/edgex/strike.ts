import { readdirSync, readFileSync } from 'node:fs'
import { defaultOptions, nodePowerOff, nodePowerOn } from '@landfall/local-cluster'
import { eventually, type Json, type Namespace, sharedCluster } from '@landfall/testkit'

export const ALL_PODS = 'delete all pods at once'
export const POWER = 'power off both nodes'

/** Does it, and resolves when what was struck is gone: everything that answers after that is new. */
export async function strike(namespace: Namespace, release: string, fault: string): Promise<void> {
  const [how, service = ''] = fault.split(' ')
  const all = `app.kubernetes.io/instance=${release}`
  const selector = fault === ALL_PODS ? all : `${all},app.kubernetes.io/name=${service}`
  if (fault === POWER) return cutPower()
  if (how === 'delete') await namespace.kubectl(['delete', 'pods', '-l', selector, '--wait'])
  else for (const pod of await namespace.list('pods', selector)) await kill(namespace, pod, service)
}

async function cutPower(): Promise<void> {
  const { name, nodes } = sharedCluster()
  const options = { ...defaultOptions(process.env), name, nodes: nodes.length }
  await Promise.all(nodes.map((node) => nodePowerOff(options, node.name)))
  for (const node of nodes) await nodePowerOn(options, node.name)
}

/** Ends the processes of a container from outside of it, as a lack of memory does: its first process cannot hold that up. */
async function kill(namespace: Namespace, pod: Json, container: string): Promise<void> {
  const statusIn = ({ status }: Json) =>
    status.containerStatuses.find(({ name }: Json) => name === container)
  const { containerID, restartCount } = statusIn(pod)
  const id = containerID.replace(/^.*\/\//, '')
  const processes = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && isIn(entry, id))
  if (processes.length === 0) throw new Error(`${container} has no process`)
  for (const process_ of processes) process.kill(Number(process_), 'SIGKILL')
  await eventually(90_000, async () => {
    const now = statusIn(await namespace.get('pod', pod.metadata.name))
    if (now.restartCount === restartCount && now.state.running !== undefined)
      throw new Error(`${container} has not ended`)
  })
}

function isIn(id: string, container: string): boolean {
  try {
    return readFileSync(`/proc/${id}/cgroup`, 'utf8').includes(container)
  } catch {
    return false
  }
}
