import type { ServiceSettings } from '../../settings/landfall-file.ts'
import { declaredOneShot } from './declared-one-shot.ts'

/** Whether a one-shot runs again when its effect is gone. */
export function runsWhenGone(settings: ServiceSettings): boolean {
  const again = declaredOneShot(settings)?.again
  return again === 'whenGone' || (typeof again === 'object' && again.whenGone === true)
}
