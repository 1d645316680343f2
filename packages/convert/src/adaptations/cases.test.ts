import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FileSystem, loadProject, type Project } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { type Diagnostic, displayPath, fromPointer, hasErrors } from '@landfall/diagnostic'
import { LOCK_FILE, parseLock } from '@landfall/image'
import { resolveBundle } from '@landfall/kube'
import { describe, expect, test } from 'vitest'
import { buildBundle } from '../build-bundle.ts'
import { convertProject } from '../convert.ts'
import { toYaml } from '../emit/yaml.ts'
import { learnImages } from '../facts/images/learn-images.ts'
import { ruleAt } from '../ledger/keys.ts'
import type { LedgerEntry } from '../ledger/ledger.ts'
import { renderPlan } from '../plan/render-plan.ts'
import { loadLandfallFile } from '../settings/load.ts'
import { frozenCopy } from '../test-conversion.ts'
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

/** What the golden files of a case hold; `texts` are the sentences that its ledger and its diagnostics print. */
interface Outcome {
  ledger: string
  plan: string
  objects: string
  texts: string[]
}

/** What conversion makes of a case. `turned`: services in reverse order. */
async function converted(directory: string, turned = false): Promise<Outcome> {
  const files = nodeFiles()
  const loaded = loadProject({ files, workingDirectory: directory, environment: {} })
  const { project, projectDirectory, origins } = loaded
  if (project === undefined) return refused(loaded.diagnostics)
  if (turned) project.services = Object.fromEntries(Object.entries(project.services).reverse())
  const { settings, ...read } = loadLandfallFile({
    files,
    projectDirectory,
    project,
    projectOrigins: origins,
  })
  const before = [...loaded.diagnostics, ...read.diagnostics]
  if (hasErrors(before)) return refused(before)
  const result = convertProject({
    project,
    origins,
    projectDirectory,
    files,
    sources: loaded.sources,
    settings,
    settingsOrigins: read.origins,
    keeperProgram: () => 'the program\n',
    ...(await knownImages(directory, project, files)),
  })
  expect(result.ledger.filter(isOfAnother).map(({ code, path }) => `${code} ${path}`)).toEqual([])
  if (result.bundle !== undefined)
    expect(buildBundle(frozenCopy(result.plan))).toEqual(result.bundle)
  const diagnostics = [...before, ...result.diagnostics]
  const objects = result.bundle === undefined ? [] : [...resolveBundle(result.bundle).values()]
  for (const { data } of objects) if (data?.['gate.sh']) data['gate.sh'] = 'the script'
  return {
    ledger: lines([...diagnostics.map(diagnosticLine), ...result.ledger.map(entryLine)]),
    plan: renderPlan(result.plan),
    objects: objects.map((object) => `---\n${toYaml(object)}`).join(''),
    texts: [...diagnostics.map(diagnosticText), ...result.ledger.flatMap(entryTexts)],
  }
}

function refused(diagnostics: readonly Diagnostic[]): Outcome {
  return {
    ledger: lines(diagnostics.map(diagnosticLine)),
    plan: '',
    objects: '',
    texts: diagnostics.map(diagnosticText),
  }
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}

function diagnosticLine({ severity, code, path }: Diagnostic): string {
  return `${severity} ${displayPath(path)}  ${code}`
}

function diagnosticText({ code, message, hint }: Diagnostic): string {
  return `${code}: ${message}${hintText(hint)}`.replaceAll(here, '')
}

function entryLine({ outcome, dangerous, accepted, path, code, also = [] }: LedgerEntry): string {
  const danger = dangerous ? (accepted ? ' (accepted)' : ' (dangerous)') : ''
  const codes = [code, ...new Set(also.map((one) => one.code))]
  return `${outcome}${danger} ${displayPath(path)}  ${codes.join(', ')}`
}

function entryTexts({ code, reason, hint, also = [] }: LedgerEntry): string[] {
  return [`${code}: ${reason}${hintText(hint)}`, ...also.map((one) => `${one.code}: ${one.reason}`)]
}

function hintText(hint: string | undefined): string {
  return hint === undefined ? '' : `\n    hint: ${hint}`
}

/** Where a case has a lock file, nothing but that and Dockerfiles tells of images. */
async function knownImages(directory: string, project: Project, files: FileSystem) {
  const file = join(directory, LOCK_FILE)
  if (!existsSync(file)) return {}
  const { lock } = parseLock(readFileSync(file, 'utf8'))
  const { images } = await learnImages({ project, files, lock })
  return { images }
}

/** An entry of an adaptation for a key that ledger/keys gives to another. */
function isOfAnother({ code, path }: LedgerEntry): boolean {
  const ofService = /^\/services(\/[^/]+)?$/.test(path)
  const [owner = ''] = code.split('/')
  if (ofService || !adaptations.some(({ id }) => id === owner)) return false
  const { rule } = ruleAt(fromPointer(path).map(String))
  return rule === undefined || !('by' in rule) || !rule.by.includes(owner)
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

const UPDATE = process.env.UPDATE_GOLDEN === '1'

/** Every sentence that a case prints, once. */
const texts = new Set<string>()

function expectGolden(file: string, text: string): void {
  if (text === '') {
    if (UPDATE) rmSync(file, { force: true })
    expect(existsSync(file), file).toBe(false)
    return
  }
  if (UPDATE) writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
}

describe('case', () => {
  test.each(cases)('%s/%s', async (id, name) => {
    const directory = join(here, id, 'cases', name)
    const outcome = await converted(directory)
    for (const text of outcome.texts) texts.add(text)
    expectGolden(join(directory, 'objects.yaml'), outcome.objects)
    expectGolden(join(directory, 'plan.txt'), outcome.plan)
    expectGolden(join(directory, 'ledger.txt'), outcome.ledger)
    const { texts: _, ...same } = await converted(directory, true)
    expect(same).toEqual({ ledger: outcome.ledger, plan: outcome.plan, objects: outcome.objects })
  })

  test('the texts of all cases', () => {
    expectGolden(join(here, 'texts.txt'), lines([...texts].sort()))
  })
})
