import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isRemote, parseBuildContext, shownContext } from '@landfall/image'
import type { Progress } from '../../contract.ts'
import { asStep } from '../../host/step.ts'
import type { BuildFailure, ImageBuild } from '../outcome.ts'
import { fetchContext, isInside } from './fetch-context.ts'

/** The same build with directories of this machine for contexts that are addresses, or why it cannot be made. */
export async function withFetchedContexts(
  build: ImageBuild,
  cacheDirectory: string,
  progress: Progress,
): Promise<{ ok: true; build: ImageBuild } | BuildFailure> {
  const contexts: Record<string, string> = {}
  for (const [name, text] of Object.entries(build.contexts ?? {})) {
    const fetched = await directoryOf(build, text, cacheDirectory, progress)
    if (!fetched.ok) return fetched
    contexts[name] = fetched.directory
  }
  const main = await directoryOf(build, build.context, cacheDirectory, progress)
  if (!main.ok) return main
  const local: ImageBuild = {
    ...build,
    context: main.directory,
    ...(build.contexts !== undefined && { contexts }),
  }
  if (main.directory === build.context) return { ok: true, build: local }
  const dockerfile = join(main.directory, build.dockerfile ?? 'Dockerfile')
  const problem = build.dockerfileInline === undefined && problemOf(main.directory, dockerfile)
  if (problem) return failed(build, build.context, problem)
  return { ok: true, build: { ...local, dockerfile } }
}

async function directoryOf(
  build: ImageBuild,
  text: string,
  cacheDirectory: string,
  progress: Progress,
): Promise<{ ok: true; directory: string } | BuildFailure> {
  const context = parseBuildContext(text)
  if (context.kind === 'invalid') return failed(build, text, `${context.problem}: ${context.hint}`)
  if (!isRemote(context)) return { ok: true, directory: text }
  const revision = build.revisions?.[text]
  const options = { cacheDirectory, env: process.env, ...(revision !== undefined && { revision }) }
  const fetched = await asStep(progress, `fetching ${context.shown}`, () =>
    fetchContext(context, options),
  )
  return fetched.ok ? fetched : failed(build, text, `cannot be fetched: ${fetched.problem}`)
}

/** What is wrong with the Dockerfile of a fetched context, which others wrote. */
function problemOf(directory: string, dockerfile: string): string | undefined {
  const name = dockerfile.slice(directory.length + 1)
  if (!dockerfile.startsWith(`${directory}/`)) return `${name} is not in the build context`
  const read = [dockerfile, `${dockerfile}.dockerignore`, join(directory, '.dockerignore')]
  const out = read.find((path) => !isInside(directory, path))
  if (out !== undefined)
    return `${out.slice(directory.length + 1)} is a link that leads out of the build context`
  if (existsSync(dockerfile)) return undefined
  const [only = '', ...others] = readdirSync(directory)
  return others.length === 0 && existsSync(join(directory, only, name))
    ? `there is no ${name}; it is in the directory ${only}: set dockerfile to ${only}/${name}`
    : `there is no ${name}`
}

function failed(build: ImageBuild, text: string, message: string): BuildFailure {
  const shown = shownContext(text)
  return {
    ok: false,
    image: build.image,
    message: `the build context ${shown}: ${message}`,
    dockerfile: shown,
    output: [],
  }
}
