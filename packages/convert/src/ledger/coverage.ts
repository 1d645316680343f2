import { toPointer } from '@landfall/diagnostic'
import type { Conversion } from '../conversion.ts'
import { isDisabled } from '../facts/disabled.ts'
import { noMeaning } from './keys/reasons.ts'
import { answerFor, ruleAt } from './keys.ts'

/** Gives every key that no adaptation answered for its entry, so that none is lost in silence. */
export function accountForRest(conversion: Conversion): void {
  const recorded = new Set(conversion.ledger.paths())
  const inside = parentsOf(recorded)
  const account = (path: string[], value: unknown): void => {
    const pointer = toPointer(path)
    if (recorded.has(pointer)) return
    const filled = typeof value === 'object' && value !== null && Object.keys(value).length > 0
    if (filled && (inside.has(pointer) || ruleAt(path).divided))
      for (const [key, child] of Object.entries(value)) account([...path, key], child)
    else conversion.ledger.record(pointer, answerFor(path, value))
  }
  const { services, ...rest } = conversion.project
  for (const [service, keys] of Object.entries(services))
    if (isDisabled(conversion.settings, service))
      conversion.ledger.record(toPointer(['services', service]), noMeaning('not-enabled'))
    else
      for (const [key, value] of Object.entries(keys))
        if (keys.provider === undefined || key === 'provider')
          account(['services', service, key], value)
        else conversion.ledger.record(toPointer(['services', service, key]), noMeaning('provider'))
  for (const [key, value] of Object.entries(rest))
    if (typeof value !== 'object' || value === null || key.startsWith('x-')) account([key], value)
    else for (const [name, child] of Object.entries(value)) account([key, name], child)
}

/** Every pointer that has an entry somewhere below it. */
function parentsOf(paths: Iterable<string>): Set<string> {
  const parents = new Set<string>()
  for (const path of paths)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      parents.add(path.slice(0, at))
  return parents
}
