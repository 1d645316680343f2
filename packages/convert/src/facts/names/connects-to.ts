import { Buffer } from 'node:buffer'
import { join } from 'node:path/posix'
import type { FileSystem } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'

/** Variables and flags whose value is a host. */
const HOST_KEY =
  /(host|server|addr|url|uri|endpoint|broker|upstream|backend|node|peer|bootstrap|connect)s?\w*$/i

/** Bytes of a mounted file, and files of a mounted tree, that are read. */
const LARGEST_FILE = 512 * 1024
const MOST_FILES = 50

/**
 * Whether a service connects to another one for certain, as its variables, its command and its mounted files show.
 * Stricter than `namedHosts`, which finds every word that may be a name: `node migrate` connects to no service. It reads
 * the project alone, before anything is planned.
 */
export function connectsTo(
  conversion: Conversion,
  from: ServiceConversion,
  to: ServiceConversion,
): boolean {
  const names = namesOf(to)
  const asHost = new RegExp(`^(.*,)?\\s*(${names})\\s*(,.*)?$`, 'i')
  const dialled = dialledPattern(names)
  const { environment = {}, command, entrypoint, healthcheck } = from.compose
  for (const [variable, value] of Object.entries(environment))
    if (value !== null && (dialled.test(value) || (HOST_KEY.test(variable) && asHost.test(value))))
      return true
  const words = [...(entrypoint ?? []), ...(command ?? []), ...(healthcheck?.test ?? [])]
  return (
    words.some((word) => dialled.test(word)) ||
    mountedTexts(conversion.files, from).some((text) => dialled.test(text))
  )
}

/** `name:8080`, `http://name`, `user@name`. */
function dialledPattern(names: string): RegExp {
  return new RegExp(`(?<![\\w.-])(${names}):\\d{2,5}(?!\\w)|(://|@)(${names})(?![\\w.-])`, 'i')
}

/** Every name that Docker resolves for a service, as alternatives of a pattern. */
function namesOf({ service, compose }: ServiceConversion): string {
  const aliases = Object.values(compose.networks ?? {}).flatMap((one) => one?.aliases ?? [])
  const all = [service, compose.container_name, compose.hostname, ...aliases]
  return all
    .filter((name) => name !== undefined)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|')
}

function mountedTexts(files: FileSystem, { compose }: ServiceConversion): string[] {
  return (compose.volumes ?? []).flatMap(({ type, source }) => {
    if (type !== 'bind' || source === undefined) return []
    const inside = files.list(source)?.slice(0, MOST_FILES)
    const paths = inside === undefined ? [source] : inside.map((name) => join(source, name))
    return paths.flatMap((path) => {
      const stat = files.stat(path)
      if (stat?.kind !== 'file' || stat.size > LARGEST_FILE) return []
      const bytes = files.read(path)
      return bytes === undefined || bytes.includes(0) ? [] : [Buffer.from(bytes).toString('utf8')]
    })
  })
}
