import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Clock, machineClock } from '@landfall/kube'
import { writeNew } from './files/new-file.ts'
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts'

/**
 * Runs `work` while no other process holds the lock file. A lock whose holder is gone is taken over.
 * `onWait` is called once when another process has it.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  onWait: (holder: ProcessIdentity) => void = () => {},
  clock: Clock = machineClock,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true })
  let reported = false
  while (!take(file)) {
    const holder = holderOf(file)
    if (holder === undefined || !isRunning(holder)) {
      rmSync(file, { force: true })
      continue
    }
    if (!reported) onWait(holder)
    reported = true
    await clock.sleep(200)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** A link is made with the whole text in it, or not at all. */
function take(file: string): boolean {
  const own = `${file}.${process.pid}.${randomUUID()}`
  writeNew(own, JSON.stringify(identify(process.pid)))
  try {
    linkSync(own, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(own)
  }
}

function holderOf(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity
  } catch {
    return undefined
  }
}
