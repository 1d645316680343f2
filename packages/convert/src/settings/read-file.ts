import { Buffer } from 'node:buffer'
import { basename, dirname, join } from 'node:path/posix'
import { type FileSystem, type ReadWithin, readWithin } from '@landfall/compose'
import type { Diagnostic, Origins, Span } from '@landfall/diagnostic'
import type { ConvertCode } from '../codes.ts'
import { parseText, type ReadFile } from './parse-text.ts'

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
