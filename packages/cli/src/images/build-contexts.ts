import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Project, Service } from '@landfall/compose'
import type { Diagnostic } from '@landfall/diagnostic'
import { isRemote, parseBuildContext, type RemoteContext } from '@landfall/image'
import type { CliCode } from '../codes.ts'

/** What is known of the build contexts of a project that are addresses. */
export interface BuildContexts {
  /** A commit, or `sha256:…` of an archive, by the address as the project writes it. */
  revisions: ReadonlyMap<string, string>
  /** The texts of Dockerfiles in them, by service. */
  dockerfiles: ReadonlyMap<string, string>
  /** For the lock file: revisions by the keys of contexts, with those that were there. */
  recorded: ReadonlyMap<string, string>
  /** Keys whose revision is new or other than before, sorted. */
  learnt: readonly string[]
  diagnostics: readonly Diagnostic<CliCode>[]
}

export interface FetchContextsOptions {
  /** Variables of the user. */
  env: Readonly<Record<string, string>>
  /** What is in the cache already, and nothing else. */
  offline?: boolean
  /** Looks again at what the lock file has. */
  refresh?: boolean
  /** Milliseconds for each context. */
  time: number
  /** Gets one line for each context that takes longer than a moment. */
  progress?: (line: string) => void
}

/** What the lock file has of them: nothing is fetched. */
export function recordedContexts(
  project: Project,
  recorded: ReadonlyMap<string, string>,
): BuildContexts {
  const revisions = [...remoteContexts(project)].flatMap(([text, { key }]): [string, string][] => {
    const revision = recorded.get(key)
    return revision === undefined ? [] : [[text, revision]]
  })
  return {
    ...{ revisions: new Map(revisions), dockerfiles: new Map(), recorded },
    ...{ learnt: [], diagnostics: [] },
  }
}

/** Brings the build contexts that are addresses to this machine; those that cannot be fetched are reported. */
export async function fetchContexts(
  project: Project,
  recorded: ReadonlyMap<string, string>,
  { env, offline = false, refresh = false, time, progress }: FetchContextsOptions,
): Promise<BuildContexts> {
  const contexts = remoteContexts(project)
  if (contexts.size === 0) return recordedContexts(project, recorded)
  const { defaultOptions, fetchContext, isInside } = await import('@landfall/local-cluster')
  const { cacheDirectory } = defaultOptions(env)
  const revisions = new Map<string, string>()
  const directories = new Map<string, string>()
  const now = new Map(recorded)
  const diagnostics: Diagnostic<CliCode>[] = []
  for (const [text, context] of contexts) {
    const before = refresh ? undefined : recorded.get(context.key)
    const slow = setTimeout(
      () => progress?.(`fetching the build context ${context.shown} …`),
      UNNOTICED,
    )
    const fetched = await fetchContext(context, {
      ...{ cacheDirectory, env, offline, limits: { time } },
      ...(before !== undefined && { revision: before }),
    }).finally(() => clearTimeout(slow))
    const revision = fetched.ok ? fetched.revision : before
    if (revision !== undefined) revisions.set(text, revision)
    if (fetched.ok) {
      now.set(context.key, fetched.revision)
      directories.set(text, fetched.directory)
    } else diagnostics.push(unfetched(context, fetched.problem))
  }
  const dockerfiles = Object.entries(project.services).flatMap(([service, { build }]) => {
    const directory = directories.get(build?.context ?? '')
    const file = build && directory && join(directory, build.dockerfile ?? 'Dockerfile')
    if (!file || !directory || !isReadable(file) || !isInside(directory, file)) return []
    return [[service, readFileSync(file, 'utf8')] as const]
  })
  return {
    revisions,
    dockerfiles: new Map(dockerfiles),
    recorded: now,
    learnt: [...now.keys()].filter((key) => now.get(key) !== recorded.get(key)).sort(),
    diagnostics,
  }
}

/** Milliseconds after which a user wonders what a command waits for. */
const UNNOTICED = 2_000

/** Addresses among the contexts of builds, as the project writes them. */
function remoteContexts({ services }: Project): Map<string, RemoteContext> {
  const texts = Object.values(services).flatMap(({ build }) => textsOf(build))
  return new Map(
    [...new Set(texts)].flatMap((text): [string, RemoteContext][] => {
      const context = parseBuildContext(text)
      return isRemote(context) ? [[text, context]] : []
    }),
  )
}

function textsOf(build: Service['build']): string[] {
  const further = (build?.additional_contexts ?? {}) as Readonly<Record<string, string>>
  return build === undefined ? [] : [build.context, ...Object.values(further)]
}

/** In bytes. */
const LARGEST_DOCKERFILE = 256 * 1024

function isReadable(file: string): boolean {
  if (!existsSync(file)) return false
  const stat = statSync(file)
  return stat.isFile() && stat.size <= LARGEST_DOCKERFILE
}

function unfetched({ shown }: RemoteContext, problem: string): Diagnostic<CliCode> {
  return {
    code: 'cli/unfetched-context',
    severity: 'warning',
    message: `the build context ${shown} cannot be fetched: ${problem}`,
    path: '',
    hint: 'ports, users and volumes of the image are unknown; `landfall up` fetches it again before it builds',
  }
}
