import type { Bundle } from '@landfall/kube'
import { adaptations } from './adaptations/index.ts'
import { inStep } from './in-step.ts'
import { finishBundle, startBundle } from './objects/bundle-draft.ts'
import { declareForAll } from './objects/for-all.ts'
import type { Plan } from './plan/plan.ts'
import { selfCheck } from './self-check/index.ts'

/** The objects of a plan, which decides all that they hold. Throws an Error for a bug of the converter alone. */
export function buildBundle(plan: Plan): Bundle {
  const draft = startBundle(plan)
  for (const { id, build } of adaptations) inStep(id, () => build?.(draft))
  declareForAll(draft)
  selfCheck(draft)
  return finishBundle(draft)
}
