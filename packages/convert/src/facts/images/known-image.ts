import type { Service } from '@landfall/compose'
import type { ImageFacts } from '@landfall/image'

/** What is known of the image of a service. */
export interface KnownImage {
  /** Empty where nothing is known. */
  facts: ImageFacts
  /** Why something of the image is not known, in one line; absent where all is. */
  unknown?: string
  /** The facts are those of the table of well-known images. */
  from?: 'table'
}

/** Of a service whose image was not looked up. */
export const UNREAD: KnownImage = { facts: {}, unknown: 'not read' }

/** JSON Pointer of the key that brings a service its image: whose ledger entry tells what the image brings. */
export function imageKey({
  compose,
  at,
}: {
  compose: Pick<Service, 'image'>
  at(...keys: string[]): string
}): string {
  return compose.image === undefined ? at('build', 'context') : at('image')
}
