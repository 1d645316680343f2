import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  guardedEntries,
  inspectTarball,
  layerOf,
  makeRecipe,
  openArchive,
  type Scan,
  scanTarball,
} from '@landfall/containerize'
import { copyNew, linkNew, streamNew, writeNew } from '@landfall/local-cluster/new-file'
import { archiveOf, type DownloadOptions } from './archive.ts'
import type { TarballService } from './declared.ts'

/**
 * Makes the build context of a service, unless there is one: Dockerfile, scripts and the files of the tarball. It appears as a whole or
 * not at all. Throws TarballProblem, and the errors of the file system.
 */
export async function makeContext(one: TarballService, options: DownloadOptions): Promise<void> {
  const { service, file, settings, context } = one
  if (isDirectory(context)) return
  const archive = await archiveOf(one, options)
  const scan = await scanTarball(archive)
  const recipe = makeRecipe(service, settings, scan, inspectTarball(scan, file))
  mkdirSync(dirname(context), { recursive: true, mode: 0o700 })
  const unfinished = mkdtempSync(join(dirname(context), 'new-'))
  try {
    writeNew(join(unfinished, 'Dockerfile'), recipe.dockerfile)
    mkdirSync(join(unfinished, 'landfall'))
    for (const [name, content] of recipe.helpers)
      writeNew(join(unfinished, 'landfall', name), content, 0o755)
    await extract(archive, scan, unfinished)
    try {
      renameSync(unfinished, context)
    } catch (error) {
      // Another run made the same.
      if (!isDirectory(context)) throw error
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** Writes the files of a tarball below `large` and `small`; every directory is in `small`. Links are made at the end, and none is followed. */
export async function extract(file: string, { top, files }: Scan, target: string): Promise<void> {
  const archive = await openArchive(file)
  const below = (path: string): string => (top === '' ? path : path.slice(top.length + 1))
  const placeOf = (path: string): string => {
    const { size = 0, target: link } = files.get(path) ?? {}
    return join(target, link === undefined ? layerOf(path, size) : 'small', path)
  }
  const links: [path: string, to: string][] = []
  const copies: [path: string, from: string][] = []
  mkdirSync(join(target, 'small'))
  for await (const entry of guardedEntries(archive)) {
    const path = below(entry.path)
    if (path === '') continue
    if (entry.kind === 'symlink') links.push([placeOf(path), entry.target ?? ''])
    else if (entry.kind === 'hardlink') copies.push([path, below(entry.target ?? '')])
    else if (entry.kind === 'directory') mkdirSync(join(target, 'small', path), { recursive: true })
    else {
      const place = placeOf(path)
      mkdirSync(dirname(place), { recursive: true })
      // A later entry of the same name counts.
      rmSync(place, { force: true })
      await pipeline(Readable.from(entry.content()), streamNew(place, entry.mode))
    }
  }
  for (const [path, from] of copies) {
    mkdirSync(dirname(placeOf(path)), { recursive: true })
    rmSync(placeOf(path), { force: true })
    copyNew(placeOf(from), placeOf(path))
  }
  for (const [place, to] of links) {
    mkdirSync(dirname(place), { recursive: true })
    rmSync(place, { force: true })
    linkNew(to, place)
  }
}
