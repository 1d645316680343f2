import { type Clock, machineClock } from '@landfall/kube'
import type { Progress } from '../contract.ts'

/**
 * Does a long piece of work and reports its start, what it reports itself, and its end with the time that it took. `step` is
 * a present participle: "building Kubernetes". Work that fails has no end.
 */
export async function asStep<T>(
  progress: Progress,
  step: string,
  work: (report: (detail: string) => void) => Promise<T>,
  { detailOf, clock = machineClock }: { detailOf?: (result: T) => string; clock?: Clock } = {},
): Promise<T> {
  const begun = clock.now()
  progress({ step, state: 'start' })
  const result = await work((detail) => progress({ step, state: 'progress', detail }))
  const ms = Math.round(clock.now() - begun)
  progress({
    step,
    state: 'done',
    ms,
    ...(detailOf === undefined ? {} : { detail: detailOf(result) }),
  })
  return result
}
