import type { Converted } from '../project/read.ts'
import type { Terminal } from '../terminal.ts'
import { writeLock } from './lock-file.ts'

/** Writes what a conversion has learnt of images beside the project, so that the next one gives the same without a network. */
export function keepLearnt({ images, loaded, oneShots }: Converted, { stderr }: Terminal): void {
  if (images === undefined || images.learnt.length === 0) return
  try {
    writeLock(loaded, images.lock, oneShots ?? [])
    const say = images.learnt.length === 1 ? 'says of itself' : 'say of themselves'
    stderr.write(`Wrote landfall.lock: what ${images.learnt.join(', ')} ${say}.\n`)
  } catch (error) {
    tellUnwritten(error, stderr)
  }
}

/**
 * Writes beside the project that programs of services ended with exit code 0, so that each conversion makes them Jobs.
 * Where the file cannot be written, a line says so.
 */
export function rememberOneShots(
  { images, loaded, oneShots = [] }: Converted,
  services: readonly string[],
  { stderr }: Terminal,
): void {
  try {
    writeLock(loaded, images?.lock ?? new Map(), [...oneShots, ...services])
    const are = services.length === 1 ? 'is a one-shot' : 'are one-shots'
    stderr.write(`Wrote landfall.lock: ${services.join(', ')} ${are}.\n`)
  } catch (error) {
    tellUnwritten(error, stderr)
  }
}

function tellUnwritten(error: unknown, stderr: Terminal['stderr']): void {
  stderr.write(`landfall.lock cannot be written: ${(error as Error).message}\n`)
}
