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
    const text = textOf(file)
    // given back in the meantime
    if (text === undefined) continue
    const holder = holderIn(text)
    if (holder === undefined || !isRunning(holder)) {
      removeStale(file, text)
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

/**
 * Removes the lock of a process that is gone. Several may have found it so, and the first of them may have removed it, and another may have
 * taken the lock since: only who holds the second lock removes the first one, and only while it is the one that was found.
 */
function removeStale(file: string, found: string): void {
  const removal = `${file}.removal`
  if (!take(removal)) {
    const other = textOf(removal)
    const holder = other === undefined ? undefined : holderIn(other)
    if (other !== undefined && (holder === undefined || !isRunning(holder)))
      removeStale(removal, other)
    return
  }
  try {
    if (textOf(file) === found) rmSync(file, { force: true })
  } finally {
    rmSync(removal, { force: true })
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Undefined for a text that no holder writes. */
function holderIn(text: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(text) as ProcessIdentity
  } catch {
    return undefined
  }
}
