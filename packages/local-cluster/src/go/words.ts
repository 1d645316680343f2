import type { WorkState } from './estimate.ts'

/**
 * "1204 of 2845 packages, 4 min left, k8s.io/api/core/v1, then linking and CoreDNS": the most important comes first, because long
 * lines are cut. `next` is what is built after this program.
 */
export function describeWork(
  { done, total, current, leftMs }: WorkState,
  next: string | undefined,
): string {
  const after = [...(current === linking ? [] : [linking]), ...(next === undefined ? [] : [next])]
  return [
    ...(total === 0 ? [] : [`${done} of ${total} packages`]),
    ...(leftMs === undefined ? [] : [`${leftOf(leftMs)} left`]),
    ...(current === undefined ? [] : [current]),
    ...(after.length === 0 ? [] : [`then ${after.join(' and ')}`]),
  ].join(', ')
}

/** The last part of a build. */
export const linking = 'linking'

/** Not more exact than an estimate is. */
function leftOf(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 10) return 'a few seconds'
  if (seconds < 90) return `${Math.round(seconds / 10) * 10} s`
  return `${Math.round(seconds / 60)} min`
}
