import { readFileSync } from 'node:fs'
import { askCompose, caseDirectory, namedProjects } from '@landfall/testkit/compose-oracle'
import { describe, expect, test } from 'vitest'
import { type LoadInput, loadProject, memoryFiles } from './index.ts'
import { composeConfig } from './views/config.ts'

const { DOCKER_COMPOSE: tool = '' } = process.env

const facts = readFileSync(new URL('../cases/schema-facts.txt', import.meta.url), 'utf8')

/** Names that every object of JavaScript has, each with a name like it that no object has. */
const NAMES = [
  ['__proto__', '__prato__'],
  ['constructor', 'canstructor'],
] as const

const directory = caseDirectory('names')

function inputOf(text: string): LoadInput {
  return {
    files: memoryFiles({ [`${directory}/compose.yaml`]: text }),
    workingDirectory: directory,
    environment: { HOME: '/home/x', PWD: directory },
  }
}

/** What is printed and loaded, as text. */
function resultOf(text: string): { json?: string; all: string } {
  const input = inputOf(text)
  const views = (['json', 'yaml'] as const).flatMap((format) =>
    [{}, { interpolate: false }].map((phases) =>
      composeConfig(input, { view: 'project', format, phases }),
    ),
  )
  const { project, diagnostics } = loadProject(input)
  const all = JSON.stringify([views.map(({ text, diagnostics }) => [text, diagnostics])])
  const json = views[0]?.text
  return {
    ...(json === undefined ? {} : { json }),
    all: `${all}${JSON.stringify([project, diagnostics])}`,
  }
}

describe.each(NAMES)('%s is a name like %s', (name, other) => {
  test.each(namedProjects(facts).map(({ place, project }) => [place, project] as const))(
    '%s',
    (place, project) => {
      const text = JSON.stringify(project(name))
      const { json, all } = resultOf(text)
      expect(all.replaceAll(name, other)).toBe(resultOf(JSON.stringify(project(other))).all)
      // The tool itself fails to print some keys of ssh as JSON.
      if (tool === '' || place.includes('.ssh')) return
      const asked = askCompose(tool, { name: 'names', files: { 'compose.yaml': text }, flags: {} })
      if ('error' in asked) expect(json, asked.error).toBeUndefined()
      else expect(JSON.parse(json ?? 'null')).toEqual(asked.project)
    },
  )
})
