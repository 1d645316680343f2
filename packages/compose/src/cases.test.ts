import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { renderDiagnostic } from '@landfall/diagnostic'
import {
  askCompose,
  type ComposeCase,
  caseDirectory,
  composeGrammars,
  printCase,
  type Recording,
  readCases,
} from '@landfall/testkit/compose-oracle'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LoadInput, memoryFiles } from './index.ts'
import { composeConfig } from './views/config.ts'

/** Cases in which the loader says something else than Docker Compose, on purpose, and why. */
const knownDifferences: Readonly<Record<string, string>> = {
  ...all('an "x-" key among values is printed as "#extensions", which is a bug of the tool', [
    'annotations-012',
    'environment-values-012',
    'labels-012',
    'sysctls-012',
    'project-rules-xservice',
  ]),
  ...all(
    'paths of files that are above a project directory that does not exist start in the working directory',
    [
      'include-entries-above-a-directory-that-does-not-exist',
      'include-entries-extends-above-a-directory-that-does-not-exist',
    ],
  ),
  ...all('the tool cannot print an SSH key with a path as JSON', [
    'extends-file-103',
    'include-override-103',
    'merge-documents-103',
    'merge-files-103',
    'schema-places-063',
    'schema-places-065',
  ]),
}

/** What the loader prints for a case, or says of it, in the form of a recording. */
function printRecorded({ name, files, flags }: ComposeCase): Recording {
  const directory = caseDirectory(name)
  const contents = Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text])
  const workingDirectory = [directory, flags.directory].filter(Boolean).join('/')
  const input: LoadInput = {
    files: memoryFiles(Object.fromEntries(contents)),
    workingDirectory,
    environment: { HOME: '/home/x', PWD: workingDirectory, ...flags.environment },
    configFiles: flags.files ?? [],
    envFiles: flags.envFiles ?? [],
    profiles: flags.profiles ?? [],
    ...(flags.stdin !== undefined && { stdin: flags.stdin }),
    ...(flags.projectName !== undefined && { projectName: flags.projectName }),
    ...(flags.projectDirectory !== undefined && { projectDirectory: flags.projectDirectory }),
  }
  const { text, diagnostics, sources } = composeConfig(input, { view: 'project', format: 'json' })
  if (text !== undefined) return { project: JSON.parse(text) }
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return { error: errors.map((error) => renderDiagnostic(error, sources)).join('\n') }
}

function all(reason: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, reason]))
}

const cases = fileURLToPath(new URL('../cases', import.meta.url))

for (const { title, recording, cases: set } of readCases(cases)) {
  const recorded = JSON.parse(readFileSync(recording, 'utf8')) as Record<string, Recording>

  describe(`as Docker Compose: ${title}`, () => {
    for (const one of set) {
      const expected = recorded[one.name]
      const known = knownDifferences[one.name]
      const title = known === undefined ? one.name : `${one.name} differs: ${known}`

      test(title, () => {
        if (expected === undefined) throw new Error(`there is no recording of ${one.name}`)
        const printed = printRecorded(one)
        const agrees = () => {
          if ('error' in expected)
            expect(printed, `Docker Compose: ${expected.error}`).toHaveProperty('error')
          else expect(printed).toEqual(expected)
        }
        if (known === undefined) agrees()
        else expect(agrees).toThrow()
      })
    }
  })
}

/** `DOCKER_COMPOSE=/path/to/docker-compose`, and what to try: `FUZZ_RUNS` of each grammar, from `FUZZ_SEED` on. */
const { DOCKER_COMPOSE: tool = '', FUZZ_RUNS = '20', FUZZ_SEED = '1' } = process.env

/** How often the tool is called for a case: it walks maps in any order, and may answer one way or the other. */
const MOST_CALLS = 8

function agreesWithTool(one: ComposeCase): void {
  const ours = printRecorded(one)
  for (let call = 1; call <= MOST_CALLS; call++) {
    const theirs = askCompose(tool, one)
    if ('error' in theirs ? 'error' in ours : isDeepStrictEqual(ours, theirs)) return
    if (call < MOST_CALLS) continue
    if ('error' in theirs)
      expect(ours, `${theirs.error}\n${printCase(one)}`).toHaveProperty('error')
    else expect(ours, printCase(one)).toEqual(theirs)
  }
}

describe.skipIf(tool === '')('generated projects are printed as the tool prints them', () => {
  for (const [title, grammar] of Object.entries(composeGrammars))
    test(title, () => {
      fc.assert(fc.property(grammar, agreesWithTool), {
        numRuns: Number(FUZZ_RUNS),
        seed: Number(FUZZ_SEED),
      })
    })
})
