import type { Scan } from './scan.ts'

/** A file of settings and its format, as `files` of landfall.yaml edits it; undefined where the format is not known. */
export interface ConfigFile {
  path: string
  format?: 'properties' | 'xml' | 'yaml' | 'json' | 'ini' | 'toml'
}

/** A port that a file of settings has; programs do not listen on all of them. */
export interface FoundPort {
  port: number
  /** The file and the key. */
  path: string
  key: string
}

const FORMATS: Readonly<Record<string, ConfigFile['format']>> = {
  properties: 'properties',
  xml: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  ini: 'ini',
  toml: 'toml',
}

const FOLDER = /(^|\/)(conf|config|etc|cfg)\//

/** The files of settings, sorted: those of a folder for them, and those at the top with a known ending. */
export function configFiles({ files }: Pick<Scan, 'files'>): ConfigFile[] {
  return [...files]
    .flatMap(([path, { text }]): ConfigFile[] => {
      if (text === undefined) return []
      const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
      const isCfg = extension === 'cfg' || extension === 'conf'
      const format = isCfg && looksLikeProperties(text) ? 'properties' : FORMATS[extension]
      const inFolder = FOLDER.test(path)
      if (!inFolder && (path.includes('/') || format === undefined)) return []
      return [{ path, ...(format !== undefined && { format }) }]
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function looksLikeProperties(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\s*[#!]/.test(line))
  return lines.every(
    (line) => /^\s*[\w.-]+\s*[=:]/.test(line) || /\\$/.test(line) || /^\s/.test(line),
  )
}

/** Ports in files of settings, each once, in the order of the files: keys and attributes that are named after a port, and addresses with one. */
export function configPorts(
  { files }: Pick<Scan, 'files'>,
  configs: readonly ConfigFile[],
): FoundPort[] {
  const found = new Map<number, FoundPort>()
  for (const { path } of configs) {
    const text = withoutComments(path, files.get(path)?.text ?? '')
    const add = (key: string, digits: string): void => {
      const port = Number(digits)
      if (port >= 1 && port <= 65_535 && !found.has(port)) found.set(port, { port, path, key })
    }
    for (const [, key = '', digits = ''] of text.matchAll(
      /([\w.-]*port[\w.-]*)["']?\s*[=:]\s*["']?(?:\$\{[\w.]+:-?)?(\d{2,5})\b/gi,
    ))
      if (!/timeout|report|import|support|transport|password/i.test(key)) add(key, digits)
    // Where a server listens; addresses of other servers have names.
    for (const [, digits = ''] of text.matchAll(
      /\b[a-z][a-z0-9+]*:\/\/(?:0\.0\.0\.0|localhost|127\.0\.0\.1|\[::\]):(\d{2,5})\b/g,
    ))
      add('address', digits)
  }
  return [...found.values()]
}

function withoutComments(path: string, text: string): string {
  return path.endsWith('.xml')
    ? text.replaceAll(/<!--[\s\S]*?-->/g, '')
    : text.replaceAll(/^\s*[#!;].*$/gm, '')
}
