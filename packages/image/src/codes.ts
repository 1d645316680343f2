/** Every code of a diagnostic that this package reports, each with the one line that documents it. */
export const imageCodes = {
  'image/lock-syntax':
    'landfall.lock is not valid JSON, was written by a newer Landfall, or says of an image what cannot be.',
  'image/unknown-facts': 'Nothing is known of what an image says of itself.',
} as const satisfies Record<`image/${string}`, string>

export type ImageCode = keyof typeof imageCodes
