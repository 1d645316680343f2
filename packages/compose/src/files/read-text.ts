import type { Report, Span } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import type { FileSystem } from '../load.ts'
import { displayName } from './paths.ts'

/** Bytes; no Compose project needs a larger file. */
const sizeLimit = 8 * 1024 * 1024

/** What go-yaml and dotenv files may not hold: control characters and broken Unicode. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const forbidden = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/

export interface TextReader {
  /** The text of a file, or undefined where there is none; what is there and cannot be read is reported and empty. */
  read(path: string, from?: Span): { name: string; text: string } | undefined
  readonly sources: Map<string, string>
}

/** Reads texts through a file system and keeps them for the display of spans. */
export function textReader(
  files: FileSystem,
  workingDirectory: string,
  report: Report,
): TextReader {
  const sources = new Map<string, string>()
  const unreadable = (name: string, message: string, at: Span | undefined, large = false) => {
    reportProblem(report, {
      code: large ? 'compose/too-large' : 'compose/unreadable-file',
      message: `${name} ${message}`,
      path: '',
      at,
    })
    return { name, text: '' }
  }
  return {
    sources,
    read(path, from) {
      const name = displayName(path, workingDirectory)
      const stat = files.stat(path)
      if (stat === undefined) return undefined
      if (stat.kind !== 'file') return unreadable(name, 'is not a regular file', from)
      if (stat.size > sizeLimit)
        return unreadable(name, `is larger than ${sizeLimit / 1024 / 1024} MiB`, from, true)
      const bytes = files.read(path)
      if (bytes === undefined) return unreadable(name, 'cannot be read', from)
      let text: string
      try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      } catch {
        return unreadable(name, 'is not UTF-8 text', from)
      }
      sources.set(name, text)
      const control = forbidden.exec(text)
      if (control !== null) {
        const span = { file: name, start: control.index, end: control.index + 1 }
        return unreadable(name, 'holds a control character and is not text', span)
      }
      return { name, text }
    },
  }
}
