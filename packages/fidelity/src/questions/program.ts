import type { Project } from '@landfall/compose'
import { toPointer } from '@landfall/diagnostic'
import type { Program } from '../cluster.ts'
import { answer, type Converted, type Question } from '../question.ts'
import { environmentOf, sameText, seen } from '../texts.ts'

function lostVariable(
  program: Program | undefined,
  key: string,
  value: string,
  { cluster, project }: Converted,
): string | undefined {
  if (program === undefined) return 'there is no pod of it'
  const found = environmentOf(program, cluster).get(key)
  if (found === undefined) return `${key} is not set`
  if (found === null) return `${key} is in an object that is not there`
  return sameText(value, found, project) ? undefined : `${key} is ${JSON.stringify(found)}`
}

export const environments: Question = {
  title: 'variables with the value that Compose gives',
  ask: (converted) =>
    Object.entries(converted.project.services).flatMap(([service, { environment = {} }]) => {
      const program = converted.cluster.programOf(service)
      return Object.entries(environment).flatMap(([key, value]) =>
        value === null
          ? []
          : answer(
              toPointer(['services', service, 'environment', key]),
              lostVariable(program, key, value, converted),
            ),
      )
    }),
}

function lostWords(
  words: readonly string[],
  found: readonly string[] | undefined,
  variables: ReadonlyMap<string, string | null>,
  project: Project,
): string | undefined {
  const same =
    found?.length === words.length &&
    words.every((word, index) => sameText(word, seen(found[index] as string, variables), project))
  return same ? undefined : `it is ${JSON.stringify(found)}`
}

export const commands: Question = {
  title: 'commands and entrypoints word by word',
  ask: ({ project, cluster }) =>
    Object.entries(project.services).flatMap(([service, keys]) => {
      const program = cluster.programOf(service)
      const container = program?.container
      const variables = program === undefined ? new Map() : environmentOf(program, cluster)
      return (['entrypoint', 'command'] as const).flatMap((key) => {
        const words = keys[key] ?? []
        if (words.length === 0) return []
        // an entrypoint that is cleared leaves its place to the command
        const first = key === 'entrypoint' || keys.entrypoint?.length === 0
        const found = first ? container?.command : container?.args
        return answer(
          toPointer(['services', service, key]),
          lostWords(words, found, variables, project),
        )
      })
    }),
}
