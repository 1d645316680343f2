import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { clusterUp, nodePowerOff, nodePowerOn } from '@landfall/local-cluster'

/** What happens to the cluster while updates are deployed. */
export const disturbances = [
  'none',
  'none',
  'API server restarted',
  'etcd paused',
  'node lost',
] as const
export type Disturbance = (typeof disturbances)[number]

type Options = Parameters<typeof clusterUp>[0]

/** Does it, and resolves when the cluster is whole again. */
export async function disturb(what: Disturbance, options: Options): Promise<void> {
  if (what === 'API server restarted') {
    process.kill(processOf('kube-apiserver', options), 'SIGKILL')
    await pause(5_000)
    await clusterUp(options, () => undefined)
  }
  if (what === 'etcd paused') {
    const etcd = processOf('etcd', options)
    process.kill(etcd, 'SIGSTOP')
    await pause(8_000)
    process.kill(etcd, 'SIGCONT')
  }
  if (what === 'node lost') {
    await nodePowerOff(options, 'node-2')
    await pause(70_000)
    await nodePowerOn(options, 'node-2')
  }
}

/** The process of a program of this cluster. */
export function processOf(program: string, { stateDirectory, name }: Options): number {
  const found = readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false
    try {
      const [path = '', first = ''] = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0')
      const whole = readFileSync(`/proc/${entry}/cmdline`, 'utf8')
      const is = path.endsWith(`/${program}`) || first === program
      return is && whole.includes(`${stateDirectory}/${name}/`)
    } catch {
      return false
    }
  })
  if (found.length !== 1) throw new Error(`${found.length} processes of ${program}`)
  return Number(found[0])
}
