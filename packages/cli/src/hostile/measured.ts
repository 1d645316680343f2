import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Run } from './measure.ts'

/**
 * Runs a program of this folder in a process of its own, in a directory of its own, and returns what it has measured: the memory of the test runner does not
 * count.
 * The garbage of all runs together would be more than 300 MB: the heap is limited, and a run that needs more ends the process.
 */
export async function measured(program: string, root: string): Promise<Run[]> {
  const flags = [
    '--max-old-space-size=160',
    '--heap-growing-percent=50',
    '--conditions=landfall-source',
    '--import',
    'tsx',
  ]
  const file = new URL(program, import.meta.url).pathname
  const results = `${root}.jsonl`
  await promisify(execFile)(process.execPath, [...flags, file, root, results])
  try {
    return readFileSync(results, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Run)
  } finally {
    rmSync(results)
  }
}
