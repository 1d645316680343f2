import type { ApiRule } from '../../plan/service-plan.ts'

/** A rule of a Role in words: `get, list pods and services`. */
export function wordsOf({ apiGroups, resources, verbs, resourceNames }: ApiRule): string {
  const does = verbs.includes('*') ? 'do everything with' : listed(verbs)
  const kinds = resources.includes('*')
    ? `all objects${apiGroups.includes('*') ? '' : ` of ${apiGroups.map((group) => group || 'the core group').join(', ')}`}`
    : listed(resources)
  return `${does} ${kinds}${resourceNames === undefined ? '' : ` named ${resourceNames.join(', ')}`}`
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
