import { readdirSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { readBounded } from '@landfall/local-cluster/read-bounded'
import { UsageError } from '../../errors.ts'
import type { Terminal } from '../../terminal.ts'

/** What `--bundle` names: files with objects, or something that another program renders. Paths are absolute. */
export type BundlePlace =
  | { kind: 'manifests'; directory: string; files: readonly string[]; below: readonly string[] }
  | { kind: 'chart'; directory: string; chart: string; name: string }
  | { kind: 'kustomization'; directory: string }

const MANIFEST = /\.(?:ya?ml|json)$/i

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** Bytes of a file: all objects of a large project have less. */
const LARGEST = 64 * 1024 * 1024

/** What is at a path. Throws a UsageError if there is nothing that can be deployed. */
export function placeOf(given: string, { cwd }: Pick<Terminal, 'cwd'>): BundlePlace {
  if (given.startsWith('oci://'))
    return {
      kind: 'chart',
      directory: cwd,
      chart: given,
      name: basename(given).split(':')[0] ?? '',
    }
  const path = resolve(cwd, given)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined)
    throw new UsageError(
      `no such file or directory: ${given}`,
      '--bundle takes a directory or a file with manifests, or a chart',
    )
  if (!stat.isDirectory()) {
    const directory = resolve(path, '..')
    const packed = /^(?<name>.+?)-\d+\.\d+\S*\.tgz$/.exec(basename(path))?.groups?.name
    if (/\.tgz$/i.test(path))
      return { kind: 'chart', directory, chart: path, name: packed ?? basename(path, '.tgz') }
    return { kind: 'manifests', directory, files: [path], below: [] }
  }
  const entries = readdirSync(path, { withFileTypes: true })
  const names = entries.map(({ name }) => name).sort()
  if (names.includes('Chart.yaml'))
    return { kind: 'chart', directory: path, chart: path, name: nameOfChart(path, cwd) }
  if (names.some((name) => KUSTOMIZATIONS.includes(name)))
    return { kind: 'kustomization', directory: path }
  const files = names
    .filter((name) => MANIFEST.test(name))
    .map((name) => join(path, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
  const below = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(path, name))
    .filter(hasManifests)
    .sort()
  if (files.length === 0)
    throw new UsageError(
      `no manifests in ${given}`,
      below.length === 0
        ? 'manifests are files *.yaml, *.yml and *.json'
        : `directories are not searched: use ${relative(cwd, below[0] as string)}`,
    )
  return { kind: 'manifests', directory: path, files, below }
}

/** The name in Chart.yaml, or that of the directory. */
function nameOfChart(directory: string, cwd: string): string {
  const { text } = textOf(join(directory, 'Chart.yaml'), { cwd })
  return /^name:[ \t]*["']?([\w.-]+)/m.exec(text)?.[1] ?? basename(directory)
}

/** The text of a file. Throws a UsageError if it cannot be read. */
export function textOf(
  file: string,
  { cwd }: Pick<Terminal, 'cwd'>,
): { name: string; text: string } {
  const name = shownName(file, cwd)
  const read = readBounded(file, LARGEST)
  if (!read.ok) throw new UsageError(`${name} ${read.why}`)
  return { name, text: read.text }
}

/** A path as people write it: relative if it is below the working directory. */
export function shownName(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short === '' ? '.' : short.startsWith('..') ? path : short
}

function hasManifests(directory: string): boolean {
  try {
    return readdirSync(directory).some((name) => MANIFEST.test(name))
  } catch {
    return false
  }
}
