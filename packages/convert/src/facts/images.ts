import type { ImageFacts } from '@landfall/image'
import type { ServiceConversion } from '../conversion.ts'

/** What is known of the image of a service. */
export interface KnownImage {
  /** Empty where nothing is known. */
  facts: ImageFacts
  /** Why something of the image is not known, as a sentence without its subject; absent where all is. */
  unknown?: string
}

/** Of a service for which nobody has looked. */
export const UNREAD: KnownImage = { facts: {}, unknown: 'nobody has looked' }

/** JSON Pointer of the key that brings a service its image: where the ledger tells what the image does. */
export function imageKey({ compose, at }: Pick<ServiceConversion, 'compose' | 'at'>): string {
  return compose.image === undefined ? at('build', 'context') : at('image')
}
