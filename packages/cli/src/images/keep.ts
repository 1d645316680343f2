import { CannotWrite } from '@landfall/local-cluster/write-whole'
import type { Converted } from '../project/read.ts'
import { shortPaths } from '../project/short-paths.ts'
import type { Terminal } from '../terminal.ts'
import { writeLock } from './lock-file.ts'

/** Writes the image metadata that a conversion has read to landfall.lock, so that the next one gives the same without a network. */
export function keepLearnt(
  { images, contexts, loaded, oneShots = [] }: Converted,
  terminal: Terminal,
): void {
  const commits = contexts?.learnt ?? []
  if (images === undefined || images.learnt.length + commits.length === 0) return
  try {
    writeLock(loaded, images.lock, { oneShots, contexts: contexts?.recorded ?? new Map() })
    const written = [
      ...(images.learnt.length > 0 ? [`metadata of ${images.learnt.join(', ')}`] : []),
      ...(commits.length > 0 ? [`revisions of ${commits.join(', ')}`] : []),
    ]
    terminal.stderr.write(`Wrote landfall.lock: ${written.join('; ')}.\n`)
  } catch (error) {
    warnUnwritten(error, terminal)
  }
}

/**
 * Writes to landfall.lock which services exited with code 0, so that each conversion makes them Jobs.
 * Where the file cannot be written, a line says so.
 */
export function rememberOneShots(
  { images, contexts, loaded, oneShots = [] }: Converted,
  services: readonly string[],
  terminal: Terminal,
): void {
  try {
    writeLock(loaded, images?.lock ?? new Map(), {
      oneShots: [...oneShots, ...services],
      contexts: contexts?.recorded ?? new Map(),
    })
    const are = services.length === 1 ? 'is a one-shot' : 'are one-shots'
    terminal.stderr.write(`Wrote landfall.lock: ${services.join(', ')} ${are}.\n`)
  } catch (error) {
    warnUnwritten(error, terminal)
  }
}

/** Throws what is not a failure to write. */
function warnUnwritten(error: unknown, { cwd, stderr }: Terminal): void {
  if (!(error instanceof CannotWrite)) throw error
  stderr.write(`warning: ${shortPaths(cwd)(error.message)}\n`)
}
