import { isSameJson } from '@landfall/kube'

/** An operation of RFC 6902. */
export type PatchOperation =
  | { op: 'add' | 'replace'; path: string; value: unknown }
  | { op: 'remove'; path: string }

/**
 * The operations that make one value of another, in an order in which they can be applied. A list of another length is replaced as a whole, so
 * that no operation depends on the place of another one. https://www.rfc-editor.org/rfc/rfc6902
 */
export function jsonPatch(before: unknown, after: unknown, path = ''): PatchOperation[] {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return after.flatMap((item, index) => jsonPatch(before[index], item, `${path}/${index}`))
  if (!isMapping(before) || !isMapping(after))
    return isSameJson(before, after) ? [] : [{ op: 'replace', path, value: after }]
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.flatMap((key): PatchOperation[] => {
    const [was, is] = [before[key], after[key]]
    const below = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (is === undefined) return was === undefined ? [] : [{ op: 'remove', path: below }]
    return was === undefined ? [{ op: 'add', path: below, value: is }] : jsonPatch(was, is, below)
  })
}

/**
 * The mapping that, merged into one value, gives another (RFC 7386): what is gone is null. Lists are replaced as a whole.
 * https://www.rfc-editor.org/rfc/rfc7386
 */
export function mergePatch(before: unknown, after: unknown): unknown {
  if (!isMapping(before) || !isMapping(after)) return after
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return Object.fromEntries(
    keys.flatMap((key) => {
      const [was, is] = [before[key], after[key]]
      if (is === undefined) return [[key, null]]
      return isSameJson(was, is) ? [] : [[key, mergePatch(was, is)]]
    }),
  )
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
