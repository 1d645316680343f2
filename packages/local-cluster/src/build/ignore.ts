/** What a build context leaves out. */
export interface Ignores {
  /** Whether a path (relative to the context, with `/`) is left out. */
  leavesOut: (path: string) => boolean
  /** Whether something below a folder that is left out may be brought back. */
  hasExceptions: boolean
}

/**
 * The meaning of a `.dockerignore` file: shell patterns from the root of the context, `**` for any number of folders,
 * `!` for exceptions; the last line that fits decides. A folder that is left out takes all below it along.
 * https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function parseIgnoreFile(text: string): Ignores {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const exception = line.startsWith('!')
      const pattern = (exception ? line.slice(1).trim() : line).replace(/^\/+|\/+$/g, '')
      return { exception, expression: expressionOf(pattern.replace(/^(?:\.\/)+/, '')) }
    })
  return {
    leavesOut: (path) => {
      let ignored = false
      for (const { exception, expression } of rules)
        if (ignored === exception && expression.test(path)) ignored = !exception
      return ignored
    },
    hasExceptions: rules.some(({ exception }) => exception),
  }
}

function expressionOf(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/|\*\*|\*|\?|\[[^\]]+\]|\\.)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?'
      if (part === '**') return '.*'
      if (part === '*') return '[^/]*'
      if (part === '?') return '[^/]'
      if (part.startsWith('[') && part.endsWith(']')) return part
      return (/^\\./.test(part) ? part.slice(1) : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    })
    .join('')
  return new RegExp(`^${source}(?:/|$)`)
}
