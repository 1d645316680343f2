import { readFileSync } from 'node:fs'

/** A process, distinguished from a later one with the same number. */
export interface ProcessIdentity {
  pid: number
  /** Field 22 of `/proc/<pid>/stat` (proc_pid_stat(5)): clock ticks from boot to the process's start. */
  startTime: string
  /** `/proc/sys/kernel/random/boot_id`: start times count from each boot. */
  boot: string
}

/** The start time in the text of `/proc/<pid>/stat`; undefined for a zombie, which runs no more. */
export function startTimeOf(stat: string): string | undefined {
  // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

/** The identity of a running process, or undefined where none has that number. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const startTime = startTimeOf(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    if (startTime === undefined) return undefined
    return { pid, startTime, boot: bootId() }
  } catch {
    return undefined
  }
}

/** Whether that very process still runs. */
export function isRunning(known: ProcessIdentity): boolean {
  const now = identify(known.pid)
  return now !== undefined && now.startTime === known.startTime && now.boot === known.boot
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
