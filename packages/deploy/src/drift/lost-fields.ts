import { parseQuantity } from '@landfall/kube'
import { elementName, keysOf } from './element-keys.ts'

/**
 * The fields of a desired value that a live one does not hold, as paths: `spec.template.spec.containers[web].image`. The cluster adds default
 * values, and others add elements to lists whose elements have keys; nothing else may differ. An empty value that the cluster leaves out
 * counts as there.
 */
export function lostFields(live: unknown, desired: unknown): string[] {
  const found: string[] = []
  walk('', live, desired, found)
  return found
}

/** Whether a live value holds everything that is desired. */
export function contains(live: unknown, desired: unknown): boolean {
  return lostFields(live, desired).length === 0
}

function walk(path: string, live: unknown, desired: unknown, found: string[]): void {
  if (Array.isArray(desired)) {
    if (!walkList(path, live, desired, found)) found.push(path)
    return
  }
  if (typeof desired === 'object' && desired !== null) {
    if (isNothing(live)) {
      for (const [key, value] of Object.entries(desired))
        if (!isEmpty(value)) found.push(childOf(path, key))
    } else if (typeof live !== 'object') found.push(path)
    else
      for (const [key, value] of Object.entries(desired))
        walk(childOf(path, key), (live as Record<string, unknown>)[key], value, found)
    return
  }
  const isSame = live === desired || (isNothing(live) && isEmpty(desired))
  if (!isSame && !isSameQuantity(path, live, desired)) found.push(path)
}

/** False when the list as a whole is another one. */
function walkList(
  path: string,
  live: unknown,
  desired: readonly unknown[],
  found: string[],
): boolean {
  if (isNothing(live)) return desired.length === 0
  if (!Array.isArray(live)) return false
  const keys = keysOf(/\w*$/.exec(path)?.[0] ?? '', desired[0])
  if (keys === undefined) {
    const inItems: string[] = []
    if (live.length === desired.length)
      for (const [index, item] of desired.entries()) walk('', live[index], item, inItems)
    return live.length === desired.length && inItems.length === 0
  }
  const elements = new Map(live.map((element) => [elementName(keys, element), element]))
  for (const element of desired) {
    const name = elementName(keys, element)
    if (elements.has(name)) walk(`${path}${name}`, elements.get(name), element, found)
    else found.push(`${path}${name}`)
  }
  return true
}

/** Fields that are quantities, which the cluster keeps in their canonical form: `1000m` as `1`. */
const QUANTITY = /(?:^|\.)(?:resources\.(?:limits|requests)|hard)(?:\.|\[)|(?:^|\.)sizeLimit$/

function isSameQuantity(path: string, live: unknown, desired: unknown): boolean {
  if (!QUANTITY.test(path)) return false
  const [is, was] = [live, desired].map((value) => parseQuantity(String(value)))
  return is !== undefined && is === was
}

/** `spec.replicas`; keys with dots are kept apart: `metadata.labels[app.kubernetes.io/name]`. */
export function childOf(path: string, key: string): string {
  if (path !== '' && /[^\w-]/.test(key)) return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null
}

function isEmpty(value: unknown): boolean {
  return isNothing(value) || value === '' || value === 0 || value === false
}
