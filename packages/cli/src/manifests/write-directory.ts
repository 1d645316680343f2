import { chmodSync, lstatSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { writeNew } from '@landfall/local-cluster/new-file'
import { readBounded } from '@landfall/local-cluster/read-bounded'
import {
  CannotWrite,
  SECRET_MODE,
  temporaryName,
  withoutTraces,
} from '@landfall/local-cluster/write-whole'
import { UsageError } from '../errors.ts'

/** Lists the files of the directory that we wrote; kubectl does not read it. */
const LIST = '.landfall'

/** Bytes: ten thousand names have less. */
const LARGEST_LIST = 1024 * 1024

/**
 * Makes the directory hold exactly the given files, all or none of them; those with secrets are for their owner alone. A directory
 * that holds anything else than what an earlier call wrote is left alone: UsageError. Throws CannotWrite.
 */
export function writeDirectory(directory: string, files: ReadonlyMap<string, string>): void {
  const target = resolve(directory)
  checkReplaceable(target)
  try {
    mkdirSync(dirname(target), { recursive: true })
    const fresh = temporaryName(target)
    const old = temporaryName(target)
    withoutTraces(fresh, () => {
      mkdirSync(fresh, { mode: 0o700 })
      for (const [name, text] of files) {
        const mode = isSecret(text) ? SECRET_MODE : 0o644
        writeNew(join(fresh, name), text, mode)
      }
      writeNew(join(fresh, LIST), `${[...files.keys()].join('\n')}\n`)
      chmodSync(fresh, 0o777 & ~process.umask())
      withoutTraces(old, () => {
        if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) renameSync(target, old)
        renameSync(fresh, target)
      })
    })
  } catch (error) {
    throw error instanceof UsageError ? error : new CannotWrite(target, error)
  }
}

/** Whether a manifest is that of a Secret; texts in it are indented. */
export function isSecret(manifest: string): boolean {
  return /^kind: Secret$/m.test(manifest)
}

/** Throws a UsageError when the directory holds something that is not ours to replace. */
export function checkReplaceable(directory: string): void {
  const stat = lstatSync(directory, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (stat.isSymbolicLink())
    throw new UsageError(
      `${directory} is a symbolic link`,
      'use the directory to which it points, or a new one',
    )
  if (!stat.isDirectory()) throw new UsageError(`${directory} is a file`, 'use a directory')
  const list = readBounded(join(directory, LIST), LARGEST_LIST)
  const ours = new Set(list.ok ? [LIST, ...list.text.split('\n')] : [])
  const foreign = readdirSync(directory).filter((name) => !ours.has(name))
  if (foreign.length > 0)
    throw new UsageError(
      `${basename(directory)} contains files that Landfall did not write, such as ${foreign[0]}`,
      'use a new directory, or empty this one',
    )
}
