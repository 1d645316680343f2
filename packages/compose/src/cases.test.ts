import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hasErrors, renderDiagnostic } from '@landfall/diagnostic'
import {
  type ComposeCase,
  caseDirectory,
  type Recording,
  readCases,
} from '@landfall/testkit/compose-oracle'
import { describe, expect, test } from 'vitest'
import { type LoadInput, memoryFiles } from './index.ts'
import { type ConfigResult, composeConfig } from './views/config.ts'

/** Cases in which the loader says something else than Docker Compose, on purpose, and why. */
const knownDifferences: Readonly<Record<string, string>> = {
  ...all('an "x-" key among values is printed as "#extensions", which is a bug of the tool', [
    'annotations-012',
    'environment-values-012',
    'labels-012',
    'sysctls-012',
    'references-xnet',
    'project-rules-xservice',
  ]),
  ...all('the tool cannot print an SSH key with a path as JSON', [
    'extends-file-103',
    'include-override-103',
    'merge-documents-103',
    'merge-files-103',
    'schema-places-063',
    'schema-places-065',
  ]),
}

function all(reason: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, reason]))
}

const cases = fileURLToPath(new URL('../cases', import.meta.url))

function print({ name, files, flags }: ComposeCase): ConfigResult {
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
  return composeConfig(input, { view: 'project', format: 'json' })
}

/** What is printed for a case, in the form of a recording. */
function outcome({ text, diagnostics, sources }: ConfigResult): unknown {
  if (text !== undefined) return JSON.parse(text)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return { errors: errors.map((error) => renderDiagnostic(error, sources)) }
}

for (const { title, recording, cases: set } of readCases(cases)) {
  const recorded = JSON.parse(readFileSync(recording, 'utf8')) as Record<string, Recording>

  describe(`as Docker Compose: ${title}`, () => {
    for (const one of set) {
      const expected = recorded[one.name]
      const known = knownDifferences[one.name]
      const title = known === undefined ? one.name : `${one.name} differs: ${known}`

      test(title, () => {
        if (expected === undefined) throw new Error(`there is no recording of ${one.name}`)
        const result = print(one)
        const agrees = () => {
          if ('error' in expected)
            expect(hasErrors(result.diagnostics), `Docker Compose: ${expected.error}`).toBe(true)
          else expect(outcome(result)).toEqual(expected.project)
        }
        if (known === undefined) agrees()
        else expect(agrees).toThrow()
      })
    }
  })
}
