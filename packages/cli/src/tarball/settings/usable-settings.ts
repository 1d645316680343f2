import type { ServiceSettings } from '@landfall/convert'

const isText = (value: unknown): boolean => typeof value === 'string'
const isListOf =
  (isItem: (item: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(isItem)
const isMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The keys of which a service from a tarball is made, with the values that they can have. */
const USABLE: { readonly [key in keyof ServiceSettings]?: (value: unknown) => boolean } = {
  tarball: isText,
  checksum: isText,
  start: isText,
  java: (value) => typeof value === 'number',
  base: isText,
  packages: isListOf(isText),
  prepare: isListOf(isText),
  jvm: isText,
  logs: isListOf(isText),
  ports: isListOf((port) => isText(port) || typeof port === 'number'),
  files: (value) => isMap(value) && Object.values(value as object).every(isMap),
}

/**
 * Settings of a service before they are checked, without values of another kind than their keys have: these are reported when the settings
 * are read.
 */
export function usableSettings(value: Readonly<Record<string, unknown>>): ServiceSettings {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, one]) => USABLE[key as keyof ServiceSettings]?.(one) ?? false,
    ),
  )
}
