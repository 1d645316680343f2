import { posix } from 'node:path'
import type { Converted } from '../question.ts'
import { type DockerMount, isWithin } from './mounts.ts'

/** Files that keep a directory in a repository. */
const KEEPER = /^(\.git(keep|ignore|attributes)|\.keep|\.empty|\.placeholder|readme(\.\w+)?)$/i

/** Files that running programs make. */
const WRITTEN = /\.(db|db3|sqlite3?|log|rdb|aof|pid)$|^(acme\.json|\.?htpasswd|passwd|PG_VERSION)$/i

/** Names of directories that people fill, and programs read. */
const READ =
  /^(etc|.*\.d|conf(ig(s|uration)?)?|templates?|provisioning|dashboards?|rules|certs?|ssl|tls|keys|html|htdocs|www|site|scripts?|init(db)?|docker-entrypoint.*|plugins|themes?|migrations?|schemas?|sql|bin|realms?|hooks|import)$/i

/** Directories that programs fill. */
const KEPT = /^\/(config|data|root|home\/[^/]+|var\/(lib|log|cache|spool)|storage)(\/|$)/

/**
 * Whether the project itself shows that nobody writes a bind, although it could be written: there are files, all of them
 * are texts or pictures that people write, and the place is one that programs read, or the command or a variable names one of them.
 */
export function isConfiguration(
  { host = '', target, service }: DockerMount,
  converted: Converted,
): boolean {
  const { readFile, listFolder, directory, project } = converted
  // what is elsewhere on this machine does not go with the project
  if (!isWithin(host, posix.dirname(directory))) return false
  const single = readFile(host)
  if (single !== undefined)
    return isText(single) && single.length > 0 && ![host, target].some(isWritten)
  const paths = (listFolder(host) ?? []).filter((path) => !KEEPER.test(posix.basename(path)))
  if (paths.length === 0 || paths.some(isWritten)) return false
  const { command, entrypoint, environment = {} } = project.services[service] ?? {}
  const told = [...(entrypoint ?? []), ...(command ?? []), ...Object.values(environment)]
  const named = paths.some((path) => told.some((text) => text?.endsWith(posix.join(target, path))))
  const below = target.replace(KEPT, '/')
  if (!named && !below.split('/').some((name) => READ.test(name))) return false
  return paths.every((path) => {
    const bytes = readFile(posix.join(host, path))
    return bytes !== undefined && (isText(bytes) || /\.(png|ico|jpe?g|gif|woff2?)$/i.test(path))
  })
}

function isWritten(path: string): boolean {
  return WRITTEN.test(posix.basename(path))
}

function isText(bytes: Uint8Array): boolean {
  return !bytes.includes(0)
}

/** Paths that every machine has for itself: a program that mounts one is about the machine. */
const MACHINE =
  /^\/$|^\/(proc|sys|dev|boot|run|bin|sbin|lib|lib64)(\/|$)|^\/var\/run(\/|$)|\.sock$|^\/var\/lib\/(docker|containerd|kubelet)(\/|$)|^\/etc\/(localtime|timezone|hosts|hostname|resolv\.conf|passwd|group|machine-id|os-release|ssl)(\/|$)|^\/usr\/(bin|lib|src|share\/zoneinfo)(\/|$)|^\/lib\/modules(\/|$)/

/** Whether a bind is of the machine rather than of the project. */
export function isOfMachine({ host = '' }: DockerMount): boolean {
  return MACHINE.test(host)
}
