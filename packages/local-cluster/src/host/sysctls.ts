import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeKernelFile } from './files/kernel-file.ts'
import { writeWhole } from './write-whole.ts'

/** Kept on a file system that a reboot empties, as a reboot also forgets the values. */
const recordFile = '/run/landfall-sysctls.json'

/** What the host needs at least, as paths under /proc/sys. */
const atLeast: Record<string, number> = {
  'net/ipv4/ip_forward': 1,
  // Each containerd, kubelet and many a program in a pod watches files; the usual 128 are soon used up.
  'fs/inotify/max_user_instances': 8192,
  'fs/inotify/max_user_watches': 524_288,
}

/** What each kubelet sets when it starts (its kernel tunables), for the whole machine. */
const setByKubelet = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
]

/** Sets what the clusters need and keeps the values that were there before the first of them. */
export function raiseSysctls(): void {
  if (!existsSync(recordFile)) {
    const before: Record<string, string> = {}
    for (const name of [...Object.keys(atLeast), ...setByKubelet])
      if (existsSync(at(name))) before[name] = readFileSync(at(name), 'utf8').trim()
    writeWhole(recordFile, JSON.stringify(before))
  }
  for (const [name, value] of Object.entries(atLeast))
    if (existsSync(at(name)) && Number(readFileSync(at(name), 'utf8')) < value)
      writeKernelFile(at(name), String(value))
}

/** Gives the machine back the values that it had before the first cluster. */
export function restoreSysctls(): void {
  if (!existsSync(recordFile)) return
  const before = JSON.parse(readFileSync(recordFile, 'utf8')) as Record<string, string>
  for (const [name, value] of Object.entries(before))
    if (readFileSync(at(name), 'utf8').trim() !== value) writeKernelFile(at(name), value)
  rmSync(recordFile)
}

function at(name: string): string {
  return join('/proc/sys', name)
}
