import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ComposeCase, caseDirectory, configArguments, type Recording } from './compose.ts'

/** What the real docker-compose says to a case. Needs no daemon. */
export function askCompose(tool: string, { name, files, flags }: ComposeCase): Recording {
  const root = mkdtempSync(join(tmpdir(), 'compose-case-'))
  const directory = join(root, name)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const cwd = join(directory, flags.directory ?? '')
  mkdirSync(cwd, { recursive: true })
  const { status, stdout, stderr } = spawnSync(tool, configArguments(flags), {
    cwd,
    env: { HOME: '/home/x', PWD: cwd, ...flags.environment },
    encoding: 'utf8',
    input: flags.stdin ?? '',
    maxBuffer: 256 * 1024 * 1024,
  })
  rmSync(root, { recursive: true })
  const placed = (text: string) => text.replaceAll(root, dirname(caseDirectory(name)))
  if (status === 0) return { project: JSON.parse(placed(stdout)) }
  return { error: placed(stderr.trim().split('\n').at(-1) ?? '') }
}
