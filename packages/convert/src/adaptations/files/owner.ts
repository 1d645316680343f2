import { ownValue } from '@landfall/diagnostic'
import type { ServiceConversion } from '../../conversion.ts'

/** `uid:gid` of the program where it is not root: what it may write is its own. */
export function ownerOf({ image, plan: { rights } }: ServiceConversion): string | undefined {
  const { user = '', accounts } = image.facts
  const [name = '', group] = user.split(':')
  const account = ownValue(accounts?.users, name)
  const uid = rights.runAsUser ?? (/^\d+$/.test(name) ? Number(name) : account?.uid)
  if (uid === undefined || uid === 0) return undefined
  const ofImage = /^\d+$/.test(group ?? '') ? group : (account?.gid ?? 0)
  return `${uid}:${rights.runAsGroup ?? ofImage}`
}
