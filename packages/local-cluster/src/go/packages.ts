import { statSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../host/run.ts'

/** A folder with a Go module, the package `main` in it, and how it is compiled. */
export interface GoSource {
  /** Absolute path. */
  source: string
  /** Flags of `go build` that decide on the result. */
  flags: readonly string[]
  /** Added to the environment. */
  env: Readonly<Record<string, string>>
}

/** A package that a program consists of. */
export interface GoPackage {
  /** Its import path. */
  path: string
  /** Bytes of its Go files, without tests. */
  bytes: number
  /** Packages that it imports itself, and all that are behind them. */
  imports: number
  dependencies: number
  /** In Go's build cache, compiled with the same flags: Go does not compile it again. */
  cached: boolean
}

const template = [
  '{{.ImportPath}}',
  '{{.Dir}}',
  '{{len .Imports}}',
  '{{len .Deps}}',
  '{{.Stale}}',
  '{{.StaleReason}}',
  '{{range .GoFiles}}{{.}}\t{{end}}',
].join('|')

/**
 * The packages of a program, in an order in which they can be compiled. Modules that are missing are downloaded: `onDownload` is called for each.
 * Throws CommandFailed with the message of Go.
 */
export async function listPackages(
  { source, env, flags }: GoSource,
  onDownload: (modules: number) => void,
): Promise<GoPackage[]> {
  let modules = 0
  const printed = await run('go', ['list', '-deps', ...flags, '-f', template, '.'], {
    cwd: source,
    env,
    endsWithThisProcess: true,
    onLine: (line) => {
      if (line.startsWith('go: downloading')) onDownload(++modules)
    },
  })
  return printed.trim().split('\n').map(readPackage)
}

/** One line of `go list`. A package without Go files (`unsafe`) is never compiled. */
export function readPackage(line: string): GoPackage {
  const [path = '', directory = '', imports, dependencies, stale, reason, names = ''] =
    line.split('|')
  const files = names.split('\t').filter((name) => name !== '')
  return {
    path,
    bytes: files.reduce((sum, name) => sum + sizeOf(join(directory, name)), 0),
    imports: Number(imports),
    dependencies: Number(dependencies),
    cached: stale === 'false' || files.length === 0 || reason === inBuildCache,
  }
}

/** Why Go names a package stale that it need not compile: the reason of `go list` (cmd/go/internal/work/buildid.go). */
const inBuildCache = 'not installed but available in build cache'

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
