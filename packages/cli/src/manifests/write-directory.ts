import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'

/** Lists the files of the directory that we wrote; kubectl does not read it. */
const LIST = '.landfall'

/**
 * Makes the directory hold exactly the given files, all or none of them. A directory that holds anything else than what an
 * earlier call wrote is left alone: UsageError.
 */
export function writeDirectory(directory: string, files: ReadonlyMap<string, string>): void {
  const target = resolve(directory)
  checkReplaceable(target)
  mkdirSync(dirname(target), { recursive: true })
  const fresh = join(dirname(target), `.${basename(target)}.new-${process.pid}`)
  const old = join(dirname(target), `.${basename(target)}.old-${process.pid}`)
  try {
    mkdirSync(fresh)
    for (const [name, text] of files) writeFileSync(join(fresh, name), text)
    writeFileSync(join(fresh, LIST), `${[...files.keys()].join('\n')}\n`)
    if (existsSync(target)) renameSync(target, old)
    renameSync(fresh, target)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

/** Throws a UsageError when the directory holds something that is not ours to replace. */
export function checkReplaceable(directory: string): void {
  const stat = statSync(directory, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (!stat.isDirectory()) throw new UsageError(`${directory} is a file`, 'use a directory')
  const list = join(directory, LIST)
  const ours = new Set(existsSync(list) ? [LIST, ...readFileSync(list, 'utf8').split('\n')] : [])
  const foreign = readdirSync(directory).filter((name) => !ours.has(name))
  if (foreign.length > 0)
    throw new UsageError(
      `${directory} contains files that Landfall did not write, such as ${foreign[0]}`,
      'use a new directory, or empty this one',
    )
}
