import type { WorkState } from './estimate.ts'

/** "1204 of 2845 packages, 4 min left, k8s.io/api/core/v1": the most important comes first, where lines are cut. */
export function describeWork({ done, total, current, leftMs }: WorkState): string {
  return [
    ...(total === 0 ? [] : [`${done} of ${total} packages`]),
    ...(leftMs === undefined ? [] : [`${leftOf(leftMs)} left`]),
    ...(current === undefined ? [] : [current]),
  ].join(', ')
}

/** Not more exact than an estimate is. */
function leftOf(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 10) return 'a few seconds'
  if (seconds < 90) return `${Math.round(seconds / 10) * 10} s`
  return `${Math.round(seconds / 60)} min`
}
