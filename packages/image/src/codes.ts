/** Every code of a diagnostic that this package reports, each with the one line that documents it. */
export const imageCodes = {
  'image/lock-syntax':
    'landfall.lock is not a readable file, is not valid JSON, was written by a newer version of Landfall, or has an entry that is not valid.',
  'image/unknown-facts': 'No metadata (ports, health check, volumes, user) is known for an image.',
} as const satisfies Record<`image/${string}`, string>

export type ImageCode = keyof typeof imageCodes
