import type { Report, Span } from '@landfall/diagnostic'
import { type Problem, reportProblem } from '../codes.ts'
import type { Boundary, FileSystem } from '../load.ts'
import { type Budget, projectBudget } from './budget.ts'
import { displayName } from './paths.ts'

/** Bytes; no Compose project needs a larger file. */
const sizeLimit = 4 * 1024 * 1024
const tooLarge = `is larger than ${sizeLimit / 1024 / 1024} MiB`

/** What `-f` and `COMPOSE_FILE` call the standard input. */
export const standardInput = '-'

export interface TextFile {
  /** As spans name it. */
  readonly name: string
  /** What is no UTF-8 stands as U+FFFD. */
  readonly text: string
  readonly isUtf8: boolean
  /** It could not be read, which was reported. */
  readonly failed?: true
}

export interface TextReader {
  /** The text of a file, or undefined where there is none; within a boundary lines of a secret one are not shown; what is there and cannot be read is reported and empty. */
  read(path: string, from?: Span, content?: 'secret'): TextFile | undefined
  readonly sources: Map<string, string>
  /** What is left to be read and repeated. */
  readonly budget: Budget
  /** Which files may be read from now on. */
  boundary: Boundary | undefined
  /** Names of files outside of the project: what they contain is not quoted. */
  readonly unquoted: Set<string>
}

/** Reads texts through a file system and keeps them for the display of spans. */
export function textReader(
  files: FileSystem,
  shownFrom: string,
  report: Report,
  stdin?: string,
): TextReader {
  const sources = new Map<string, string>()
  const unreadable = (
    name: string,
    message: string,
    at: Span | undefined,
    large = false,
  ): TextFile => {
    reportProblem(report, {
      code: large ? 'compose/too-large' : 'compose/unreadable-file',
      message: `${name} ${message}`,
      path: '',
      at,
    })
    return { name, text: '', isUtf8: true, failed: true }
  }
  const refused = new Set<string>()
  const reader: TextReader = {
    sources,
    budget: projectBudget(report),
    boundary: undefined,
    unquoted: new Set(),
    read(path, from, content) {
      if (path === standardInput && stdin !== undefined) {
        if (stdin.length > sizeLimit) return unreadable(path, tooLarge, from, true)
        sources.set(path, stdin)
        return { name: path, text: stdin, isUtf8: true }
      }
      const name = displayName(path, shownFrom)
      const stat = path === '' ? undefined : files.stat(path)
      if (stat === undefined) return undefined
      const outside = reader.boundary?.outside(path)
      if (outside !== undefined && reader.boundary?.refuses) {
        if (!refused.has(outside))
          reportProblem(
            report,
            outsideProblem(name, outside, reader.boundary.acceptAs(outside), from),
          )
        refused.add(outside)
        return { name, text: '', isUtf8: true, failed: true }
      }
      if (outside !== undefined) reader.unquoted.add(name)
      if (stat.kind === 'directory') return unreadable(name, 'is a directory', from)
      if (stat.size > sizeLimit) return unreadable(name, tooLarge, from, true)
      const bytes =
        stat.kind === 'file' ? files.read(path, sizeLimit) : files.readStream?.(path, sizeLimit)
      if (bytes === undefined)
        return unreadable(
          name,
          stat.kind === 'file'
            ? 'cannot be read'
            : `is ${stat.what ?? 'not a regular file'} and cannot be read to its end`,
          from,
        )
      const text = new TextDecoder().decode(bytes)
      const isQuoted = outside === undefined && (content !== 'secret' || !reader.boundary)
      sources.set(name, isQuoted ? text : withoutContent(text))
      return { name, text, isUtf8: !text.includes('\ufffd') || isUtf8(bytes) }
    },
  }
  return reader
}

/** What is reported of a file that is not read. */
function outsideProblem(
  name: string,
  outside: string,
  acceptedAs: string,
  at: Span | undefined,
): Problem {
  const leads = outside.endsWith(`/${name.replace(/^(\.\.?\/)+/, '')}`) || outside === name
  return {
    code: 'compose/outside-file',
    message: `${name} ${leads ? 'is' : `leads to ${outside}, which is`} outside of the project, and its content would be part of the result`,
    path: '',
    at,
    hint: `if that is intended, accept it in landfall.yaml: accept: [${acceptedAs}]`,
  }
}

/** Lines and columns stay. */
function withoutContent(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
