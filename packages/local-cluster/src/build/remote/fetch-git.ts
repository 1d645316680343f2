import { join } from 'node:path'
import type { GitContext } from '@landfall/image'
import { type ContextLimits, ContextProblem, tooLarge } from './limits.ts'
import { type GitPlace, runGit } from './run-git.ts'

/** The commit that a context means now. Throws ContextProblem. */
export async function resolveCommit(place: GitPlace, context: GitContext): Promise<string> {
  await runGit(place, ['init', '--quiet', '--template='])
  const { ref = 'HEAD' } = context
  if (isCommit(ref)) return ref
  const lines = await runGit(place, ['ls-remote', '--', 'origin', ref, `${ref}^{}`])
  const commits = new Map(
    lines.map((line) => {
      const [commit = '', name = ''] = line.split('\t')
      return [name, commit]
    }),
  )
  const found = namesOf(ref).find((name) => commits.has(name))
  const commit = commits.get(found ?? '')
  if (commit === undefined || !isCommit(commit))
    throw new ContextProblem(
      /^[0-9a-f]{7,39}$/.test(ref)
        ? `the repository has no branch or tag "${ref}"; write a commit with its 40 digits`
        : `the repository has no branch or tag "${ref}"`,
    )
  return commit
}

/** As `git checkout` reads a name: a full ref, then a branch, then a tag, of which the commit counts. */
function namesOf(ref: string): string[] {
  return [
    ...[ref, `refs/${ref}`, `refs/heads/${ref}`],
    ...[`refs/tags/${ref}^{}`, `refs/tags/${ref}`],
  ].flatMap((name) => (name.startsWith('refs/tags/') ? [`${name}^{}`, name] : [name]))
}

function isCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}

/**
 * Fetches a commit with as little history as the server allows, and writes its files; resolves with the directory of the
 * context. Throws ContextProblem.
 */
export async function fetchCommit(
  place: GitPlace,
  { ref, subdirectory }: GitContext,
  commit: string,
): Promise<string> {
  await fetchObjects(place, ref, commit)
  await checkTree(place, commit, subdirectory)
  await runGit(place, ['checkout', '--quiet', commit, '--', subdirectory ?? '.'])
  return join(place.directory, subdirectory ?? '')
}

/** Servers may refuse commits by their names, and simple ones cannot leave out history. */
async function fetchObjects(place: GitPlace, ref: string | undefined, commit: string) {
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules']
  const attempts = [
    [...fetch, '--depth=1', 'origin', commit],
    ...(ref === undefined || isCommit(ref) ? [] : [[...fetch, '--depth=1', 'origin', ref]]),
    [...fetch, 'origin', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'],
  ]
  let problem: unknown
  for (const attempt of attempts) {
    try {
      await runGit(place, attempt)
      await runGit(place, ['cat-file', '-e', `${commit}^{commit}`])
      return
    } catch (error) {
      problem ??= error
      if (performance.now() >= place.deadline) break
    }
  }
  throw problem
}

/** Looks at what a checkout would write before it does. */
async function checkTree(
  { limits, ...place }: GitPlace,
  commit: string,
  subdirectory: string | undefined,
): Promise<void> {
  let found = false
  const left = { bytes: limits.bytes, entries: limits.entries }
  const below = subdirectory === undefined ? [] : [`${subdirectory}/`]
  await runGit(
    { limits, ...place },
    ['ls-tree', '-r', '-l', '--full-tree', commit, '--', ...below],
    (line) => {
      found = true
      countEntry(line, left, limits)
    },
  )
  if (!found)
    throw new ContextProblem(
      subdirectory === undefined
        ? 'the repository is empty'
        : `the repository has no directory "${subdirectory}" at ${commit.slice(0, 12)}`,
    )
}

function countEntry(
  line: string,
  left: { bytes: number; entries: number },
  limits: ContextLimits,
): void {
  const [, mode, size = '', path = ''] = /^(\d+) \w+ \w+ +(\S+)\t(.*)$/.exec(line) ?? []
  if (mode === '160000')
    throw new ContextProblem(
      `${path} is a submodule, which is not fetched: clone the repository with its submodules, and set the context to that directory`,
    )
  left.bytes -= Number(size) || 0
  left.entries -= 1
  if (left.bytes < 0 || left.entries < 0) throw tooLarge(limits)
}
