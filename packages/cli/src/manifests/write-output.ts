import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { writeNew } from '@landfall/local-cluster/new-file'
import { readBounded } from '@landfall/local-cluster/read-bounded'
import {
  CannotWrite,
  SECRET_MODE,
  temporaryName,
  withoutTraces,
} from '@landfall/local-cluster/write-whole'
import type { Existing, OutputPlan } from './plan-output.ts'

/** Bytes of a file that is compared. A manifest has less than 2 MiB, and all of a project in one file less than this. */
const LARGEST = 64 * 1024 * 1024

/** What `temporaryName` gives. */
const UNFINISHED = /^\.landfall-[0-9a-f]{18}$/

/** Milliseconds after which a directory of an earlier run is left from a run that was killed. */
const ABANDONED = 10 * 60 * 1000

/**
 * The files of a directory that Landfall wrote or would write, by name: those that kubectl reads, and of these what is named in `names`, or
 * is a regular file; in its directories `base`, `overlays/NAME` and `templates` as well. Empty if there is no such directory.
 */
export function existingIn(directory: string, names: ReadonlySet<string>): Map<string, Existing> {
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return new Map()
  return new Map(partsOf(directory, names).flatMap((part) => existingBelow(directory, part, names)))
}

/** Directories with one directory for each environment. */
const WITH_PARTS = ['overlays']

/** The directories in which files of an output are, relative to it: those of names, and those of earlier runs. A link is not followed. */
function partsOf(directory: string, names: ReadonlySet<string>): string[] {
  const parents = [...names].map((name) => dirname(name))
  const parts = WITH_PARTS.filter((part) => isDirectory(join(directory, part))).flatMap((part) =>
    readdirSync(join(directory, part)).map((name) => join(part, name)),
  )
  return [...new Set(['.', 'base', 'templates', ...parents, ...parts])].filter((part) =>
    part.split('/').every((_, index, steps) => {
      const path = join(directory, ...steps.slice(0, index + 1))
      return isDirectory(path)
    }),
  )
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function existingBelow(
  directory: string,
  part: string,
  names: ReadonlySet<string>,
): [string, Existing][] {
  return readdirSync(join(directory, part), { withFileTypes: true })
    .map((entry) => ({ entry, name: join(part, entry.name) }))
    .filter(({ entry, name }) => names.has(name) || (isGenerated(entry.name) && entry.isFile()))
    .map(({ name }) => [name, existingAt(join(directory, name))])
}

/** Whether a file may be one of those that Landfall writes and later removes. */
function isGenerated(name: string): boolean {
  return name.endsWith('.yaml') || CHART_FILES.has(name)
}

/** Files of a chart that are not YAML. */
const CHART_FILES: ReadonlySet<string> = new Set([
  'README.md',
  'values.schema.json',
  'NOTES.txt',
  '_helpers.tpl',
])

/** What is at a path where a file will be written; a link is not followed. */
export function existingAt(path: string): Existing {
  if (lstatSync(path).isSymbolicLink()) return { readable: false, why: 'is a symbolic link' }
  const read = readBounded(path, LARGEST)
  return read.ok ? { readable: true, text: read.text } : { readable: false, why: read.why }
}

/**
 * Performs a plan in a directory, which is made. Every new text is on the disk before the first file is replaced, each file is replaced
 * as a whole, and what is no longer generated is removed last: a run that is killed leaves no part of a file, and the next one does the rest.
 * Those with secrets are for their owner alone. Throws CannotWrite.
 */
export function writeOutput(directory: string, { write, same, remove }: OutputPlan): void {
  try {
    mkdirSync(directory, { recursive: true })
    removeAbandoned(directory)
    if (write.size > 0) replaceFiles(directory, write)
    for (const [name, text] of same) if (isSecret(text)) keepPrivate(join(directory, name))
    for (const name of remove) rmSync(join(directory, name), { force: true })
    removeEmpty(directory, remove)
  } catch (error) {
    throw new CannotWrite(directory, error)
  }
}

function replaceFiles(directory: string, texts: ReadonlyMap<string, string>): void {
  const fresh = temporaryName(join(directory, 'any'))
  withoutTraces(fresh, () => {
    mkdirSync(fresh, { mode: 0o700 })
    for (const name of texts.keys())
      for (const parent of [fresh, directory]) makeParents(parent, dirname(name))
    for (const [name, text] of texts)
      writeNew(join(fresh, name), text, isSecret(text) ? SECRET_MODE : 0o644)
    for (const name of texts.keys()) renameSync(join(fresh, name), join(directory, name))
  })
}

/** Makes the directories of a file. A link in the place of one is an error, because what is written would be elsewhere. */
function makeParents(directory: string, part: string): void {
  if (part === '.') return
  makeParents(directory, dirname(part))
  const path = join(directory, part)
  if (!isDirectory(path)) mkdirSync(path)
}

/** Removes directories that have become empty. */
function removeEmpty(directory: string, removed: readonly string[]): void {
  const parents = new Set(removed.map((name) => dirname(name)).filter((part) => part !== '.'))
  for (const part of parents) {
    const path = join(directory, part)
    if (isDirectory(path) && readdirSync(path).length === 0) rmdirSync(path)
  }
}

/** Whether a manifest is that of a Secret, or a values file with secrets; texts in it are indented. */
export function isSecret(manifest: string): boolean {
  return /^(?:kind: Secret|# It holds the secrets of the project\.)$/m.test(manifest)
}

/** Git knows no modes: in a fresh clone everybody may read a Secret. */
function keepPrivate(file: string): void {
  if ((lstatSync(file).mode & 0o077) !== 0) chmodSync(file, SECRET_MODE)
}

/** Removes what a run left that was killed while it wrote; another run may be writing now. Their times are both of the file system. */
function removeAbandoned(directory: string): void {
  const left = readdirSync(directory).filter((name) => UNFINISHED.test(name))
  if (left.length === 0) return
  const probe = temporaryName(join(directory, 'any'))
  withoutTraces(probe, () => {
    mkdirSync(probe)
    const now = lstatSync(probe).mtimeMs
    for (const name of left) {
      const stat = lstatSync(join(directory, name), { throwIfNoEntry: false })
      if (stat !== undefined && now - stat.mtimeMs > ABANDONED)
        rmSync(join(directory, name), { recursive: true, force: true })
    }
  })
}
