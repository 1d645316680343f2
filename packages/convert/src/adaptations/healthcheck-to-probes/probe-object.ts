import { literal } from '../../objects/pod.ts'
import type { PlannedProbe } from '../../plan/plan.ts'

/** A planned probe as the container has it. */
export function probeObject({
  action,
  period,
  timeout,
  failures,
  delay,
}: PlannedProbe): Record<string, unknown> {
  const shown = 'exec' in action ? { exec: { command: action.exec.command.map(literal) } } : action
  return {
    ...shown,
    ...(delay === undefined ? {} : { initialDelaySeconds: delay }),
    periodSeconds: period,
    timeoutSeconds: timeout,
    failureThreshold: failures,
  }
}
