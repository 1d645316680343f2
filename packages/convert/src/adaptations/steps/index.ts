import type { Adaptation } from '../../adaptation.ts'
import { buildSteps } from './build.ts'
import { planSteps } from './plan-steps.ts'

export default {
  id: 'steps',
  title: 'Run what landfall.yaml declares before a program, and statements of SQL once',
  plan(conversion) {
    for (const service of conversion.services) planSteps(conversion, service)
  },
  part({ before = [], image }, _, mounts) {
    return {
      containers: before.map((step, index) => ({
        phase: 'before',
        name: before.length === 1 ? 'before' : `before-${index + 1}`,
        image: 'sql' in step ? step.sql.image : (step.image ?? image),
        mounts: 'sql' in step ? [] : [...mounts],
        step: index,
      })),
    }
  },
  build: buildSteps,
} satisfies Adaptation
