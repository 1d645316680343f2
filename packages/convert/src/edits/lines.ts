import type { Located } from './located.ts'

/** INI: `/section/key`, or `/key` before the first section. */
export function locateIni(text: string, path: readonly string[]): Located | undefined {
  const wanted = path.length < 2 ? '' : path.slice(0, -1).join('/')
  const key = path.at(-1)
  let section = ''
  for (const { line, start } of linesOf(text)) {
    section = /^\s*\[([^\]]*)\]/.exec(line)?.[1]?.trim() ?? section
    const [, before = '', name, value = ''] =
      /^(\s*([^=:;#[\s][^=:]*?)\s*[=:][ \t]*)(.*?)(?:\s+[;#].*)?\s*$/.exec(line) ?? []
    if (section !== wanted || name !== key) continue
    return located(start + before.length, value, (next) =>
      /^".*"$/.test(value) ? `"${next.replaceAll('"', '\\"')}"` : next,
    )
  }
  return undefined
}

/** Java properties: `/server.port`, or `/server/port`. */
export function locateProperties(text: string, path: readonly string[]): Located | undefined {
  const key = path.join('.')
  const entry =
    /^[ \t]*(?![#!])((?:[^\\\s=:]|\\.)+)[ \t]*(?:[=:][ \t]*)?((?:[^\\\r\n]|\\\r?\n|\\.)*)/gm
  for (const match of text.matchAll(entry)) {
    const [whole, name = '', value = ''] = match
    if (name.replace(/\\(.)/g, '$1') === key)
      return located(match.index + whole.length - value.length, value, (next) =>
        next.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replace(/^ /, '\\ '),
      )
  }
  return undefined
}

/** Variables as files of them hold them: `/KEY`. */
export function locateEnv(text: string, path: readonly string[]): Located | undefined {
  const entry =
    /^([ \t]*(?:export[ \t]+)?([^\s=#]+)[ \t]*=[ \t]*)("(?:[^"\\]|\\[\s\S])*"|'[^']*'|[^\n\r]*?)(?=[ \t]*(?:[ \t]#[^\n]*)?\r?$)/gm
  for (const match of text.matchAll(entry)) {
    const [, before = '', name, value = ''] = match
    if (path.length === 1 && name === path[0])
      return located(match.index + before.length, value, (next) => quoted(next, value))
  }
  return undefined
}

export function quoted(next: string, before: string): string {
  if (/^[\w./:@%+,=-]*$/.test(next) && !/^["']/.test(before)) return next
  return next.includes("'") || before.startsWith('"')
    ? `"${next.replace(/["\\$`]/g, '\\$&').replaceAll('\n', '\\n')}"`
    : `'${next}'`
}

function located(start: number, value: string, print: (text: string) => string): Located {
  return {
    start,
    end: start + value.length,
    type: 'any',
    print: (next) => print(next === null ? '' : String(next)),
  }
}

function* linesOf(text: string): Generator<{ line: string; start: number }> {
  let start = 0
  for (const line of text.split('\n')) {
    yield { line: line.replace(/\r$/, ''), start }
    start += line.length + 1
  }
}
