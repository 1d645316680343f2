import { readlinkSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import type { Holder } from '@landfall/deploy'
import { identify, isRunning } from '@landfall/local-cluster/process-identity'

/** This process, as other commands on the same release show it, and as they recognise that it has ended. */
export function holderOf(command: string): Holder {
  const identity = [`${userName()}@${hostname()}`, ...thisProcess()].join('/')
  return { identity, command, hasEnded: hasEnded }
}

/**
 * Whether a holder was a process of this machine that has ended: its identity names the boot, the process namespace, and the process with its
 * start time. Where one of these is not known, nothing is certain.
 */
function hasEnded(identity: string): boolean {
  const [who, boot, space, pid, startTime, ...rest] = identity.split('/')
  const here = identify(process.pid)
  if (who === undefined || startTime === undefined || rest.length > 0 || here === undefined)
    return false
  const sameMachine =
    who.slice(who.lastIndexOf('@') + 1) === hostname() &&
    boot === here.boot &&
    space === processNamespace() &&
    space !== ''
  return sameMachine && !isRunning({ pid: Number(pid), startTime, boot: here.boot })
}

function thisProcess(): string[] {
  const here = identify(process.pid)
  return here === undefined
    ? [crypto.randomUUID()]
    : [here.boot, processNamespace(), String(here.pid), here.startTime]
}

/** `pid:[4026531836]`: two containers may have the same host name and the same process numbers. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
