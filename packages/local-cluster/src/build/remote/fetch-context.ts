import { createHash, randomUUID } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type GitContext, type RemoteContext, shownUrl } from '@landfall/image'
import { download, unpack } from './download.ts'
import { fetchCommit, resolveCommit } from './fetch-git.ts'
import { type ContextLimits, ContextProblem, contextLimits } from './limits.ts'
import type { GitPlace } from './run-git.ts'

export interface FetchOptions {
  cacheDirectory: string
  /** Variables of the user: proxies, the SSH agent. */
  env: Readonly<Record<string, string | undefined>>
  /** What the lock file says that the context is: a commit, or `sha256:…` of an archive. */
  revision?: string
  /** Only what is in the cache. */
  offline?: boolean
  limits?: Partial<ContextLimits>
}

/** A remote build context on this machine, or why it is not, in one line. */
export type FetchedContext =
  | {
      ok: true
      /** Absolute; in the cache, to be read only. */
      directory: string
      /** A commit, or `sha256:…` of an archive. */
      revision: string
    }
  | { ok: false; problem: string }

/**
 * Brings a remote build context into the cache, where a directory is a revision: whole or not at all, and the same for ever.
 * With `revision`, nothing but that revision.
 */
export async function fetchContext(
  context: RemoteContext,
  { cacheDirectory, env, revision, offline = false, limits: given = {} }: FetchOptions,
): Promise<FetchedContext> {
  const limits = { ...contextLimits, ...given }
  const root = join(cacheDirectory, 'contexts')
  const held = revision === undefined ? undefined : join(root, nameOf(context, revision))
  if (held !== undefined && revision !== undefined && existsSync(held))
    return { ok: true, directory: held, revision }
  if (offline) return { ok: false, problem: 'it is not in the cache' }
  const work = join(root, `work-${process.pid}-${randomUUID()}`)
  try {
    await makeRoot(root)
    await mkdir(work)
    const fetch = context.kind === 'git' ? fetchRepository : fetchArchive
    const place = { root, work, env, limits, ...(revision !== undefined && { revision }) }
    return { ok: true, ...(await fetch(context as never, place)) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!(error instanceof ContextProblem) && code === undefined) throw error
    return { ok: false, problem: message }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Milliseconds after which what an interrupted fetch has left is removed. */
const LEFT_OVER = 86_400_000

/** The directory of all contexts, which no other user can read: repositories may be private. */
async function makeRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true })
  await chmod(root, 0o700)
  for (const name of await readdir(root)) {
    if (!name.startsWith('work-')) continue
    const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: Number.MAX_VALUE }))
    if (mtimeMs < Date.now() - LEFT_OVER)
      await rm(join(root, name), { recursive: true, force: true })
  }
}

interface Place {
  root: string
  /** A directory that is removed afterwards. */
  work: string
  env: FetchOptions['env']
  limits: ContextLimits
  revision?: string
}

type Held = { directory: string; revision: string }

async function fetchRepository(
  context: GitContext,
  { root, work, env, limits, revision }: Place,
): Promise<Held> {
  const deadline = performance.now() + limits.time
  const git: GitPlace = { directory: work, url: context.url, env, limits, deadline }
  const now = await resolveCommit(
    git,
    revision === undefined ? context : { ...context, ref: revision },
  )
  const directory = join(root, nameOf(context, now))
  if (existsSync(directory)) return { directory, revision: now }
  try {
    const files = await fetchCommit(git, context, now)
    await rm(join(work, '.git'), { recursive: true })
    await keep(files, directory)
  } catch (error) {
    if (revision === undefined || !(error instanceof ContextProblem)) throw error
    throw new ContextProblem(`commit ${revision.slice(0, 12)} of landfall.lock: ${error.message}`)
  }
  return { directory, revision: now }
}

async function fetchArchive(
  context: RemoteContext & { kind: 'download' },
  { root, work, env, limits, revision }: Place,
): Promise<Held> {
  const file = join(work, 'download')
  const now = await download(context, file, env, limits)
  if (revision !== undefined && revision !== now)
    throw new ContextProblem(
      'its content has changed since it was recorded in landfall.lock; `landfall lock` records it again',
    )
  const directory = join(root, nameOf(context, now))
  if (existsSync(directory)) return { directory, revision: now }
  const files = join(work, 'files')
  await unpack(file, files, limits)
  await keep(files, directory)
  return { directory, revision: now }
}

/** Moves a whole tree to its place in the cache, unless another process was faster. */
async function keep(files: string, directory: string): Promise<void> {
  try {
    await rename(files, directory)
  } catch (error) {
    if (!existsSync(directory)) throw error
  }
}

function nameOf(context: RemoteContext, revision: string): string {
  const below = context.kind === 'git' ? context.subdirectory : undefined
  const parts = [shownUrl(context.url), revision, below]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)
}

/** Whether a file of a fetched context is in it, links followed: what others wrote must not lead to files of this machine. */
export function isInside(directory: string, path: string): boolean {
  if (!existsSync(path)) return true
  return realpathSync(path).startsWith(realpathSync(directory) + sep)
}
