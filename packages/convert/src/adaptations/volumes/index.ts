import type { Adaptation } from '../../adaptation.ts'
import { buildVolumes } from './build.ts'
import { checkBindSettings } from './check-bind-settings.ts'
import { checkTargets } from './check-targets.ts'
import { volumesPart } from './part.ts'
import { planBinds } from './plan-binds.ts'
import { planMemory } from './plan-memory.ts'
import { planMounts } from './plan-mounts.ts'
import { planVolumes } from './plan-volumes.ts'
import { reason } from './reasons.ts'

export default {
  id: 'volumes',
  reasons: reason,
  title: 'Turn each named volume into a PersistentVolumeClaim',
  plan(conversion) {
    for (const service of conversion.services) {
      planMounts(conversion, service)
      planMemory(service)
    }
    checkTargets(conversion)
    planVolumes(conversion)
    planBinds(conversion)
    checkBindSettings(conversion)
  },
  part: volumesPart,
  build: buildVolumes,
} satisfies Adaptation
