import type { FileSystem, Trusted } from '../load.ts'
import { directoryOf, joinPath, relativePath, resolvePath } from './paths.ts'

interface BoundaryInput {
  files: FileSystem
  trusted: Trusted
  /** Of the user, to find credentials. */
  home: string | undefined
  /** Paths that the user accepts, as written in landfall.yaml: `/srv/certs`, `../shared`, `~/.netrc`. */
  accepted: readonly string[]
}

/**
 * The boundary of a project (decision 0017): its directory, the directories of the files that the user named, and the Git work
 * tree around it. Links count as what they lead to. Directories of the machine (`/etc`, `/proc`) and credentials in home directories
 * are outside of every project that is not in them.
 */
export function projectBoundary({
  files,
  trusted,
  home,
  accepted,
}: BoundaryInput): (path: string) => string | undefined {
  const real = (path: string) => files.realPath?.(path) ?? joinPath(path)
  const directories = trusted.directories.map(real)
  const homes = [home, home && real(home)].filter((one) => one !== undefined && one !== '')
  const workTree = workTreeAround(files, real(trusted.projectDirectory), homes as string[])
  const roots = workTree === undefined ? directories : [...directories, workTree]
  const allowed = [
    ...trusted.files,
    ...accepted.map((path) => resolvePath(trusted.projectDirectory, atHome(path, home))),
  ].map(real)
  return (path) => {
    if (isStream(files, path)) return undefined
    const target = files.realPath?.(path)
    if (target === undefined || allowed.some((one) => isWithin(target, one))) return undefined
    const secretPlace = credentialsAt(target, homes as string[]) ?? SYSTEM.exec(target)?.[0]
    const trusts = (root: string) =>
      isWithin(target, root) && (secretPlace === undefined || isWithin(root, secretPlace))
    return roots.some(trusts) ? undefined : target
  }
}

/** Paths of landfall.yaml's `accept` that name a file or directory of this machine, and not a key of the project. */
export function isFilePath(written: string): boolean {
  return /^(\/|\.\.?(\/|$)|~(\/|$))/.test(written)
}

/**
 * A path outside of the project as `accept` takes it, as an item of a list in YAML: as users share it where that is clear, with `~`
 * or a few steps up from the project.
 */
export function acceptAs(
  target: string,
  {
    files,
    projectDirectory,
    home,
  }: { files: FileSystem; projectDirectory: string; home: string | undefined },
): string {
  const written = shared(target, projectDirectory, home, files)
  return /^[\w./~-]+$/.test(written) ? written : JSON.stringify(written)
}

function shared(
  target: string,
  projectDirectory: string,
  home: string | undefined,
  files: FileSystem,
): string {
  const ofUser = home !== undefined && home !== '/' && isWithin(target, home)
  if (SYSTEM.test(target) && !ofUser) return target
  // the same on every machine, wherever the project is
  if (ofUser && !isWithin(projectDirectory, home)) return `~${target.slice(home.length)}`
  const steps = relativePath(projectDirectory, target)
  const isLink = files.realPath?.(projectDirectory) !== projectDirectory
  if (!isLink && /^(\.\.\/){0,2}\.\.(\/(?!\.\.(\/|$))|$)/.test(steps)) return steps
  return ofUser ? `~${target.slice(home.length)}` : target
}

function atHome(path: string, home: string | undefined): string {
  return home !== undefined && /^~(\/|$)/.test(path) ? home + path.slice(1) : path
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || directory === '/' || path.startsWith(`${directory}/`)
}

/** Directories of the machine. */
const SYSTEM =
  /^\/(boot|dev|etc|lost\+found|proc|root|run|sys|private\/etc|var\/(backups|cache|db|lib|log|mail|root|run|spool))(?=\/|$)/

/** Directories and files of a home directory that hold keys, passwords and tokens. */
const CREDENTIALS =
  /^\/\.(ssh|aws|azure|gnupg|kube|docker|oci|password-store|mozilla|thunderbird|terraform\.d|config\/(gcloud|gh|hub|op|doctl|rclone|sops|helm|containers|google-chrome|chromium|BraveSoftware)|local\/share\/(keyrings|kwalletd)|netrc|npmrc|yarnrc|pypirc|pgpass|my\.cnf|git-credentials|vault-token|dockercfg|s3cfg|boto|bash_history|zsh_history|psql_history|python_history)(?=\/|$)/

/** The place of credentials that a path is in. */
function credentialsAt(path: string, homes: readonly string[]): string | undefined {
  for (const home of [...homes, /^(\/root|\/(home|Users)\/[^/]+)(?=\/)/.exec(path)?.[0] ?? '']) {
    if (home === '' || !isWithin(path, home)) continue
    const place = CREDENTIALS.exec(path.slice(home === '/' ? 0 : home.length))?.[0]
    if (place !== undefined) return (home === '/' ? '' : home) + place
  }
  return undefined
}

/** What the shell gives: `/dev/stdin`, `<(…)`, and the file that is always empty. */
function isStream(files: FileSystem, path: string): boolean {
  if (path === '/dev/null') return true
  return (
    /^\/(dev\/(stdin|fd\/\d+)|proc\/(self|\d+)\/fd\/\d+)$/.test(path) &&
    files.stat(path)?.kind === 'other'
  )
}

/**
 * The Git work tree that a directory is in, or the directory that was one before it was packed into an archive: it has the settings
 * of GitHub. None is taken from a place where others may write, and none is a home directory or above one, or the root: such a
 * repository says nothing about what belongs together.
 */
function workTreeAround(
  files: FileSystem,
  start: string,
  homes: readonly string[],
): string | undefined {
  let packed: string | undefined
  for (let directory = start; directory !== '/'; directory = directoryOf(directory)) {
    if (homes.some((home) => isWithin(home, directory))) return packed
    if (/^\/(root|home\/[^/]+|Users\/[^/]+)?$/.test(directory)) return packed
    if (((files.stat(directory)?.mode ?? 0) & 0o002) !== 0 && directory !== start) return packed
    const marker = `${directory}/.git`
    const kind = files.stat(marker)?.kind
    if (kind === 'file' || (kind === 'directory' && files.stat(`${marker}/HEAD`) !== undefined))
      return directory
    if (files.stat(`${directory}/.github`)?.kind === 'directory') packed ??= directory
    if (directory === '.') return packed
  }
  return packed
}
