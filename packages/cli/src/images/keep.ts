import type { Converted } from '../project/read.ts'
import type { Terminal } from '../terminal.ts'
import { writeLock } from './lock-file.ts'

/** Writes what a conversion has learnt of images beside the project, so that the next one gives the same without a network. */
export function keepLearnt({ images, loaded }: Converted, { stderr }: Terminal): void {
  if (images === undefined || images.learnt.length === 0) return
  try {
    writeLock(loaded.projectDirectory, images.lock)
    const say = images.learnt.length === 1 ? 'says of itself' : 'say of themselves'
    stderr.write(`Wrote landfall.lock: what ${images.learnt.join(', ')} ${say}.\n`)
  } catch (error) {
    stderr.write(`landfall.lock cannot be written: ${(error as Error).message}\n`)
  }
}
