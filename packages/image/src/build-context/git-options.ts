/** What an address says of a repository beside its place. */
export interface GitOptions {
  ref?: string
  subdirectory?: string
}

/** `ref:directory`, as it is written after `#`; a text says what is wrong with it. */
export function parseFragment(fragment: string): GitOptions | string {
  const at = fragment.indexOf(':')
  return at === -1 ? checked(fragment, '') : checked(fragment.slice(0, at), fragment.slice(at + 1))
}

const REFS = ['ref', 'branch', 'tag', 'commit', 'checksum']

/** `ref=…&subdir=…`, as it is written after `?`; a text says what is wrong with it. */
export function parseQuery(query: URLSearchParams): GitOptions | string {
  const names = [...query.keys()]
  const unknown = names.find((name) => ![...REFS, 'subdir'].includes(name))
  if (unknown !== undefined) return `"${unknown}" is not an option of a repository`
  // A commit is more exact than the branch that it is on.
  const refs = names.filter((name) => REFS.includes(name))
  const exact = refs.toSorted((a, b) => REFS.indexOf(b) - REFS.indexOf(a))[0]
  const value = query.get(exact ?? '') ?? ''
  const prefix = { branch: 'refs/heads/', tag: 'refs/tags/' }[exact ?? ''] ?? ''
  return checked(value === '' ? '' : `${prefix}${value}`, query.get('subdir') ?? '')
}

/** Reference for refs: https://git-scm.com/docs/git-check-ref-format */
function checked(ref: string, directory: string): GitOptions | string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are not allowed in refs
  if (ref.startsWith('-') || ref.includes('..') || /[\s~^:?*[\\\x00-\x1f]/.test(ref))
    return `"${ref}" is not a valid ref`
  const parts = directory.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.some((part) => part === '..' || part.toLowerCase() === '.git'))
    return `the directory "${directory}" is not in the repository`
  return {
    ...(ref !== '' && { ref }),
    ...(parts.length > 0 && { subdirectory: parts.join('/') }),
  }
}
