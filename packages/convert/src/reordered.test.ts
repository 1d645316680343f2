import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadProject } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { resolveBundle } from '@landfall/kube'
import { describe, expect, test } from 'vitest'
import { convertProject } from './convert.ts'
import { toYaml } from './emit/yaml.ts'
import { loadLandfallFile } from './settings/load.ts'

const corpus = fileURLToPath(new URL('../../../e2e/corpus/', import.meta.url))
const projects = readdirSync(corpus, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** The objects of a project; `turned`: every mapping of the project in reverse order. */
function objectsOf(directory: string, turned: boolean): string[] {
  const files = nodeFiles()
  const loaded = loadProject({
    files,
    workingDirectory: directory,
    environment: { HOME: '/nobody' },
  })
  const { origins, projectDirectory } = loaded
  const project = turned ? reversed(loaded.project) : loaded.project
  if (project === undefined) throw new Error(`${directory} does not load`)
  const read = loadLandfallFile({ files, projectDirectory, project, projectOrigins: origins })
  const { bundle } = convertProject({
    project,
    origins,
    projectDirectory,
    files,
    settings: read.settings,
    settingsOrigins: read.origins,
  })
  if (bundle === undefined) throw new Error(`${directory} does not convert`)
  return [...resolveBundle(bundle).values()].map((object) => toYaml(object))
}

function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([key, child]) => [key, reversed(child)])) as T
}

describe('a project in another order gives the same objects', () => {
  test.each(projects)('%s', (name) => {
    const directory = `${corpus}${name}`
    expect(objectsOf(directory, true)).toEqual(objectsOf(directory, false))
  })
})
