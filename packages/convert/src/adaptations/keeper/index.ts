import type { Adaptation } from '../../adaptation.ts'
import { buildKeeper } from './build.ts'
import { planKeeper } from './plan-keeper.ts'

export default {
  id: 'keeper',
  title: 'Restart services and run one-shots again, where that is declared',
  plan: planKeeper,
  build: buildKeeper,
} satisfies Adaptation
