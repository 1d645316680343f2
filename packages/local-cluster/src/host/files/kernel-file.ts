import { closeSync, constants, openSync, writeFileSync } from 'node:fs'

/**
 * Sets a value of the kernel (a file under /proc/sys or of a control group), which exists: no file is made. Throws the error of
 * the file system.
 */
export function writeKernelFile(file: string, value: string | Uint8Array): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_TRUNC)
  try {
    writeFileSync(descriptor, value)
  } finally {
    closeSync(descriptor)
  }
}
