import { readdirSync, readFileSync } from 'node:fs'
import { unpackHostTools } from '../../packages/local-cluster/src/cache/host-tools.ts'
import { startTimeOf } from '../../packages/local-cluster/src/host/process-identity.ts'
import { run } from '../../packages/local-cluster/src/host/run.ts'
import { bridges } from '../../packages/local-cluster/src/network/host-network.ts'

/** Everything on this machine that belongs to the cluster with that bridge and that state directory, as sentences. */
export async function tracesOf(
  id: string,
  stateDirectory: string,
  cacheDirectory: string,
): Promise<string[]> {
  const { env } = await unpackHostTools(cacheDirectory, () => {})
  const tables = await run('nft', ['list', 'tables'], { env })
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
  const groups = await run('find', ['/sys/fs/cgroup', '-type', 'd', '-name', id])
  const lines = (text: string, wanted: string) =>
    text.split('\n').filter((line) => line.includes(wanted))
  return [
    ...readdirSync('/sys/class/net')
      .filter((name) => name === id || name.startsWith(`${id}n`))
      .map((name) => `interface ${name}`),
    ...lines(tables, `ip ${id}`).map((line) => `firewall ${line}`),
    ...lines(mounts, stateDirectory).map((line) => `mount ${line}`),
    ...lines(groups, id).map((line) => `control group ${line}`),
    ...processesOf(id, stateDirectory),
  ]
}

function processesOf(id: string, stateDirectory: string): string[] {
  const found: string[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      // A zombie has ended; its parent, the machine's process 1, has not taken note yet.
      if (startTimeOf(readFileSync(`/proc/${pid}/stat`, 'utf8')) === undefined) continue
      const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
      if (groups.includes(`:/${id}/`) || command.includes(stateDirectory))
        found.push(`process ${pid} ${command}`)
    } catch {
      // It ended while we looked.
    }
  }
  return found
}

/** The settings of the kernel that clusters change, while no cluster is there; undefined while one is. */
export function kernelSettings(): Record<string, string> | undefined {
  if (bridges().length > 0) return undefined
  const names = [
    'net/ipv4/ip_forward',
    'fs/inotify/max_user_instances',
    'fs/inotify/max_user_watches',
    'vm/overcommit_memory',
    'kernel/panic',
    'kernel/panic_on_oops',
    'kernel/keys/root_maxkeys',
    'kernel/keys/root_maxbytes',
  ]
  return Object.fromEntries(names.map((name) => [name, readFileSync(`/proc/sys/${name}`, 'utf8')]))
}
