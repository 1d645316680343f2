import { closeSync, constants, fstatSync, openSync, rmSync } from 'node:fs'
import { CannotWrite, SECRET_MODE } from '../write-whole.ts'

/**
 * Opens a file to continue it: at its end (`append`), or anywhere. It is made for its owner alone if it does not exist. What is
 * not a regular file with one name (a symbolic or hard link, a FIFO) is not opened: throws CannotWrite. The caller closes it.
 */
export function openContinued(file: string, at: 'append' | 'anywhere'): number {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_APPEND } = constants
  const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | (at === 'append' ? O_APPEND : 0)
  let descriptor: number
  try {
    descriptor = openSync(file, flags, SECRET_MODE)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Of a name: O_NOFOLLOW; of a FIFO without a reader or a socket: ENXIO (open(2)).
    if (code === 'ELOOP') throw new CannotWrite(file, 'it is a symbolic link')
    throw new CannotWrite(file, code === 'ENXIO' ? 'it is not a regular file' : error)
  }
  const stat = fstatSync(descriptor)
  if (stat.isFile() && stat.nlink === 1) return descriptor
  closeSync(descriptor)
  throw new CannotWrite(file, stat.isFile() ? 'it has another name' : 'it is not a regular file')
}

/** Opens a log for a program that starts: an empty file for its owner alone, in the place of the old one. The caller closes it. */
export function openLog(file: string): number {
  rmSync(file, { force: true })
  return openSync(file, 'wx', SECRET_MODE)
}
