import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RevisionNote } from '@landfall/deploy'
import { SECRET_MODE, writeWhole } from '@landfall/local-cluster/write-whole'

/** A repository can be so large that its state is not worth the wait. */
const LIMIT_MS = 5_000

/**
 * The commit of the working tree that holds a directory, and whether files below the directory differ from it; undefined without git, a
 * repository or a commit. The configuration of the repository is not used for the comparison: it can name programs, and a project may come from
 * anywhere.
 */
export async function gitState(
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<RevisionNote['git']> {
  const git = gitIn(env)
  const commit = (await git(directory, ['rev-parse', '--verify', '--quiet', 'HEAD']))?.trim()
  const places = ['--git-path', 'index', '--git-path', 'objects', '--show-toplevel']
  const found = await git(directory, ['rev-parse', '--path-format=absolute', ...places])
  const [index, objects, tree] = found?.split('\n') ?? []
  if (!commit || !index || !objects || !tree) return undefined
  const place = await mkdtemp(join(tmpdir(), 'landfall-git-'))
  try {
    await git(place, ['init', '--quiet', '--template=', '.'])
    writeWhole(join(place, '.git', 'HEAD'), `${commit}\n`, SECRET_MODE, 'unflushed')
    const changed = await git(
      directory,
      ['-c', 'core.fsmonitor=false', 'status', '--porcelain', '--ignore-submodules', '.'],
      {
        GIT_DIR: join(place, '.git'),
        GIT_WORK_TREE: tree,
        GIT_INDEX_FILE: index,
        GIT_OBJECT_DIRECTORY: objects,
        GIT_OPTIONAL_LOCKS: '0',
      },
    )
    return changed === undefined ? undefined : { commit, dirty: changed !== '' }
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

/** Runs git, and returns what it prints; undefined if it is missing, fails or takes too long. */
function gitIn(environment: Readonly<Record<string, string>>) {
  const own = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_'))
  return async (
    cwd: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<string | undefined> => {
    try {
      const { stdout } = await promisify(execFile)('git', [...args], {
        cwd,
        env: { ...Object.fromEntries(own), ...env },
        timeout: LIMIT_MS,
        maxBuffer: 64 * 1024 * 1024,
      })
      return stdout
    } catch {
      return undefined
    }
  }
}
