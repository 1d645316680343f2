import { type ConfigFile, configFiles, configPorts, type FoundPort } from './config-files.ts'
import { type NeededJava, neededJava } from './java.ts'
import { loggingFiles, logsToFilesOnly } from './logging.ts'
import { type NeededPreparation, neededPreparation } from './preparation.ts'
import { type Product, productOf } from './product.ts'
import { packagesOf, programsOf } from './programs.ts'
import type { Scan } from './scan.ts'
import { readScript, type StartScript } from './script.ts'

/** What a tarball is, as far as its files show it. */
export interface Inspection {
  product: Product
  /** Scripts that may start the program, the likeliest first. */
  scripts: readonly StartScript[]
  java?: NeededJava
  configs: readonly ConfigFile[]
  /** Suggestions: about half of such numbers are not listened on. */
  ports: readonly FoundPort[]
  /** Programs that scripts run and slim images lack. */
  programs: readonly string[]
  /** The Debian packages that have them. */
  packages: readonly string[]
  /** The files that send its log to files and not to the console; empty if one of them has the console, or there are none. */
  logsToFiles: readonly string[]
  /** What a known distribution needs before its first start. */
  preparation?: NeededPreparation
}

/** Names of start scripts, the likeliest first. */
const NAMES = [
  /^(startup|start)(\.sh)?$/,
  /^(zkServer|catalina|jetty|activemq|karaf|artemis|nacos)(\.sh)?$/,
  /-(start|startup)(\.sh)?$/,
  /^start-[\w-]+\.sh$/,
  /^(run|server|launch|console)(\.sh)?$/,
]

/** Looks at what was read of a tarball. `name` is the name of its file, which often has the version. */
export function inspectTarball(scan: Scan, name: string): Inspection {
  const scripts = startScripts(scan)
  const texts = [...scan.files].flatMap(([path, { text, executable }]) =>
    text !== undefined &&
    (text.startsWith('#!') || (executable && /\.sh$/.test(path))) &&
    !/\.(bat|cmd|py|pl)$/.test(path)
      ? [text]
      : [],
  )
  const programs = [...new Set(texts.flatMap(programsOf))].sort()
  const configs = configFiles(scan)
  const java = neededJava(scan)
  const logging = loggingFiles(scan)
  const preparation = neededPreparation(scan)
  return {
    product: productOf(scan, name),
    scripts,
    ...(java !== undefined && { java }),
    configs,
    ports: configPorts(scan, configs),
    programs,
    packages: packagesOf(programs),
    logsToFiles: logsToFilesOnly(logging) ? logging.map(({ path }) => path) : [],
    ...(preparation !== undefined && { preparation }),
  }
}

function startScripts({ files }: Scan): StartScript[] {
  return [...files]
    .flatMap(([path, { text }]) => {
      const base = path.split('/').at(-1) ?? ''
      const rank = NAMES.findIndex((name) => name.test(base))
      const depth = path.split('/').length
      return text === undefined || rank === -1 || depth > 3
        ? []
        : [{ rank: rank + (/(^|\/)bin\//.test(path) ? 0 : 10) + depth / 10, path, text }]
    })
    .sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1))
    .map(({ path, text }) => readWithOther(files, path, text))
}

/** A script that starts another one of its directory leaves the program as that one does. */
function readWithOther(files: Scan['files'], path: string, text: string): StartScript {
  const directory = path.slice(0, path.lastIndexOf('/') + 1)
  const others = [...files].flatMap(([other, file]) => {
    const name = other.slice(directory.length)
    const isOther = other.startsWith(directory) && !name.includes('/') && other !== path
    return isOther && file.text?.startsWith('#!') === true ? [name] : []
  })
  const script = readScript(path, text, others)
  const { delegatesTo } = script
  const started = delegatesTo === undefined ? undefined : files.get(directory + delegatesTo)?.text
  if (delegatesTo === undefined || started === undefined) return script
  const { kind, asks, pidFile } = readScript(directory + delegatesTo, started)
  return {
    ...script,
    ...{ kind, asks: script.asks || asks, ...(pidFile !== undefined && { pidFile }) },
  }
}
