import type { DeployEvent } from '@landfall/deploy'

/** Wall time for people: `0.4 s`, `12 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

const WORKLOAD = /^(deployment|statefulset|daemonset|job|cronjob|pod)\//

/** Whether an object runs something, so that people wait for it. */
export function isWorkload(object: string): boolean {
  return WORKLOAD.test(object)
}

/** What people call a workload: a Deployment by its name alone, others with their kind. */
export function workloadName(object: string): string {
  return object.startsWith('deployment/') ? object.slice('deployment/'.length) : object
}

/** "14 objects: 3 created, 11 unchanged"; undefined when there is nothing to say. */
export function planSummary({ operations }: Extract<DeployEvent, { type: 'plan' }>): string {
  const words = {
    create: 'to create',
    update: 'to update',
    replace: 'to replace',
    delete: 'to delete',
    unchanged: 'unchanged',
    keep: 'no longer named, kept',
  }
  const parts = Object.entries(words)
    .map(([verb, word]) => ({ word, count: operations.filter((one) => one.verb === verb).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
  return `${operations.length} objects: ${parts.join(', ')}`
}
