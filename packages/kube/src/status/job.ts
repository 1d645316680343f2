import { conditionOf, current, failed, inProgress, type StatusRule } from './status.ts'

/** Current when the Job has done its work: one that still runs is in progress. */
export const jobStatus: StatusRule = (job) => {
  if (conditionOf(job, 'Complete')?.status === 'True') return current('completed')
  for (const type of ['Failed', 'FailureTarget']) {
    const failure = conditionOf(job, type)
    if (failure?.status === 'True')
      return failed(failure.message ?? failure.reason ?? 'the Job failed')
  }
  if (job.spec?.suspend === true) return inProgress('suspended')
  const { active = 0, failed: failures = 0 } = job.status ?? {}
  const state =
    active > 0 ? 'running' : failures === 0 ? 'not started yet' : 'waiting for the next run'
  const after = failures === 0 ? '' : ` after ${failures} failed ${failures === 1 ? 'run' : 'runs'}`
  return inProgress(`${state}${after}`)
}
