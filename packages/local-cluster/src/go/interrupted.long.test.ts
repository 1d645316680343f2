import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { missingForApiServer } from '../host/requirements.ts'

const folder = mkdtempSync(join(tmpdir(), 'landfall-go-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const packages = 60
/** How many of them can be compiled at the same time. */
const parallel = 5
const source = join(folder, 'source')
const output = join(folder, 'program')
const calls = join(folder, 'calls')

/** A module of packages that no cache has, and a command that writes down the compilers' calls. */
function writeModule(): void {
  mkdirSync(source)
  writeFileSync(join(source, 'go.mod'), 'module example.com/many\n\ngo 1.24\n')
  const names = Array.from({ length: packages }, (_, index) => `p${index}`)
  for (const [index, name] of names.entries()) {
    mkdirSync(join(source, name))
    const before = index >= parallel ? `p${index - parallel}` : undefined
    const functions = Array.from(
      { length: 100 },
      (_, n) => `func F${n}(a []int) (s int) { for i, v := range a { s += i*v + ${n} }; return }`,
    )
    writeFileSync(
      join(source, name, `${name}.go`),
      [
        `package ${name}`,
        before === undefined ? '' : `import "example.com/many/${before}"`,
        ...functions,
        `const Text = ${before === undefined ? `"${randomUUID()}"` : `${before}.Text + "."`}`,
        '',
      ].join('\n'),
    )
  }
  const last = names.slice(-parallel)
  writeFileSync(
    join(source, 'main.go'),
    [
      'package main',
      ...last.map((name) => `import "example.com/many/${name}"`),
      `func main() { println(${last.map((name) => `${name}.Text`).join(', ')}) }`,
      '',
    ].join('\n'),
  )
  const wrapper = join(folder, 'wrapper.sh')
  writeFileSync(
    wrapper,
    `#!/bin/sh
case "$*" in *-V=full*) exec "$@" ;; esac
echo "begin $TOOLEXEC_IMPORTPATH" >>${calls}
"$@" || exit $?
echo "end $TOOLEXEC_IMPORTPATH" >>${calls}
`,
  )
  chmodSync(wrapper, 0o755)
  writeFileSync(calls, '')
}

function startBuild(): { child: ChildProcess; printed: () => string } {
  const script = `
    import { buildGoProgram } from ${JSON.stringify(pathToFileURL(join(fileURLToPath(import.meta.url), '../build.ts')).href)}
    await buildGoProgram({
      source: ${JSON.stringify(source)}, output: ${JSON.stringify(output)}, flags: [],
      env: { CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-toolexec=${join(folder, 'wrapper.sh')}' },
    }, undefined, (detail) => console.log(detail))`
  const entry = join(folder, 'entry.mts')
  writeFileSync(entry, script)
  const root = fileURLToPath(new URL('../../../..', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--conditions=landfall-source', '--import', 'tsx', entry],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  return { child, printed: () => text }
}

const lines = (kind: string): string[] =>
  readFileSync(calls, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${kind} example.com/many/p`))

/** Processes that work for the module: compilers, the linker, Go itself. */
function workers(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return ''
      }
    })
    .filter((command) => command.includes(folder))
}

const gone = async (): Promise<void> => {
  while (workers().length > 0) await setTimeout(50)
}

test.skipIf(missingForApiServer().length > 0)(
  'a build that was interrupted three times compiles no package twice that was finished, and leaves no compiler and no half program',
  async () => {
    writeModule()
    for (const [enough, signal] of [
      [7, 'SIGINT'],
      [21, 'SIGKILL'],
      [38, 'SIGTERM'],
    ] as const) {
      const { child } = startBuild()
      const ended = once(child, 'exit')
      while (lines('end').length < enough && child.exitCode === null) await setTimeout(20)
      child.kill(signal)
      await ended
      await gone()
      expect(existsSync(output)).toBe(false)
    }
    const { child, printed } = startBuild()
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    expect(existsSync(output)).toBe(true)
    expect(new Set(lines('end')).size).toBe(packages)
    const inFlight = 3 * Math.min(parallel, availableParallelism())
    expect(lines('begin').length).toBeLessThanOrEqual(packages + inFlight)
    // What is in Go's cache is no work that is left.
    const totals = [...printed().matchAll(/ of (\d+) packages/g)].map(([, total]) => Number(total))
    for (const total of totals) expect(total).toBeLessThanOrEqual(packages + 1 - 38 + inFlight)
    await gone()
  },
)
