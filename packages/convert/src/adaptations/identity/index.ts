import type { Adaptation } from '../../adaptation.ts'
import { buildCopyServices } from './build.ts'
import { because } from './causes.ts'
import { planIdentity } from './plan-identity.ts'
import { reason } from './reasons.ts'

export default {
  id: 'identity',
  reasons: reason,
  causes: because,
  title: 'Number the copies of a service, each with its own name and ports',
  plan(conversion) {
    const taken = new Map<number, string>()
    for (const service of conversion.services) planIdentity(conversion, service, taken)
  },
  build: buildCopyServices,
} satisfies Adaptation
