import { join } from 'node:path'
import { type FileSystem, readWithin } from '@landfall/compose'
import { type Span, toPointer } from '@landfall/diagnostic'
import { isMap, isScalar, parseDocument } from 'yaml'

/** What landfall.yaml has under `services`, before it is checked. */
export interface DeclaredServices {
  /** The absolute path of the file. */
  path: string
  text: string
  services: Readonly<Record<string, unknown>>
  /** The places of keys below `services`, by JSON Pointers; the name of their file is empty. */
  keys: ReadonlyMap<string, Span>
}

/** Bytes, as for the settings themselves. */
const LARGEST = 512 * 1024

/**
 * Reads the services of landfall.yaml where one may not be in the Compose file: from a tarball, or with statements of SQL. This is before the project is loaded, for every command: what is
 * wrong with the file is reported when its settings are read, and the code for that is not loaded here.
 */
export function readDeclared(files: FileSystem, directory: string): DeclaredServices | undefined {
  for (const name of ['landfall.yaml', 'landfall.yml']) {
    const path = join(directory, name)
    const read = readWithin(files, path, LARGEST)
    if (!('bytes' in read)) continue
    const text = Buffer.from(read.bytes).toString('utf8')
    if (!/tarball|sql/.test(text)) return undefined
    const document = parseDocument(text, { merge: true })
    if (document.errors.length > 0) return undefined
    const value = document.toJS({ maxAliasCount: -1 })?.services
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const keys = new Map<string, Span>()
    placeKeys(document.get('services', true), ['services'], keys)
    return { path, text, services: value, keys }
  }
  return undefined
}

function placeKeys(node: unknown, path: readonly string[], keys: Map<string, Span>): void {
  if (!isMap(node)) return
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue
    const below = [...path, String(key.value)]
    const [start = 0, end = 0] = key.range ?? []
    keys.set(toPointer(below), { file: '', start, end })
    placeKeys(value, below, keys)
  }
}
