import {
  constants,
  copyFileSync,
  cpSync,
  createWriteStream,
  mkdirSync,
  openSync,
  symlinkSync,
  type WriteStream,
  writeFileSync,
} from 'node:fs'

/**
 * Writes a file that must not exist: a link that another user planted under its name is an error (O_EXCL, open(2)), not
 * followed. For directories that only this process writes; a file that others read is written with `writeWhole`.
 * Throws the error of the file system.
 */
export function writeNew(file: string, content: string | Uint8Array, mode = 0o644): void {
  writeFileSync(file, content, { flag: 'wx', mode })
}

/** The same for content that arrives in parts; the stream fails if the file exists. */
export function streamNew(file: string, mode = 0o644): WriteStream {
  return createWriteStream(file, { flags: 'wx', mode })
}

/** The same as a descriptor, which the caller closes. */
export function openNew(file: string, mode = 0o644): number {
  return openSync(file, 'wx', mode)
}

/** Copies a file to a name that must not exist. */
export function copyNew(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL)
}

/** Copies a directory to a name that must not exist. Links in it are copied as links. */
export function copyNewTree(from: string, to: string): void {
  mkdirSync(to)
  cpSync(from, to, { recursive: true, errorOnExist: true, force: false, verbatimSymlinks: true })
}

/** Makes a symbolic link under a name that must not exist. */
export function linkNew(target: string, file: string): void {
  symlinkSync(target, file)
}
