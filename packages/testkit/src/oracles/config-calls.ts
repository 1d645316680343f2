import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A project in a directory, and command lines of `docker compose` to try on it. */
export interface ConfigCases {
  readonly name: string
  readonly directory: string
  /** As they are written in calls.txt: words with single spaces between them. */
  readonly calls: readonly string[]
}

/** What a call printed and how it ended. */
export interface ConfigAnswer {
  readonly code: number
  readonly stdout: string
  /** The last line. */
  readonly stderr: string
}

/** A recording: of each call the code and the lines, or the last line on stderr where it failed. */
export type ConfigRecording = Readonly<
  Record<string, { readonly lines: readonly string[] } | { readonly error: string }>
>

/** Variables that calls are made with; nothing else is set. */
export const configEnvironment = (directory: string): Record<string, string> => ({
  HOME: '/home/x',
  PWD: directory,
  FROM_SHELL: 'shell',
})

/** The projects of a directory that have a calls.txt. */
export function readConfigCases(root: string): ConfigCases[] {
  return readdirSync(root)
    .map((name) => ({ name, directory: join(root, name) }))
    .filter(({ directory }) => existsSync(join(directory, 'calls.txt')))
    .map((project) => ({
      ...project,
      calls: readFileSync(join(project.directory, 'calls.txt'), 'utf8').trim().split('\n'),
    }))
}

/** Runs the real tool. */
export function askTool(tool: string, call: string, directory: string): ConfigAnswer {
  const { status, stdout, stderr } = spawnSync(tool, call.split(' '), {
    cwd: directory,
    env: configEnvironment(directory),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  return { code: status ?? -1, stdout, stderr: stderr.trim().split('\n').at(-1) ?? '' }
}

/** An answer as it is recorded: the directory above the project is `/cases`, lists that come in any order are sorted. */
export function recordable(
  call: string,
  { code, stdout, stderr }: ConfigAnswer,
  above: string,
): ConfigRecording[string] {
  const placed = (text: string) => text.replaceAll(above, '/cases')
  if (code !== 0) return { error: placed(stderr) }
  const lines = placed(stdout).split('\n')
  return { lines: hasAnyOrder(call) ? lines.sort() : lines }
}

/** Docker Compose prints these as they come out of a hash table. */
function hasAnyOrder(call: string): boolean {
  if (call.includes('--variables')) return !/--format (json|yaml)/.test(call)
  return /--(services|images|volumes|networks|models)/.test(call)
}
