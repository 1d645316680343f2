import type { ImageFacts } from '@landfall/image'

/** What is known of the image of a service. */
export interface KnownImage {
  /** Empty where nothing is known. */
  facts: ImageFacts
  /** Why something of the image is not known, as a sentence without its subject; absent where all is. */
  unknown?: string
}

/** Of a service for which nobody has looked. */
export const UNREAD: KnownImage = { facts: {}, unknown: 'nobody has looked' }
