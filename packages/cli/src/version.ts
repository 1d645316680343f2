declare const LANDFALL_VERSION: string | undefined

/** Set by the build; code that runs from source has no version. */
export const version: string =
  typeof LANDFALL_VERSION === 'string' ? LANDFALL_VERSION : 'from source'
