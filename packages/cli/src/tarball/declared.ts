import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { FileSystem } from '@landfall/compose'
import { helperFiles, programDirectory, shellWords } from '@landfall/containerize'
import type { ServiceSettings } from '@landfall/convert'
import { type Span, toPointer } from '@landfall/diagnostic'
import type { Terminal } from '../terminal.ts'
import { fileNameOf, isAddress } from './is-tarball.ts'
import { memberPath } from './member.ts'
import { readDeclared } from './read-settings.ts'
import { usableSettings } from './settings/usable-settings.ts'

/** A service of landfall.yaml whose program comes from a tarball. */
export interface TarballService {
  service: string
  /** The absolute path of the tarball. One of an address has a path in the project that does not exist: below it are the paths of its files. */
  file: string
  /** The address, if it is one. */
  url?: string
  /** As landfall.yaml writes it. */
  written: string
  settings: ServiceSettings
  /** The build context, which is made when the project is converted; named after everything that it depends on. */
  context: string
}

/** A one-shot of landfall.yaml that sends statements to a database. */
export interface SqlService {
  service: string
  /** The database, as a service of the Compose file. */
  to: string
  /** The absolute path of the file with the statements; of one in an archive, a path in the project that does not exist. */
  file?: string
  /** Of a file in an archive. */
  member?: Member
}

/** A file in an archive with statements. */
export interface Member {
  written: string
  parts: readonly string[]
  /** The archive: that of the service with the same `tarball`, or a file of the project. */
  from: Pick<TarballService, 'file' | 'url' | 'settings'>
  /** Where its content is put; named after what it depends on. */
  content: string
}

/** The services of a landfall.yaml that come from tarballs, or are statements for a database. */
export interface DeclaredTarballs {
  /** Of landfall.yaml. */
  directory: string
  /** The name of landfall.yaml as it is shown, and its text. */
  name: string
  text: string
  services: readonly TarballService[]
  /** One-shots that send statements to a database. */
  statements: readonly SqlService[]
  /** The place in landfall.yaml that decides the value at a pointer of the project. */
  placeOf: (pointer: string) => Span | undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Counts up when the same tarball and settings give another image; Landfall's own files in it are hashed. */
const FORMAT = 1

function helpersDigest(prepare: readonly string[]): string {
  const hash = createHash('sha256')
  const places = { helper: '/', program: '/', start: [], capture: true, prepare }
  for (const content of helperFiles(places).values()) hash.update(content)
  return hash.digest('hex')
}

/** The services that a landfall.yaml in a directory takes from tarballs; undefined if there are none. */
export function declaredTarballs(
  directory: string,
  files: FileSystem,
  { cwd, env }: Pick<Terminal, 'cwd' | 'env'>,
): DeclaredTarballs | undefined {
  const read = readDeclared(files, directory)
  if (read === undefined) return undefined
  const { path } = read
  const services = Object.entries(read.services).flatMap(([service, value]): TarballService[] => {
    if (!isRecord(value) || typeof value.tarball !== 'string') return []
    const settings = usableSettings(value)
    const { tarball: written } = value
    const url = isAddress(written) ? written : undefined
    const file = resolve(directory, url === undefined ? written : join(service, fileNameOf(url)))
    const content = url === undefined ? contentOf(file, files) : 'address'
    const context = join(cacheOf(env), 'tarballs', keyOf(service, content, settings))
    return [{ service, file, ...(url !== undefined && { url }), written, settings, context }]
  })
  const statements = Object.entries(read.services).flatMap(([service, value]): SqlService[] => {
    const sql = isRecord(value) && isRecord(value.sql) ? value.sql : undefined
    if (typeof sql?.to !== 'string') return []
    const written = typeof sql.file === 'string' ? sql.file : undefined
    const path = written === undefined ? undefined : memberPath(written)
    const to = sql.to.replace(/:\d+$/, '')
    if (written === undefined) return [{ service, to }]
    if (path === undefined) return [{ service, to, file: resolve(directory, written) }]
    const file = resolve(directory, `${service}!`, path.parts.at(-1)?.split('/').at(-1) ?? '')
    const from: Member['from'] = services.find((one) => one.written === path.archive) ?? {
      file: resolve(directory, path.archive),
      settings: {},
    }
    const decides = [from.url ?? contentOf(from.file, files), from.settings.checksum, path.parts]
    const content = join(cacheOf(env), 'statements', hashed(decides))
    return [{ service, to, file, member: { written, parts: path.parts, from, content } }]
  })
  if (services.length + statements.length === 0) return undefined
  const below = relative(cwd, path)
  const name = below.startsWith('..') ? path : below
  const placeOf = (pointer: string): Span | undefined => {
    const [, , service = '', key = ''] = pointer.split('/')
    const own = `/services/${service}`
    const span =
      read.keys.get(pointer) ??
      read.keys.get(`${own}/${KEYS[key] ?? 'tarball'}`) ??
      read.keys.get(`${own}/tarball`) ??
      read.keys.get(`${own}/sql`) ??
      read.keys.get(own)
    return span && { ...span, file: name }
  }
  return { directory: dirname(path), name, text: read.text, services, statements, placeOf }
}

/** Keys of a Compose service that come from other keys of landfall.yaml than `tarball`. */
const KEYS: Readonly<Record<string, string>> = {
  ports: 'ports',
  volumes: 'files',
  environment: 'jvm',
}

function cacheOf(env: Terminal['env']): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME ?? '/', '.cache'), 'landfall')
}

/** Of an address, the checksum stands for its content. */
function keyOf(
  service: string,
  content: string,
  { checksum, start, java, base, packages, prepare }: ServiceSettings,
): string {
  const decides = [
    FORMAT,
    helpersDigest(prepare ?? []),
    service,
    content,
    checksum,
    start,
    java,
    base,
    packages,
  ]
  return hashed(decides)
}

function hashed(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)
}

function contentOf(file: string, files: FileSystem): string {
  return files.digest?.(file) ?? treeDigest(file, files)
}

/** What a directory has, if it is one. */
function treeDigest(root: string, files: FileSystem): string {
  const hash = createHash('sha256')
  const visit = (path: string): void => {
    const full = join(root, path)
    const stat = lstatSync(full, { throwIfNoEntry: false })
    if (stat === undefined) return
    const what = stat.isSymbolicLink()
      ? readlinkSync(full)
      : stat.isFile()
        ? files.digest?.(full)
        : ''
    hash.update(JSON.stringify([path, stat.mode, what]))
    if (stat.isDirectory()) for (const name of readdirSync(full).sort()) visit(join(path, name))
  }
  visit('.')
  return hash.digest('hex')
}

/** The services as a Compose file, which is merged with those that the project has. */
export function asComposeFile(
  { services, statements }: DeclaredTarballs,
  composeOf: (service: string) => { image?: unknown } | undefined,
): string {
  const all = services.map(({ service, file, context, settings }): [string, object] => {
    const { jvm, logs, files = {}, ports = [] } = settings
    // those of copies with numbers have Services of their own
    const fixed = ports.filter((port) => !/identity/.test(String(port)))
    const volumes = Object.entries(files).map(([path, { writable = false }]) => ({
      type: 'bind',
      source: join(file, path),
      target: join(programDirectory(service), path),
      read_only: !writable,
    }))
    const options = jvm === undefined ? undefined : (shellWords(jvm) ?? [jvm])
    const environment = {
      ...(options !== undefined && { LANDFALL_JVM: options.join('\n') }),
      ...(logs !== undefined && { LANDFALL_LOGS: logs.join('\n') }),
    }
    return [
      service,
      {
        build: { context },
        ...(Object.keys(environment).length > 0 && { environment }),
        ...(volumes.length > 0 && { volumes }),
        ...(fixed.length > 0 &&
          composeOf(service) === undefined && { ports: fixed.map(published) }),
      },
    ]
  })
  for (const { service, to, file } of statements) {
    const database = composeOf(to)
    // what one of the Compose file has decides; it lacks the file alone
    const own = composeOf(service) === undefined && {
      image: typeof database?.image === 'string' ? database.image : SQL_IMAGE,
      restart: 'no',
      ...(database !== undefined && { depends_on: [to] }),
    }
    const volumes = file === undefined ? [] : [sqlFile(file)]
    all.push([service, { ...own, ...(volumes.length > 0 && { volumes }) }])
  }
  // JSON is YAML; a dollar sign would be a variable of Compose.
  return JSON.stringify({ services: Object.fromEntries(all) }).replaceAll('$', '$$$$')
}

/** The image of statements for a database outside of the project; landfall.yaml or the port decides which one is run. */
const SQL_IMAGE = 'mariadb:10.11'

/** The file with statements, where the one-shot reads it. */
function sqlFile(source: string): object {
  return { type: 'bind', source, target: '/landfall/sql/statements.sql', read_only: true }
}

/** A port or a range that is published under its own number. */
function published(port: number | string): string {
  const [, numbers, protocol = ''] = /^([\d-]+)(\/\w+)?$/.exec(String(port)) ?? []
  return numbers === undefined ? String(port) : `${numbers}:${numbers}${protocol}`
}

/** The pointer of a key of a service in landfall.yaml. */
export function settingPointer(service: string, ...keys: string[]): string {
  return toPointer(['services', service, ...keys])
}
