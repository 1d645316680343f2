import type { ServicePlan } from '../../plan/plan.ts'
import { TOOLS } from '../image-content-seed/tools.ts'

const BUSYBOX = `${TOOLS}/busybox`

/** Words that start a shell, by name or by path. */
const SHELL = /^(\/\S*\/)?(ba|a|da|z)?sh$/

/** Whether the image may have no shell that could pause before the hook, so that the pod has to bring one. */
export function needsTools({ drain, hooks }: ServicePlan): boolean {
  const [first] = hooks.beforeStop ?? []
  return drain !== undefined && first !== undefined && !SHELL.test(first)
}

/**
 * A preStop handler of a pause, and of the hook after it. A container has one handler: with a hook a shell sleeps, that
 * of the image where the hook runs in it, otherwise one that the pod brings.
 */
export function preStop({ drain, hooks }: ServicePlan): Record<string, unknown> | undefined {
  const { beforeStop } = hooks
  if (drain === undefined)
    return beforeStop === undefined ? undefined : { exec: { command: beforeStop } }
  if (beforeStop === undefined) return { sleep: { seconds: drain.seconds } }
  return { exec: { command: paused(beforeStop, drain.seconds) } }
}

function paused(command: readonly string[], seconds: number): string[] {
  const [shell = '', option, script] = command
  if (!SHELL.test(shell))
    return [BUSYBOX, 'sh', '-c', `"$0" sleep ${seconds}; exec "$@"`, BUSYBOX, ...command]
  return option === '-c' && command.length === 3
    ? [shell, '-c', `sleep ${seconds}; ${script}`]
    : [shell, '-c', `sleep ${seconds}; exec "$@"`, shell, ...command]
}
