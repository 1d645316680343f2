import type { Scan } from './scan.ts'

/** A file that sets where a program logs. */
export interface LoggingFile {
  path: string
  /** Whether the log of the root goes to the console, as far as the file shows it. */
  console: boolean
}

/** The files of logback, log4j 1 and 2, Pax Logging and java.util.logging, sorted. Those inside of jars and web applications are not looked at. */
export function loggingFiles({ files }: Pick<Scan, 'files'>): LoggingFile[] {
  return [...files]
    .flatMap(([path, { text }]): LoggingFile[] => {
      if (
        text === undefined ||
        /(^|\/)(webapps|examples?|samples?|docs?|modules|templates|WEB-INF)\//i.test(path)
      )
        return []
      const name = path.split('/').at(-1) ?? ''
      const read = READERS.find(([pattern]) => pattern.test(name))?.[1]
      const console = read?.(text)
      return console === undefined ? [] : [{ path, console }]
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Whether a program logs to files only: there are settings of its log, and none of them has the console. */
export function logsToFilesOnly(found: readonly LoggingFile[]): boolean {
  return found.length > 0 && found.every(({ console }) => !console)
}

/** By the name of the file; undefined: it does not set where the root logs. */
const READERS: readonly [RegExp, (text: string) => boolean | undefined][] = [
  [/^logback(?!.*test).*\.xml$/, ofXml],
  [/^log4j2?(?!.*test).*\.xml$/, ofXml],
  [/^log4j(?!2)(?!.*test).*\.properties$/, ofLog4j1],
  [/^(log4j2.*\.properties|org\.ops4j\.pax\.logging\.cfg)$/, ofLog4j2],
  [/^(logging|jul).*\.properties$/, ofJul],
]

/** logback, log4j 1 and log4j 2 as XML: whether an appender of the console is one to which the root refers, also through others (asynchronous ones). */
function ofXml(text: string): boolean | undefined {
  const plain = text.replaceAll(/<!--[\s\S]*?-->/g, '')
  const [root] = /<root\b[\s\S]*?<\/root>/i.exec(plain) ?? []
  if (root === undefined) return undefined
  const appenders = new Map(
    [...plain.matchAll(/<(appender|async|console)\b([^>]*?)(\/>|>([\s\S]*?)<\/\1>)/gi)].map(
      ([, kind = '', attributes = '', , body = '']) => {
        const name = /\bname="([^"]*)"/.exec(attributes)?.[1] ?? ''
        const isConsole = /^console$/i.test(kind) || /ConsoleAppender"/.test(attributes)
        return [name, { isConsole, next: referencesIn(body) }]
      },
    ),
  )
  const seen = new Set<string>()
  const reaches = (names: readonly string[]): boolean =>
    names.some((name) => {
      // What a variable names may be the console.
      if (name.includes('$')) return true
      if (seen.has(name)) return false
      seen.add(name)
      const appender = appenders.get(name)
      return appender?.isConsole === true || reaches(appender?.next ?? [])
    })
  return reaches(referencesIn(root))
}

function referencesIn(text: string): string[] {
  return [...text.matchAll(/<appender-?ref\b[^>]*\bref="([^"]*)"/gi)].flatMap(
    ([, name]) => name ?? [],
  )
}

function propertiesOf(text: string): Map<string, string> {
  const lines = text.replaceAll(/\\\r?\n\s*/g, '').split(/\r?\n/)
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, key, value] = /^\s*([^#!\s=:][^\s=:]*)\s*[=:]?\s*(.*?)\s*$/.exec(line) ?? []
      return key === undefined || value === undefined ? [] : [[key, value]]
    }),
  )
}

function ofLog4j1(text: string): boolean | undefined {
  const all = propertiesOf(text)
  const root = all.get('log4j.rootLogger') ?? all.get('log4j.rootCategory')
  if (root === undefined) return undefined
  const names = resolved(root, all).split(',').slice(1)
  return names.some((name) => {
    const type = all.get(`log4j.appender.${name.trim()}`)
    return type === undefined || /ConsoleAppender$/.test(type)
  })
}

/** `${name}` with its value in the same file. */
function resolved(value: string, all: ReadonlyMap<string, string>): string {
  return value.replaceAll(/\$\{([^}:]+)\}/g, (whole, name: string) => all.get(name) ?? whole)
}

function ofLog4j2(text: string): boolean | undefined {
  const all = new Map(
    [...propertiesOf(text)].map(([key, value]) => [key.replace(/^log4j2\./, ''), value]),
  )
  const consoles = [...all].flatMap(([key, value]) => {
    const id = /^appender\.([\w-]+)\.type$/.exec(key)?.[1]
    return id !== undefined && /^console$/i.test(value)
      ? [all.get(`appender.${id}.name`) ?? id]
      : []
  })
  const references = [...all].filter(([key]) =>
    /^rootLogger\.appenderRefs?\.[\w-]+\.ref$/.test(key),
  )
  if (references.length === 0) return all.has('rootLogger') ? true : undefined
  return references.some(([key, name]) => {
    const level = all.get(key.replace(/\.ref$/, '.filter.threshold.level')) ?? ''
    // Karaf: ${karaf.log.console:-OFF}
    const isOff = /^(\$\{[^}]*:-)?OFF\}?$/i.test(level)
    return !isOff && (name.includes('$') || consoles.includes(name))
  })
}

function ofJul(text: string): boolean | undefined {
  const all = propertiesOf(text)
  const handlers = all.get('.handlers') ?? all.get('handlers')
  return handlers === undefined ? undefined : /ConsoleHandler/.test(handlers)
}
