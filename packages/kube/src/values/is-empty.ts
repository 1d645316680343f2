/** Whether a template of Helm takes a value for empty: nothing, an empty text, list or mapping. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
