import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadProject } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { type Bundle, resolveBundle } from '@landfall/kube'
import { helmProgram } from '@landfall/testkit/helm'
import { lintChart, objectsById, rendered, renderedAll } from '@landfall/testkit/helm-charts'
import { describe, expect, test } from 'vitest'
import { convertProject } from '../../convert.ts'
import { loadLandfallFile } from '../../settings/load.ts'
import { changesIn, chartOf } from './test-changes.ts'

const helm = helmProgram()
const program = 'missing' in helm ? '' : helm.program
/** Every project that there is, and every change of every value: for `npm run soak`. */
const all = process.env.LANDFALL_ALL_CHARTS !== undefined

const root = fileURLToPath(new URL('../../../../../', import.meta.url))
const directories = [
  'examples',
  ...(all ? ['e2e/corpus', '../shared/corpus/compose', '../../shared/corpus/compose'] : []),
]
const cases = all
  ? foldersIn(join(root, 'packages/convert/src/adaptations')).flatMap((folder) =>
      foldersIn(join(folder, 'cases')),
    )
  : []
const projects = [...directories.flatMap((name) => foldersIn(join(root, name))), ...cases]

function foldersIn(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(directory, name))
}

/** The bundle of a project; undefined if it does not convert, of which there are cases. */
function bundleOf(workingDirectory: string): Bundle | undefined {
  const files = nodeFiles()
  const loaded = loadProject({ files, workingDirectory, environment: { HOME: '/nobody' } })
  const { project, origins, projectDirectory } = loaded
  if (project === undefined) return undefined
  const read = loadLandfallFile({ files, projectDirectory, project, projectOrigins: origins })
  return convertProject({
    project,
    origins,
    projectDirectory,
    files,
    settings: read.settings,
    settingsOrigins: read.origins,
    keeperProgram: () => 'the program\n',
  }).bundle
}

function objectsOf(bundle: Bundle, values?: Record<string, unknown>) {
  return objectsById(resolveBundle(bundle, values).values())
}

describe.skipIf(program === '')(
  `charts of projects${'missing' in helm ? ` (${helm.missing})` : ''}`,
  () => {
    test('most projects have one', () => {
      const converted = projects.filter((project) => bundleOf(project) !== undefined)
      expect(converted.length).toBeGreaterThan(projects.length / 2)
    })

    test.each(projects.map((project) => [project.slice(root.length), project]))(
      '%s renders to its manifests, with each value as it is and changed',
      { timeout: 7_200_000 },
      (_, project) => {
        const bundle = bundleOf(project)
        if (bundle === undefined) return
        const files = chartOf(bundle)
        expect(rendered(program, files)).toEqual(objectsOf(bundle))
        expect(lintChart(program, chartOf(bundle, { withSecrets: false }))).toBe('')
        const changes = changesIn(bundle)
        // one of each hundred, in turn, is enough for every day
        const tried = all ? changes : changes.filter((_, index) => index % 97 === 0)
        const results = renderedAll(
          program,
          files,
          tried.map(({ values }) => values),
        )
        for (const [index, { name, values }] of tried.entries())
          expect(results[index], name).toEqual(objectsOf(bundle, values))
      },
    )
  },
)
