import type { FileSystem } from '../load.ts'
import { baseName, directoryOf, displayName, joinPath } from './paths.ts'

/** Words by which projects name a file that users copy and fill in. */
const TEMPLATE = /(^|[._-])(examples?|samples?|templates?|tpl|tmpl|dist|defaults?|skel)(?=[._-]|$)/i

/**
 * The file next to a missing one from which users make it: `.env.example`, `env.template`, `sample.env` for `.env`. undefined: there is
 * none. The shortest name counts where there are several.
 */
export function templateOf(path: string, files: FileSystem): string | undefined {
  const directory = directoryOf(path)
  const wanted = plainName(baseName(path))
  const found = (files.list(directory) ?? [])
    .filter((name) => TEMPLATE.test(name) && plainName(name.replace(TEMPLATE, '')) === wanted)
    .filter((name) => files.stat(joinPath(directory, name))?.kind === 'file')
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  return found[0] === undefined ? undefined : joinPath(directory, found[0])
}

function plainName(name: string): string {
  return name.replace(/^[._-]+/, '').toLowerCase()
}

/** The command that makes a missing file from its template: `cp .env.example .env`. */
export function copyOfTemplate(
  path: string,
  files: FileSystem,
  shownFrom: string,
): string | undefined {
  const template = templateOf(path, files)
  const shown = (one: string) => word(displayName(one, shownFrom))
  return template && `cp ${shown(template)} ${shown(path)}`
}

/** A path as a shell reads it. */
function word(path: string): string {
  return /^[\w./~@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
