import { Buffer } from 'node:buffer'
import type { Conversion } from '../../conversion.ts'
import type { Bind } from './bind.ts'

/** Files that programs write where their configuration says. */
const WRITTEN =
  /[\w.-]+\.(json|db|sqlite3?|log|rdb|pid|key|pem|dat)(?![\w.-])|[\w.-]*passwd(?![\w.-])/

const LARGEST_TEXT = 64 * 1024
const MOST_FILES = 20

/**
 * A path below the target that the command, a variable or a file of the directory names and that the project does not have:
 * `--certificatesresolvers.le.acme.storage=/etc/traefik/acme.json`.
 */
export function missingPath(conversion: Conversion, bind: Bind, root: string): string | undefined {
  const { target, source } = bind
  const pattern = new RegExp(`${escaped(target)}/(?:[\\w.-]+/)*(?:${WRITTEN.source})`, 'g')
  for (const text of textsOf(conversion, bind, root))
    for (const [path] of text.matchAll(pattern)) {
      const file = `${source}${path.slice(target.length)}`
      if (/\.(json|key|pem)$/.test(path) && !/acme|state|db|store|cert/i.test(path)) continue
      if (conversion.files.stat(file) === undefined) return path
    }
  return undefined
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function* textsOf({ files }: Conversion, { service }: Bind, root: string): Generator<string> {
  const { command, entrypoint, environment } = service.compose
  yield [...(entrypoint ?? []), ...(command ?? [])].join('\n')
  yield Object.values(environment ?? {}).join('\n')
  for (const name of (files.list(root) ?? []).slice(0, MOST_FILES)) {
    const path = `${root}/${name}`
    const stat = files.stat(path)
    if (stat?.kind !== 'file' || stat.size > LARGEST_TEXT) continue
    const bytes = files.read(path)
    if (bytes !== undefined && !bytes.includes(0)) yield Buffer.from(bytes).toString('utf8')
  }
}
