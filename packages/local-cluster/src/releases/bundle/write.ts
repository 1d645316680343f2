import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Progress } from '../../contract.ts'
import { withLock } from '../../host/lock.ts'
import { keepPrivate } from '../../host/private-directory.ts'
import { asStep } from '../../host/step.ts'
import { CannotWrite, replaceWhole, requireWritable, writeWhole } from '../../host/write-whole.ts'
import { checksumOf } from '../content/checksum.ts'
import { fetchVerified } from '../fetch-verified.ts'
import { DOWNLOAD_LIMIT_MS, type InstallAllOptions } from '../install-all.ts'
import { releaseFiles } from '../table.ts'
import { allAtOnce, type Bring } from '../transfer/all-at-once.ts'
import { removePartial } from '../transfer/partial.ts'
import { locate } from '../transfer/place.ts'
import { entriesOf, MANIFEST, manifestOf } from './manifest.ts'

/**
 * Downloads the releases for a kind of processor, verifies them, and writes them into one tar file. Resolves with the sha256 of
 * the bundle. What has been downloaded before a failure or an interruption is used by the next run. Throws ReleaseProblem or
 * CannotWrite; no file is written then.
 */
export async function writeBundle(
  output: string,
  architecture: string,
  { cacheDirectory, table, place, env }: InstallAllOptions,
  progress: Progress,
): Promise<string> {
  const files = Object.values(releaseFiles(table, architecture))
  requireWritable(output)
  keepPrivate(cacheDirectory)
  const key = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16)
  const directory = join(cacheDirectory, `bundle-${key}`)
  const bring: Bring = async (file, transfer) => {
    const path = locate(file.url, { kind: 'directory', path: directory })
    if (existsSync(path)) return
    mkdirSync(dirname(path), { recursive: true })
    const partial = `${path}.part`
    const verified = await fetchVerified(file, partial, { place, ...transfer })
    if (file.checksums !== undefined) {
      const line = `${verified.replace('sha256:', '')}  ${basename(path)}\n`
      writeWhole(locate(file.checksums, { kind: 'directory', path: directory }), line)
    }
    renameSync(partial, path)
    removePartial(partial)
  }
  const step = `packing the releases for linux/${architecture}`
  return withLock(`${directory}.lock`, () =>
    asStep(progress, step, async (report) => {
      mkdirSync(directory, { recursive: true })
      const shown = place.kind === 'directory' ? () => {} : report
      await allAtOnce(files, bring, { env, report: shown, limitMs: DOWNLOAD_LIMIT_MS })
      const manifest = JSON.stringify(manifestOf(files, architecture), null, 1)
      writeWhole(join(directory, MANIFEST), `${manifest}\n`)
      await pack(directory, [MANIFEST, ...entriesOf(files).keys()], output)
      rmSync(directory, { recursive: true })
      return checksumOf(output, 'sha256')
    }),
  )
}

async function pack(directory: string, entries: string[], output: string): Promise<void> {
  const { create } = await import('tar')
  await replaceWhole(output, async (unfinished) => {
    try {
      const options = { file: unfinished, cwd: directory, portable: true, noDirRecurse: true }
      await create(options, entries)
    } catch (error) {
      throw new CannotWrite(output, error)
    }
  })
}
