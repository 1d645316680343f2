import type { ServiceConversion } from '../../conversion.ts'
import { hostnameOf } from '../own-name/hostname.ts'

/** The name by which one service reaches another; itself by its host name, which is its own address in its pod. */
export function nameFor(owner: ServiceConversion, dialler: ServiceConversion): string {
  return (owner === dialler ? hostnameOf(owner) : undefined) ?? owner.plan.name
}
