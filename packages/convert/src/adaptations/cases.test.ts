import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FileSystem, loadProject, type Project } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { type Diagnostic, displayPath, fromPointer, hasErrors } from '@landfall/diagnostic'
import { LOCK_FILE, parseLock } from '@landfall/image'
import { resolveBundle } from '@landfall/kube'
import { describe, expect, test } from 'vitest'
import { claimAt } from '../claims.ts'
import { convertProject } from '../convert.ts'
import { toYaml } from '../emit/yaml.ts'
import { learnImages } from '../facts/learn-images.ts'
import type { LedgerEntry } from '../ledger.ts'
import { loadLandfallFile } from '../settings/load.ts'
import { adaptations } from './index.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const folders = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

const cases = folders.flatMap((id) => casesOf(id).map((name) => [id, name] as const))

function casesOf(id: string): string[] {
  try {
    return readdirSync(join(here, id, 'cases'))
  } catch {
    return []
  }
}

/** What conversion makes of a case: what it tells, as comments, then the objects. `turned`: services in reverse order. */
async function converted(directory: string, turned = false): Promise<string> {
  const files = nodeFiles()
  const loaded = loadProject({ files, workingDirectory: directory, environment: {} })
  const { project, projectDirectory, origins } = loaded
  if (project === undefined) return printed(loaded.diagnostics).join('\n')
  if (turned) project.services = Object.fromEntries(Object.entries(project.services).reverse())
  const { settings, ...read } = loadLandfallFile({
    files,
    projectDirectory,
    project,
    projectOrigins: origins,
  })
  const before = [...loaded.diagnostics, ...read.diagnostics]
  if (hasErrors(before)) return printed(before).join('\n')
  const result = convertProject({
    project,
    origins,
    projectDirectory,
    files,
    settings,
    settingsOrigins: read.origins,
    ...(await knownImages(directory, project, files)),
  })
  expect(result.ledger.filter(isUnclaimed).map(({ code, path }) => `${code} ${path}`)).toEqual([])
  const ledger = result.ledger.map(
    ({ outcome, dangerous, accepted, path, reason }) =>
      `# ${outcome}${dangerous ? (accepted ? ' (accepted)' : ' (dangerous)') : ''} ${displayPath(path)}: ${reason}`,
  )
  const objects = result.bundle === undefined ? [] : [...resolveBundle(result.bundle).values()]
  for (const { data } of objects) if (data?.['gate.sh']) data['gate.sh'] = 'the script'
  return [
    ...printed([...before, ...result.diagnostics]),
    ...ledger,
    ...objects.map((object) => `---\n${toYaml(object).trimEnd()}`),
    '',
  ].join('\n')
}

/** Where a case has a lock file, nothing but that and Dockerfiles tells of images. */
async function knownImages(directory: string, project: Project, files: FileSystem) {
  const file = join(directory, LOCK_FILE)
  if (!existsSync(file)) return {}
  const { lock } = parseLock(readFileSync(file, 'utf8'))
  const { images } = await learnImages({ project, files, lock })
  return { images }
}

/** An entry of an adaptation for a key that claims.ts gives to another. */
function isUnclaimed({ code, path }: LedgerEntry): boolean {
  const ofService = /^\/services\/[^/]+$/.test(path)
  if (ofService || !adaptations.some(({ id }) => id === code)) return false
  const { claim } = claimAt(fromPointer(path).map(String))
  return claim === undefined || !('by' in claim) || !claim.by.includes(code)
}

function printed(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ severity, code, message, hint, path }) =>
    `# ${severity} ${code} at ${displayPath(path)}: ${message}; ${hint}`.replaceAll(here, ''),
  )
}

describe('every adaptation', () => {
  test('is a folder, and every folder is one', () => {
    expect(adaptations.map(({ id }) => id).sort()).toEqual(folders.sort())
  })

  test.each(adaptations.map(({ id, title }) => [id, title]))(
    '%s has a README that begins with its title, and a case',
    (id, title) => {
      const readme = readFileSync(join(here, id, 'README.md'), 'utf8')
      expect(readme.split('\n').slice(0, 3)).toEqual([`# ${id}`, '', `${title}.`])
      expect(casesOf(id)).not.toEqual([])
    },
  )
})

describe('case', () => {
  test.each(cases)('%s/%s', async (id, name) => {
    const directory = join(here, id, 'cases', name)
    const file = join(directory, 'expected.yaml')
    const text = await converted(directory)
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text)
    expect(text).toBe(readFileSync(file, 'utf8'))
    expect(await converted(directory, true)).toBe(text)
  })
})
