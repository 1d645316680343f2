import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { FILL_STEP, fillRun, findShells, type Run, sorted, type Tree } from './test-shells.ts'

// Real processes on a machine that may be busy with others.
vi.setConfig({ testTimeout: 600_000 })

const { shells, end } = findShells()
afterAll(end)

const PATHS = ['a', 'a/b', 'a/b/c', 'a b', 'x', 'x\ny', 'z/1', 'z/2']

/** Trees in which no path is both a file and a directory. */
const trees = fc
  .dictionary(fc.constantFrom(...PATHS), fc.constantFrom('1', '2', '3'), { noNullPrototype: true })
  .map((tree): Tree => {
    const isDirectory = (path: string) => Object.keys(tree).some((p) => p.startsWith(`${path}/`))
    return Object.fromEntries(Object.entries(tree).filter(([path]) => !isDirectory(path)))
  })

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('project' as const), tree: trees }),
    fc.record({
      do: fc.constant('write' as const),
      path: fc.constantFrom(...PATHS),
      text: fc.constantFrom('1', '2', 'own'),
    }),
    fc.record({ do: fc.constant('delete' as const), path: fc.constantFrom(...PATHS) }),
    fc.record({ do: fc.constant('restart' as const) }),
    fc.record({ do: fc.constant('kill' as const), afterMs: fc.integer({ min: 1, max: 120 }) }),
    fc.record({ do: fc.constant('reset' as const) }),
  ),
  { minLength: 3, maxLength: 8 },
)

type Step = typeof steps extends fc.Arbitrary<(infer Each)[]> ? Each : never

/** What the program has left of a file: it wrote that, or it deleted the file. */
const DELETED = Symbol('deleted')

function killedStart(run: Run, program: string, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(program, run.words(FILL_STEP), { env: run.environment(), detached: true })
    const timer = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), afterMs)
    child.on('exit', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

async function perform(run: Run, program: string, sequence: readonly Step[]): Promise<void> {
  let tree: Tree = {}
  let token = 0
  const byProgram = new Map<string, string | typeof DELETED>()
  const everInProject = new Map<string, Set<string>>()
  const check = (): void => {
    const seen = run.volume()
    for (const [path, text] of byProgram)
      if (text === DELETED) continue
      else if (!everInProject.get(path)?.has(text)) expect([path, seen[path]]).toEqual([path, text])
    for (const [path, text] of Object.entries(tree))
      if (
        ![...byProgram.keys()].some(
          (own) => `${path}/`.startsWith(`${own}/`) || own.startsWith(`${path}/`),
        )
      )
        expect([path, seen[path]]).toEqual([path, text])
  }
  run.project(tree)
  for (const step of sequence) {
    if (step.do === 'project') {
      tree = step.tree
      run.project(tree)
      for (const [path, text] of Object.entries(tree))
        everInProject.set(path, (everInProject.get(path) ?? new Set()).add(text))
    }
    if (step.do === 'write') {
      try {
        run.put(step.path, step.text)
        byProgram.set(step.path, step.text)
      } catch {
        // a directory is there, or a file where a directory would have to be
      }
    }
    if (step.do === 'delete' && run.volume()[step.path] !== undefined) {
      rmSync(run.inVolume(step.path))
      byProgram.set(step.path, DELETED)
    }
    if (step.do === 'kill') await killedStart(run, program, step.afterMs)
    if (step.do === 'restart') {
      run.start()
      check()
    }
    if (step.do === 'reset') {
      const lines = run.start(`token${++token} ./config`)
      const seen = run.volume()
      const kept = new Set(
        lines.map((line) =>
          line.replace(/^kept .\/config\/|: changed.*$/g, '').replace('\\n', '\n'),
        ),
      )
      for (const [path, text] of Object.entries(tree)) {
        if (kept.has(path)) continue
        expect([path, seen[path]]).toEqual([path, text])
        byProgram.delete(path)
      }
    }
  }
  run.start()
  check()
  const before = run.volume()
  const lines = run.start()
  expect(run.volume()).toEqual(before)
  expect(run.start()).toEqual(lines)
}

describe.each(shells)('under $name', (shell) => {
  test('whatever the order of changes, restarts and kills: what a program wrote stays, the rest is the project', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const run = fillRun(shell)
        try {
          await perform(run, shell.program, sequence)
        } finally {
          run.end()
        }
      }),
      { numRuns: 25 },
    )
  })

  test('10,000 files take seconds', () => {
    const run = fillRun(shell)
    const tree = (text: string) =>
      Object.fromEntries(
        Array.from({ length: 10_000 }, (_, n) => [`${n % 100}/file ${n}.txt`, `${text} ${n}`]),
      )
    run.project(tree('first'))
    const began = performance.now()
    run.start()
    run.project(tree('second'))
    run.start()
    expect(performance.now() - began).toBeLessThan(120_000)
    expect(run.volume()).toEqual(sorted(tree('second')))
    run.end()
  })
})
