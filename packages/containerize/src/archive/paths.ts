import { TarballProblem } from '../problem.ts'

/** Characters; the limits of Linux are 4096 for a path and 255 bytes for a name. */
const LONGEST_PATH = 1024
const LONGEST_NAME = 255
const DEEPEST = 64

/** A name of an archive as a path below a directory; '' for the directory itself. Throws TarballProblem if it leads elsewhere. */
export function insidePath(name: string): string {
  if (name.includes('\ufffd')) throw wrongName(`the name ${shown(name)} is not UTF-8`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\x00-\x1f\x7f\u2028\u2029]/.test(name))
    throw wrongName(`the name ${shown(name)} has control characters`)
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (name.startsWith('/') || parts.includes('..'))
    throw new TarballProblem(
      'containerize/path-escape',
      `${shown(name)} is outside of the tarball's directory`,
      'do not use this tarball, or make it again with relative paths',
    )
  const path = parts.join('/')
  const tooLong = parts.some((part) => Buffer.byteLength(part) > LONGEST_NAME)
  if (path.length > LONGEST_PATH || parts.length > DEEPEST || tooLong)
    throw wrongName(`the name ${shown(name)} is too long`)
  return path
}

/**
 * The target of a symbolic link as it is written; throws TarballProblem if it leads out. `..` is valid at its beginning only: after the
 * name of another link it would lead from where that points.
 */
export function linkedPath(path: string, target: string): string {
  const out = (): TarballProblem =>
    new TarballProblem(
      'containerize/link-out',
      `${path} is a link to ${shown(target)}, which is outside of the tarball`,
      'make the tarball again with the file in place of the link',
    )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (target === '' || target.startsWith('/') || /[\x00-\x1f\x7f\ufffd]/.test(target)) throw out()
  const at = path.split('/').slice(0, -1)
  let descended = false
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') {
      at.push(part)
      descended = true
    } else if (descended || at.pop() === undefined) throw out()
  }
  return target
}

function wrongName(message: string): TarballProblem {
  return new TarballProblem(
    'containerize/entry-name',
    message,
    'make the tarball again with names in UTF-8 (tar --format=pax)',
  )
}

/** A name that can be printed. */
function shown(name: string): string {
  const short = name.length > 80 ? `${name.slice(0, 77)}…` : name
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  return /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]/.test(short) ? JSON.stringify(short) : short
}
