import { randomBytes } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** Mode of a file that contains secrets: only its owner reads it. */
export const SECRET_MODE = 0o600

/** A file cannot be written; the message names it and the reason, in words for people. */
export class CannotWrite extends Error {
  override readonly name = 'CannotWrite'

  constructor(file: string, cause: unknown) {
    super(`cannot write ${file}: ${reasonOf(cause)}`, { cause })
  }
}

/**
 * Writes a file so that readers find the old content or the new one, never a part: an exclusive temporary file in the same
 * directory is written to the disk and renamed. A symbolic link is never followed, and what is not a regular file is not
 * replaced. `mode` is changed by the umask, except {@link SECRET_MODE}. `unflushed` is for files that are made again if a power
 * cut loses them: flushing takes up to a second for each on a small machine. Throws CannotWrite.
 */
export function writeWhole(
  file: string,
  content: string | Uint8Array,
  mode = 0o644,
  durability: 'flushed' | 'unflushed' = 'flushed',
): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    requireReplaceable(file)
    const unfinished = temporaryName(file)
    withoutTraces(unfinished, () => {
      const descriptor = openSync(unfinished, 'wx', mode)
      try {
        writeFileSync(descriptor, content)
        if (durability === 'flushed') fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      renameSync(unfinished, file)
    })
  } catch (error) {
    throw error instanceof CannotWrite ? error : new CannotWrite(file, error)
  }
}

/**
 * The same for content of any size: `work` writes the temporary file of the given name, which must be created exclusively (`wx`).
 * Throws CannotWrite for a file that must not be replaced, and the errors of `work`.
 */
export async function replaceWhole<T>(
  file: string,
  work: (unfinished: string) => Promise<T>,
): Promise<T> {
  requireReplaceable(file)
  const unfinished = temporaryName(file)
  const held = holdSignals(() => rmSync(unfinished, { force: true }))
  try {
    const result = await work(unfinished)
    renameSync(unfinished, file)
    return result
  } finally {
    rmSync(unfinished, { force: true })
    held()
  }
}

/** A name in the same directory that cannot be guessed. */
export function temporaryName(file: string): string {
  return join(dirname(file), `.landfall-${randomBytes(9).toString('hex')}`)
}

/** Runs `work`; neither an error nor a signal leaves the temporary file or directory behind. */
export function withoutTraces<T>(temporary: string, work: () => T): T {
  const clean = () => rmSync(temporary, { recursive: true, force: true })
  const held = holdSignals(clean)
  try {
    return work()
  } finally {
    clean()
    held()
  }
}

/** Before long work: makes the directory of a file, and throws CannotWrite if the file cannot be written there. */
export function requireWritable(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    requireReplaceable(file)
    accessSync(dirname(file), constants.W_OK)
  } catch (error) {
    throw error instanceof CannotWrite ? error : new CannotWrite(file, error)
  }
}

function requireReplaceable(file: string): void {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  if (stat === undefined || stat.isFile()) return
  const kind = stat.isSymbolicLink()
    ? 'it is a symbolic link'
    : stat.isDirectory()
      ? 'it is a directory'
      : 'it is not a regular file'
  throw new CannotWrite(file, kind)
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** What has to be removed if a signal ends the process now. */
const traces = new Set<() => void>()

/**
 * Delays the signals that end the process until `clean` has run; they are sent again unless another listener handles them. Returns
 * what ends this, after the signals that have already arrived.
 */
function holdSignals(clean: () => void): () => void {
  if (traces.size === 0) for (const signal of SIGNALS) process.on(signal, onSignal)
  traces.add(clean)
  return () => {
    setImmediate(() => {
      traces.delete(clean)
      if (traces.size === 0) for (const signal of SIGNALS) process.off(signal, onSignal)
    })
  }
}

function onSignal(signal: NodeJS.Signals): void {
  for (const clean of traces) clean()
  process.off(signal, onSignal)
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is exceeded',
  ENOTDIR: 'a part of its path is not a directory',
  EEXIST: 'a part of its path is not a directory',
  ELOOP: 'its path has too many symbolic links',
  ENAMETOOLONG: 'its name is too long',
  EISDIR: 'it is a directory',
}

function reasonOf(cause: unknown): string {
  if (typeof cause === 'string') return cause
  const { code, message } = cause as NodeJS.ErrnoException
  return REASONS[code ?? ''] ?? message
}
