import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { captureScript } from './recipe/capture-script.ts'
import { installScript, settingsScript, startScript } from './recipe/scripts.ts'
import { standIn } from './recipe/stand-in.ts'

/** A Java that prints what it gets; LOG, SERVE and CODE say what else it does. */
const JAVA = `#!/bin/sh
case $1 in -version) echo 'openjdk version "17.0.1"' >&2; exit 0 ;; esac
case $* in *Helper*) echo helped; exit 0 ;; esac
echo "process $$ in $(pwd)"
for a; do echo "<$a>"; done
env | sort
if [ -n "\${KEEP:-}" ]; then exec 7>>"$KEEP"; fi
if [ -n "\${LOG:-}" ]; then echo "cause of death" >> "$LOG"; fi
if [ -n "\${SERVE:-}" ]; then trap 'echo stopped >> "$LOG"; exit 5' TERM; while :; do sleep 0.1; done; fi
[ -z "\${CODE:-}" ] || exit "$CODE"
`

export interface Started {
  /** What the program printed: its arguments. */
  arguments: string[]
  environment: Record<string, string | undefined>
  /** What Landfall printed. */
  said: string[]
  stdout: string
  code: number | null
  root: string
  /** Whether the program has the process that was started. */
  replaced: boolean
}

export interface Program {
  /** The text of bin/start. */
  script: string
  start?: string[]
  files?: Record<string, string>
  env?: Record<string, string>
  capture?: boolean
  /** What is done while the program runs: `first` is the first process. */
  meanwhile?: (first: ChildProcess, root: string) => Promise<void>
}

/** Runs a start script as the first process of a container would. */
export async function start({
  script,
  start: words,
  files,
  env,
  capture = true,
  meanwhile,
}: Program): Promise<Started> {
  const root = mkdtempSync(join(tmpdir(), 'landfall-start-'))
  const [helper, program, jre] = ['landfall', 'opt', 'jre'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ]
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content)
    chmodSync(path, 0o755)
  }
  const places = { helper, program, start: words ?? ['bin/start'], capture }
  write(join(helper, 'settings'), settingsScript(places))
  write(join(helper, 'install'), installScript(places))
  write(join(helper, 'start'), startScript(places))
  write(join(helper, 'capture'), captureScript(places))
  for (const processor of ['amd64', 'arm64'] as const)
    write(join(helper, `java-${processor}`), standIn(join(helper, 'capture'), processor))
  write(join(jre, 'bin/java'), JAVA)
  write(join(jre, 'lib/tools.jar'), '')
  write(join(program, 'bin/start'), script)
  for (const [path, content] of Object.entries(files ?? {})) write(join(program, path), content)
  const variables = { PATH: process.env.PATH, JAVA_HOME: jre, HOME: root }
  const installed = spawnSync('/bin/sh', [join(helper, 'install')], {
    env: variables,
    encoding: 'utf8',
  })
  expect(installed.stderr).toBe('')
  const limits = { LANDFALL_START_SECONDS: '20', LANDFALL_MEMORY_LIMIT_FILE: join(root, 'none') }
  const child = spawn('/bin/sh', [join(helper, 'start')], {
    env: { ...variables, ...limits, ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  await meanwhile?.(child, root)
  const code = await ended
  const lines = stdout.split('\n')
  return {
    arguments: lines.flatMap((line) => /^<(.*)>$/.exec(line)?.[1] ?? []),
    environment: Object.fromEntries(
      lines.flatMap((line) => {
        const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? []
        return name === undefined ? [] : [[name, value]]
      }),
    ),
    said: stderr
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(root, '')),
    stdout: stdout.replaceAll(root, ''),
    code,
    root,
    replaced: stdout.includes(`process ${child.pid} in `),
  }
}
