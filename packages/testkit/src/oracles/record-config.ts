import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askTool, readConfigCases, recordable } from './config-calls.ts'

/**
 * Records what the real docker-compose answers to the calls of every project in a directory: `DOCKER_COMPOSE=/path/to/docker-compose
 * tsx record-config.ts packages/cli/cases/config`. Needs no daemon.
 */
function record(tool: string, root: string): void {
  writeFileSync(join(root, 'recorded-with.txt'), execFileSync(tool, ['version']))
  const scratch = mkdtempSync(join(tmpdir(), 'config-cases-'))
  for (const { name, directory, calls } of readConfigCases(root)) {
    const copy = join(scratch, name)
    cpSync(directory, copy, { recursive: true })
    const answers = calls.map((call) => [
      call,
      recordable(call, askTool(tool, call, copy), scratch),
    ])
    const text = JSON.stringify(Object.fromEntries(answers), null, 1)
    writeFileSync(join(directory, 'recorded.json'), `${text}\n`)
  }
  rmSync(scratch, { recursive: true })
}

const [root] = process.argv.slice(2)
const tool = process.env.DOCKER_COMPOSE
if (root === undefined || tool === undefined)
  throw new Error('usage: DOCKER_COMPOSE=/path/to/docker-compose tsx record-config.ts DIRECTORY')
record(tool, root)
