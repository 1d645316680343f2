import { existsSync, readdirSync } from 'node:fs'
import { loadProject } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { measure, median } from './measure.ts'

const FILE = /^(?:docker-)?compose\.ya?ml$/

/** The folders of a directory that hold a project. */
export function projectsIn(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .map((name) => `${directory}/${name}`)
    .filter((folder) => existsSync(folder) && readdirSync(folder).some((name) => FILE.test(name)))
}

/** Milliseconds of one load of a project in this process, the code warm. */
export function loadTime(project: string): number {
  const files = nodeFiles()
  const load = () => loadProject({ files, workingDirectory: project, environment: {} })
  for (let run = 0; run < 20; run++) load()
  return median(
    Array.from({ length: 30 }, () => {
      const started = performance.now()
      load()
      return performance.now() - started
    }),
  )
}

/** Milliseconds of one `docker-compose config` of a project. */
export async function configTime(dockerCompose: string, project: string): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < 3; run++)
    times.push((await measure(dockerCompose, ['config'], project)).wall)
  return median(times)
}
