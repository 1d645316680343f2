import { dirname, join, resolve } from 'node:path'
import { type FileSystem, type LoadInput, type LoadResult, loadProject } from '@landfall/compose'
import { type Diagnostic, type Origin, ownValue, type Span } from '@landfall/diagnostic'
import type { Terminal } from '../terminal.ts'
import { asComposeFile, type DeclaredTarballs, declaredTarballs } from './declared.ts'

/** A loaded project, and its services that come from tarballs. */
export type LoadedProject = LoadResult & { tarballs?: DeclaredTarballs }

/** Loads a project together with the services that its landfall.yaml takes from tarballs. */
export function loadWithTarballs(input: LoadInput, terminal: Terminal): LoadedProject {
  const tarballs = declaredTarballs(settingsDirectory(input), input.files, terminal)
  if (tarballs === undefined) return loadProject(input)
  const addition = join(tarballs.directory, VIRTUAL)
  const known = composeServices(input)
  const text = asComposeFile(tarballs, (service) => ownValue(known, service))
  const loaded = loadProject({
    ...input,
    addition,
    files: withFile(input.files, addition, new TextEncoder().encode(text)),
  })
  return { ...inSettings(loaded, tarballs), tarballs }
}

/** The name of the Compose file that stands for landfall.yaml; it is never written. */
const VIRTUAL = 'landfall.yaml#tarballs'

/** Where landfall.yaml is expected: next to the first Compose file, or the nearest directory that has one. */
function settingsDirectory(input: LoadInput): string {
  const { workingDirectory, projectDirectory, configFiles = [], files, environment } = input
  if (projectDirectory !== undefined) return resolve(workingDirectory, projectDirectory)
  const [named] = configFiles.filter((file) => file !== '-')
  const ofEnvironment = environment.COMPOSE_FILE?.split(
    environment.COMPOSE_PATH_SEPARATOR || ':',
  )[0]
  const first = named ?? ofEnvironment
  if (first !== undefined) return dirname(resolve(workingDirectory, first))
  for (let at = workingDirectory; ; at = dirname(at)) {
    const names = files.list(at) ?? []
    if (names.some((name) => PROJECT_FILES.test(name))) return at
    if (at === dirname(at)) return workingDirectory
  }
}

const PROJECT_FILES = /^(landfall|compose|docker-compose)\.ya?ml$/

/** What the Compose files have, without what landfall.yaml adds. */
function composeServices({
  boundary: _,
  ...input
}: LoadInput): Record<string, { image?: unknown }> {
  return loadProject(input).project?.services ?? {}
}

function withFile(files: FileSystem, path: string, bytes: Uint8Array): FileSystem {
  return {
    ...files,
    read: (one, limit) => (one === path ? bytes : files.read(one, limit)),
    stat: (one) =>
      one === path ? { kind: 'file', size: bytes.length, mode: 0o644 } : files.stat(one),
  }
}

/** What came from the added file comes from landfall.yaml. */
function inSettings(loaded: LoadResult, tarballs: DeclaredTarballs): LoadResult {
  const isAdded = (span: Span): boolean => span.file.endsWith(VIRTUAL)
  const placed = (span: Span, pointer: string): Span =>
    isAdded(span) ? (tarballs.placeOf(pointer) ?? { file: tarballs.name, start: 0, end: 0 }) : span
  const origins = new Map<string, readonly Origin[]>(
    [...loaded.origins].map(([pointer, found]) => [
      pointer,
      found.map((one) => (one.kind === 'file' ? { ...one, span: placed(one.span, pointer) } : one)),
    ]),
  )
  const diagnostics = loaded.diagnostics.map(
    (one): Diagnostic => ({ ...one, ...(one.at && { at: placed(one.at, one.path) }) }),
  )
  const sources = new Map([...loaded.sources].filter(([file]) => !file.endsWith(VIRTUAL)))
  sources.set(tarballs.name, tarballs.text)
  const { trusted } = loaded
  const directories = [...trusted.directories, ...tarballs.services.map(({ context }) => context)]
  return { ...loaded, origins, diagnostics, sources, trusted: { ...trusted, directories } }
}
