import { Buffer } from 'node:buffer'
import { basename, dirname, join } from 'node:path/posix'
import { type FileSystem, type ReadWithin, readWithin } from '@landfall/compose'
import { type Diagnostic, type Origins, type Span, toPointer } from '@landfall/diagnostic'
import { isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml'
import type { ConvertCode } from '../codes.ts'

/** A YAML file with the place of each key and each value. */
export interface ReadFile {
  readonly value: unknown
  /** The name that spans carry. */
  name: string
  text: string
  readonly keys: ReadonlyMap<string, Span>
  readonly values: ReadonlyMap<string, Span>
  diagnostics: Diagnostic<ConvertCode>[]
}

/** Bytes. */
const largestFile = 512 * 1024

const NAMES = ['landfall.yaml', 'landfall.yml']

/** The settings file of a project; undefined when there is none. */
export function readSettingsFile(
  files: FileSystem,
  projectDirectory: string,
  projectOrigins: Origins,
): ReadFile | undefined {
  const found = NAMES.map((name) => ({
    name,
    read: readWithin(files, join(projectDirectory, name), largestFile),
  })).filter(({ read }) => !('missing' in read))
  const [first, second] = found
  if (first === undefined) return undefined
  const name = displayName(join(projectDirectory, first.name), projectOrigins)
  if (!('bytes' in first.read)) return unreadable(name, first.read)
  const file = parseWithPlaces(Buffer.from(first.read.bytes).toString('utf8'), name)
  if (second !== undefined)
    file.diagnostics.push({
      code: 'convert/two-settings-files',
      severity: 'error',
      message: `both ${first.name} and ${second.name} exist`,
      path: '',
      at: { file: name, start: 0, end: 0 },
      hint: 'keep one of them',
    })
  return file
}

function unreadable(name: string, read: ReadWithin): ReadFile {
  const diagnostic: Diagnostic<ConvertCode> = {
    code: 'convert/settings-unreadable',
    severity: 'error',
    message: `${name} ${'problem' in read ? read.problem : 'cannot be read'}`,
    path: '',
    hint: 'make it a readable file, or remove it',
  }
  const places = { keys: new Map<string, Span>(), values: new Map<string, Span>() }
  return { value: {}, name, text: '', ...places, diagnostics: [diagnostic] }
}

/** Names the file as the loader names its neighbours: relative where they are. */
function displayName(path: string, origins: Origins): string {
  for (const [origin] of origins.values()) {
    if (origin?.kind !== 'file' || origin.span.file.startsWith('/')) continue
    const directory = dirname(origin.span.file)
    if (directory === '.') return basename(path)
    if (dirname(path).endsWith(`/${directory}`)) return join(directory, basename(path))
  }
  return path
}

/** The file that was read last: each environment of a project begins with the same one. */
let known: ReadFile | undefined

function parseWithPlaces(text: string, name: string): ReadFile {
  if (known?.text !== text || known.name !== name) known = parseText(text, name)
  return { ...known, diagnostics: [...known.diagnostics] }
}

function parseText(text: string, name: string): ReadFile {
  const document = parseDocument(text, { merge: true })
  const keys = new Map<string, Span>()
  const values = new Map<string, Span>()
  const spanOf = (range: readonly number[] | null | undefined): Span => ({
    file: name,
    start: range?.[0] ?? 0,
    end: range?.[1] ?? 0,
  })
  const visit = (node: unknown, path: (string | number)[]): void => {
    const pointer = toPointer(path)
    const range = (node as { range?: readonly number[] } | null)?.range
    if (range !== undefined) values.set(pointer, spanOf(range))
    if (isMap(node))
      for (const pair of node.items) {
        if (!isPair(pair) || !isScalar(pair.key)) continue
        const child = [...path, String(pair.key.value)]
        keys.set(toPointer(child), spanOf(pair.key.range))
        visit(pair.value, child)
      }
    else if (isSeq(node))
      for (const [index, item] of node.items.entries()) visit(item, [...path, index])
  }
  visit(document.contents, [])
  const diagnostics = document.errors.slice(0, 1).map(
    ({ message, pos }): Diagnostic<ConvertCode> => ({
      code: 'convert/settings-syntax',
      severity: 'error',
      message: message.split(/ at line |\n/)[0] as string,
      path: '',
      at: { file: name, start: pos[0], end: pos[1] },
      hint: 'the file must be YAML',
    }),
  )
  const value = diagnostics.length > 0 ? {} : (document.toJS({ maxAliasCount: -1 }) ?? {})
  return { value, name, text, keys, values, diagnostics }
}
