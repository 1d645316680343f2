import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, machineClock } from '@landfall/kube'
import { writeKernelFile } from './files/kernel-file.ts'

/**
 * The mount points of all control group hierarchies in the text of `/proc/self/mounts`: one with cgroup v2, one for each
 * controller with v1 (cgroups(7)). Those that others mounted elsewhere, for containers, are not listed.
 */
export function cgroupHierarchies(mounts: string): { path: string; version: 1 | 2 }[] {
  const found: { path: string; version: 1 | 2 }[] = []
  for (const line of mounts.split('\n')) {
    const [, path, type] = line.split(' ')
    if (path?.startsWith('/sys/fs/cgroup') && (type === 'cgroup' || type === 'cgroup2'))
      found.push({ path, version: type === 'cgroup' ? 1 : 2 })
  }
  return found
}

function hierarchies(): { path: string; version: 1 | 2 }[] {
  return cgroupHierarchies(readFileSync('/proc/self/mounts', 'utf8'))
}

/** The directories of a control group in all hierarchies. */
function cgroupDirectories(cgroup: string): string[] {
  return hierarchies().map(({ path }) => join(path, cgroup))
}

/** Makes a control group `cluster/child` in all hierarchies; with v2 all controllers are passed on to it. */
export function makeCgroup(cluster: string, child: string): void {
  const all = hierarchies()
  for (const { path, version } of all) {
    mkdirSync(join(path, cluster, child), { recursive: true })
    if (version === 1) {
      inheritCpuset(path, [cluster, join(cluster, child)])
    } else if (all.length === 1) {
      passControllersOn(path)
      passControllersOn(join(path, cluster))
    }
  }
}

/** A new v1 cpuset has no processors and no memory nodes, and nothing can enter it until it has. */
function inheritCpuset(hierarchy: string, cgroups: string[]): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    if (!existsSync(join(hierarchy, file))) return
    for (const cgroup of cgroups)
      writeKernelFile(join(hierarchy, cgroup, file), readFileSync(join(hierarchy, file)))
  }
}

function passControllersOn(directory: string): void {
  const controllers = readFileSync(join(directory, 'cgroup.controllers'), 'utf8').trim().split(' ')
  writeKernelFile(
    join(directory, 'cgroup.subtree_control'),
    controllers.map((controller) => `+${controller}`).join(' '),
  )
}

/**
 * The command that runs a program in a control group. It enters by itself: also when its parent ends at this moment, no program
 * runs outside.
 */
export function commandInCgroup(cgroup: string, command: readonly string[]): string[] {
  const enter = 'while [ "$1" != -- ]; do echo 0 > "$1/cgroup.procs"; shift; done; shift; exec "$@"'
  return ['/bin/sh', '-c', enter, 'sh', ...cgroupDirectories(cgroup), '--', ...command]
}

/** The processes in a control group itself, without those in groups below it. */
export function processesIn(cgroup: string): number[] {
  const pids = new Set<number>()
  for (const directory of cgroupDirectories(cgroup)) {
    if (!existsSync(directory)) continue
    const text = readFileSync(join(directory, 'cgroup.procs'), 'utf8')
    for (const line of text.split('\n')) if (line !== '') pids.add(Number(line))
  }
  return [...pids]
}

/** Removes a control group and all below it; processes that have just ended leave a moment later, so it tries for 5 s. */
export async function removeCgroup(cgroup: string, clock: Clock = machineClock): Promise<void> {
  for (const directory of cgroupDirectories(cgroup)) {
    for (let attempt = 0; existsSync(directory); attempt++) {
      try {
        removeTree(directory)
      } catch (error) {
        if (attempt >= 100) throw error
        await clock.sleep(50)
      }
    }
  }
}

function removeTree(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (entry.isDirectory()) removeTree(join(directory, entry.name))
  rmdirSync(directory)
}
