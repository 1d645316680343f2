import { availableParallelism, totalmem } from 'node:os'
import { type Clock, machineClock } from '@landfall/kube'
import { CommandFailed, run } from '../host/run.ts'
import { type WorkState, workEstimate } from './estimate.ts'
import { type GoSource, listPackages } from './packages.ts'
import { compileWeight, linkWeight } from './weights.ts'
import { describeWork, linking } from './words.ts'

/** A program that is built from a folder with a Go module. */
export interface GoBuild extends GoSource {
  /** Absolute path of the program that is written. */
  output: string
}

/** Milliseconds between two reports. */
const REPORT_MS = 1000

/**
 * Builds a program and reports each second how much is done, how long the rest takes and what is `next`. Go keeps each compiled package in its
 * cache: a build that is interrupted continues there. When this process ends, in any way, the compilers end too.
 * Throws CommandFailed with the messages of the compiler.
 */
export async function buildGoProgram(
  build: GoBuild,
  next: string | undefined,
  report: (detail: string) => void,
  clock: Clock = machineClock,
): Promise<void> {
  let detail = 'reading the packages'
  const ticker = setInterval(() => report(detail), REPORT_MS)
  try {
    const packages = await listPackages(build, (modules) => {
      detail = `${modules} ${modules === 1 ? 'module' : 'modules'} downloaded`
    })
    clearInterval(ticker)
    await compile(build, packages, (state) => report(describeWork(state, next)), clock)
  } finally {
    clearInterval(ticker)
  }
}

async function compile(
  { source, output, flags, env }: GoBuild,
  packages: Awaited<ReturnType<typeof listPackages>>,
  report: (state: WorkState) => void,
  clock: Clock,
): Promise<void> {
  const parts = packages
    .filter(({ cached }) => !cached)
    .map((one) => ({ name: one.path, weight: compileWeight(one) }))
  const workers = availableParallelism()
  const work = workEstimate(
    parts,
    { name: linking, weight: linkWeight(packages) },
    workers,
    clock.now(),
  )
  const main = packages.at(-1)?.path
  if (parts.length === 0) work.beginLast(clock.now())
  const ticker = setInterval(() => report(work.state(clock.now())), REPORT_MS)
  try {
    // With -v Go names each package when it begins to compile it; those in its cache are not named.
    await run('go', ['build', '-v', ...flags, '-o', output, '.'], {
      cwd: source,
      env: { ...compilerMemory(totalmem(), workers), ...env },
      endsWithThisProcess: true,
      onLine: (line) => {
        if (!isPackage(line)) return
        work.begin(line, clock.now())
        if (line === main) work.beginLast(clock.now())
      },
    })
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    const messages = error.output.split('\n').filter((line) => !isPackage(line))
    throw new CommandFailed('go build', error.exitCode, messages.join('\n'))
  } finally {
    clearInterval(ticker)
  }
}

/** A line that is an import path, and not a message of Go or of a compiler. */
function isPackage(line: string): boolean {
  return /^[^\s:]+$/.test(line)
}

/** Bytes. */
const GIB = 2 ** 30

/**
 * The settings of Go's garbage collector for compilers, which live for a second: on a machine with `memory` bytes for `workers` at a
 * time they do without it up to a limit. On a small machine they work as usual.
 */
export function compilerMemory(memory: number, workers: number): Record<string, string> {
  const each = memory / 3 / workers
  if (each < GIB) return {}
  return { GOGC: 'off', GOMEMLIMIT: `${Math.min(3, Math.floor(each / GIB))}GiB` }
}
