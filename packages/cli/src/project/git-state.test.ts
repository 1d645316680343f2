import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { gitState } from './git-state.ts'

const scratch = mkdtempSync(join(tmpdir(), 'landfall-git-state-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const env = { PATH: process.env.PATH ?? '', HOME: scratch }
const hasGit = (() => {
  try {
    execFileSync('git', ['--version'])
    return true
  } catch {
    return false
  }
})()

/** A repository with a project in a folder, and its first commit. */
function repository(name: string) {
  const root = join(scratch, name)
  const project = join(root, 'shop')
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'compose.yaml'), 'services: {}\n')
  writeFileSync(join(root, 'other'), 'of another project\n')
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      env,
    })
      .toString()
      .trim()
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '-m', 'first')
  return { root, project, git, commit: git('rev-parse', 'HEAD') }
}

test.skipIf(!hasGit)(
  'the commit, and whether files of the project differ from it or are new',
  async () => {
    const { project, root, git, commit } = repository('plain')
    expect(await gitState(project, env)).toEqual({ commit, dirty: false })
    appendFileSync(join(root, 'other'), 'changed\n')
    expect(await gitState(project, env)).toEqual({ commit, dirty: false })
    writeFileSync(join(project, 'new'), '')
    expect(await gitState(project, env)).toEqual({ commit, dirty: true })
    git('add', '.')
    expect(await gitState(project, env)).toEqual({ commit, dirty: true })
    git('commit', '--quiet', '-m', 'second')
    const second = git('rev-parse', 'HEAD')
    expect(await gitState(project, env)).toEqual({ commit: second, dirty: false })
    appendFileSync(join(project, 'compose.yaml'), '# changed\n')
    expect(await gitState(project, env)).toEqual({ commit: second, dirty: true })
  },
)

test.skipIf(!hasGit)('a repository whose configuration names programs runs none', async () => {
  const { project, root, git, commit } = repository('hostile')
  const ran = join(scratch, 'ran')
  const program = join(scratch, 'program')
  writeFileSync(program, `#!/bin/sh\necho "$@" >> ${ran}\ncat\n`)
  chmodSync(program, 0o755)
  git('config', 'core.fsmonitor', program)
  git('config', 'filter.evil.clean', program)
  git('config', 'diff.external', program)
  git('config', 'core.hooksPath', scratch)
  writeFileSync(join(root, '.git', 'info', 'attributes'), '* filter=evil\n')
  writeFileSync(join(project, '.gitattributes'), '* filter=evil\n')
  appendFileSync(join(project, 'compose.yaml'), '# changed\n')
  expect(await gitState(project, env)).toEqual({ commit, dirty: true })
  expect(existsSync(ran)).toBe(false)
  // git itself would have run it
  git('status')
  expect(existsSync(ran)).toBe(true)
})

test('nothing where there is no repository, no commit or no git', async () => {
  const bare = join(scratch, 'none')
  mkdirSync(bare)
  expect(await gitState(bare, env)).toBeUndefined()
  expect(await gitState(bare, { PATH: '' })).toBeUndefined()
  if (!hasGit) return
  execFileSync('git', ['-C', bare, 'init', '--quiet'], { env })
  expect(await gitState(bare, env)).toBeUndefined()
})
