import type { FileSystem, Project } from '@landfall/compose'

/** The history of sources, which no program of the project reads. */
const HISTORY: ReadonlySet<string> = new Set(['.git', '.hg', '.svn'])

/** Where programs keep the credentials of their user. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  ...['.docker', '.aws', '.azure', '.kube', '.ssh', '.gnupg', '.gcloud'],
  ...['.netrc', '_netrc', '.pgpass', '.git-credentials', '.pypirc', '.vault-token'],
])

/** A file system without what is left out of mounted trees, and the paths of what was. */
export interface DeployedFiles {
  files: FileSystem
  /** Absolute paths; grows while directories are listed. */
  leftOut: ReadonlySet<string>
  /** Absolute paths of FIFOs, sockets and devices; grows while trees are read. */
  special: ReadonlySet<string>
}

/**
 * Lists directories without what belongs to the sources or to the user, and not to a program: the history of the project, and credentials
 * next to the Compose file and above it; the history of directories that are only read, or that an image is built from. What is mounted by
 * its own path, or has something mounted in it, stays.
 */
export function deployedFiles(
  files: FileSystem,
  { services }: Project,
  projectDirectory: string,
): DeployedFiles {
  const leftOut = new Set<string>()
  const special = new Set<string>()
  const mounts = Object.values(services).flatMap(({ volumes = [] }) =>
    volumes.filter(({ type }) => type === 'bind'),
  )
  const written = new Set(
    mounts.flatMap(({ source, read_only }) => (read_only === true ? [] : (source ?? []))),
  )
  const read = new Set(
    mounts.flatMap(({ source }) => (written.has(source ?? '') ? [] : (source ?? []))),
  )
  const built = new Set(Object.values(services).flatMap(({ build }) => build?.context ?? []))
  const isMounted = (path: string): boolean =>
    mounts.some(({ source = '' }) => source === path || source.startsWith(`${path}/`))
  const isAbove = (directory: string): boolean =>
    directory === projectDirectory ||
    projectDirectory.startsWith(`${directory.replace(/\/$/, '')}/`)
  const isLeftOut = (directory: string, name: string): boolean => {
    if (!HISTORY.has(name) && !CREDENTIALS.has(name)) return false
    const ofSources = HISTORY.has(name) && (read.has(directory) || built.has(directory))
    return (
      (ofSources || isAbove(directory)) && !isMounted(`${directory.replace(/\/$/, '')}/${name}`)
    )
  }
  const list = (directory: string): string[] | undefined =>
    files.list(directory)?.filter((name) => {
      if (!isLeftOut(directory, name)) return true
      leftOut.add(`${directory.replace(/\/$/, '')}/${name}`)
      return false
    })
  const stat = (path: string): ReturnType<FileSystem['stat']> => {
    const found = files.stat(path)
    if (found?.kind === 'other') special.add(path)
    return found
  }
  return { files: { ...files, list, stat }, leftOut, special }
}
