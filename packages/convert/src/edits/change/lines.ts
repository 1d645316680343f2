import { locateEnv, locateIni, locateProperties, quoted } from '../lines.ts'
import type { Locate } from '../located.ts'
import { addLinesAfter, addLinesAtEnd, linesAround, spliced } from './flow.ts'

/** A format of lines with names and values. */
export interface LineFormat {
  /** With a line for a value that is not there; undefined where the path or the value does not fit. */
  add(text: string, path: readonly string[], value: string): string | undefined
  /** Without the lines of a value; undefined where there is none. */
  remove(text: string, path: readonly string[]): string | undefined
}

export const iniChanges: LineFormat = {
  add(text, path, value) {
    const key = path.at(-1) ?? ''
    const section = path.slice(0, -1).join('/')
    if (!/^[^=:;#[\s][^=:\n\r]*$/.test(key) || /[\]\n\r]/.test(section) || /[\n\r]/.test(value))
      return undefined
    const [, separator = ' = '] = /^[ \t]*[^=:;#[\s][^=:\n]*?([ \t]*[=:][ \t]*)/m.exec(text) ?? []
    const line = `${key}${separator}${value}`
    const end = endOfSection(text, section)
    if (end === undefined)
      return section === '' ? `${line}\n${text}` : addLinesAtEnd(text, `[${section}]\n${line}`)
    return addLinesAfter(text, end, line)
  },
  remove: removeLine(locateIni),
}

/** The end of the last line of a section that is not empty. */
function endOfSection(text: string, wanted: string): number | undefined {
  let section = ''
  let found: number | undefined
  let start = 0
  for (const line of text.split('\n')) {
    section = /^\s*\[([^\]]*)\]/.exec(line)?.[1]?.trim() ?? section
    if (section === wanted && line.trim() !== '') found = start + line.trimEnd().length
    start += line.length + 1
  }
  return found
}

export const propertiesChanges: LineFormat = {
  add(text, path, value) {
    const key = path.join('.').replace(/[\s=:#!\\]/g, '\\$&')
    const shown = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replace(/^ /, '\\ ')
    return path.join('') === '' || key.includes('\n')
      ? undefined
      : addLinesAtEnd(text, `${key}=${shown}`)
  },
  remove: removeLine(locateProperties),
}

export const envChanges: LineFormat = {
  add(text, path, value) {
    const [name = ''] = path
    return path.length === 1 && /^[^\s=#'"]+$/.test(name)
      ? addLinesAtEnd(text, `${name}=${quoted(value, '')}`)
      : undefined
  },
  remove: removeLine(locateEnv),
}

function removeLine(locate: Locate): LineFormat['remove'] {
  return (text, path) => {
    const found = locate(text, path)
    return found === undefined ? undefined : spliced(text, linesAround(text, found))
  }
}
