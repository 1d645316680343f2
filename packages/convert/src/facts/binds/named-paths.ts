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

/** A path of a file of the project below the target that the command or a variable names: `KONG_DECLARATIVE_CONFIG=/opt/kong/kong.yaml`. */
export function existingPath({ files }: Conversion, bind: Bind): string | undefined {
  const { target, source, service } = bind
  const { command, entrypoint, environment } = service.compose
  const pattern = new RegExp(`${escaped(target)}/([\\w.-]+/)*[\\w-]+\\.[\\w.-]*\\w`, 'g')
  for (const text of [
    ...(entrypoint ?? []),
    ...(command ?? []),
    ...Object.values(environment ?? {}),
  ])
    for (const [path] of (text ?? '').matchAll(pattern))
      if (files.stat(`${source}${path.slice(target.length)}`)?.kind === 'file') return path
  return undefined
}

/** A redirection, programs that write each of their arguments, and options that name a file for output. */
const WRITES =
  />>?\s*["']?PATH|\b(?:tee|touch|mkdir|truncate)\s[^;&|\n]*?["'\s]PATH|\s--?(?:o|out|output|keyout|log-?file|pid-?file)[\s=]["']?PATH/

/** Programs that copy to their last argument, also into a directory. */
const COPIES =
  /\b(?:cp|mv|ln|install|rsync|unzip)\s[^;&|\n]*["'\s]PATH["']?\s*(?=$|[;&|)}\n])|\btar\s[^;&|\n]*\s-C\s*["']?PATH/

/**
 * The path at the target of a bind, or below it, that the command of the service or a script of the project that it runs writes.
 * Files of a bound directory that the project has are not meant: entry points fill in their values again at each start.
 */
export function writtenPath(conversion: Conversion, bind: Bind): string | undefined {
  const { target, source } = bind
  const path = `(${escaped(target)}(?:/[^\\s"'\`<>;&|(){}]*)?)(?![\\w.-])`
  for (const text of programsOf(conversion, bind))
    for (const writer of [WRITES, COPIES])
      for (const [, ...found] of text.matchAll(
        new RegExp(writer.source.replaceAll('PATH', path), 'gm'),
      )) {
        const written = (found.find((one) => one !== undefined) ?? target).replace(/(.)\/$/, '$1')
        const kind = conversion.files.stat(`${source}${written.slice(target.length)}`)?.kind
        const counts =
          kind === 'file' ? written === target : kind === undefined || writer === COPIES
        if (counts) return written
      }
  return undefined
}

/** The command of a service, and the files of the project that it names by their paths in the container. */
function* programsOf({ files }: Conversion, { service }: Bind): Generator<string> {
  const { command, entrypoint, volumes } = service.compose
  const words = [...(entrypoint ?? []), ...(command ?? [])].join(' ')
  yield words
  for (const { type, source, target } of volumes ?? []) {
    if (type !== 'bind' || source === undefined) continue
    const pattern = new RegExp(
      `(?<=^|[\\s"'])${escaped(target.replace(/\/$/, ''))}(/[\\w./-]+)?(?=$|[\\s"';])`,
      'g',
    )
    for (const [, below = ''] of words.matchAll(pattern)) {
      const path = `${source.replace(/\/$/, '')}${below}`
      const stat = files.stat(path)
      if (stat?.kind !== 'file' || stat.size > LARGEST_TEXT) continue
      const bytes = files.read(path)
      if (bytes !== undefined && !bytes.includes(0)) yield Buffer.from(bytes).toString('utf8')
    }
  }
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
