import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Progress } from '../../contract.ts'
import { keepPrivate } from '../../host/private-directory.ts'
import { proxyAgent } from '../../host/proxy-agent.ts'
import { asStep } from '../../host/step.ts'
import { replaceWhole } from '../../host/write-whole.ts'
import { checksumOf } from '../content/checksum.ts'
import { fetchVerified } from '../fetch-verified.ts'
import type { InstallAllOptions } from '../install-all.ts'
import { type ReleaseFile, releaseFiles } from '../table.ts'
import { locate } from '../transfer/place.ts'
import { entriesOf, MANIFEST, manifestOf } from './manifest.ts'

/**
 * Downloads the releases for a kind of processor, verifies them, and writes them into one tar file. Resolves with the sha256 of
 * the bundle. Throws ReleaseProblem or CannotWrite; no file is written then.
 */
export async function writeBundle(
  output: string,
  architecture: string,
  { cacheDirectory, table, place, env }: InstallAllOptions,
  progress: Progress,
): Promise<string> {
  const files = Object.values(releaseFiles(table, architecture))
  keepPrivate(cacheDirectory)
  const directory = mkdtempSync(join(cacheDirectory, 'bundle-'))
  const dispatcher = await proxyAgent(env)
  const failed = new AbortController()
  const { signal } = failed
  const copies = { kind: 'directory', path: directory } as const
  const bring = async (file: ReleaseFile): Promise<void> => {
    const path = locate(file.url, copies)
    mkdirSync(dirname(path), { recursive: true })
    try {
      const onBytes = () => {}
      const verified = await fetchVerified(file, path, { place, dispatcher, signal, onBytes })
      if (file.checksums === undefined) return
      const line = `${verified.replace('sha256:', '')}  ${basename(path)}\n`
      writeFileSync(locate(file.checksums, copies), line)
    } catch (error) {
      failed.abort()
      throw error
    }
  }
  try {
    return await asStep(progress, `packing the releases for linux/${architecture}`, async () => {
      const work = files.map(bring)
      await Promise.allSettled(work)
      await Promise.all(work)
      const manifest = JSON.stringify(manifestOf(files, architecture), null, 1)
      writeFileSync(join(directory, MANIFEST), `${manifest}\n`)
      const { create } = await import('tar')
      await replaceWhole(output, (unfinished) =>
        create({ file: unfinished, cwd: directory, portable: true, noDirRecurse: true }, [
          MANIFEST,
          ...entriesOf(files).keys(),
        ]),
      )
      return checksumOf(output, 'sha256')
    })
  } finally {
    await dispatcher.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
