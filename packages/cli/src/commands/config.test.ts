import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { visibleInJson } from '@landfall/diagnostic'
import {
  askTool,
  type ConfigAnswer,
  type ConfigRecording,
  configEnvironment,
  readConfigCases,
  recordable,
} from '@landfall/testkit/compose-oracle'
import { describe, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const root = fileURLToPath(new URL('../../cases/config', import.meta.url))

/** `DOCKER_COMPOSE=/path/to/docker-compose`: the recordings are checked too, where its version is theirs. */
const tool = process.env.DOCKER_COMPOSE
const isRecordingTool =
  tool !== undefined &&
  execFileSync(tool, ['version'], { encoding: 'utf8' }) ===
    readFileSync(join(root, 'recorded-with.txt'), 'utf8')

async function landfall(call: string, directory: string): Promise<ConfigAnswer> {
  const { terminal, printed } = quietTerminal(directory)
  const code = await run(call.split(' '), { ...terminal, env: configEnvironment(directory) })
  return { code, ...printed }
}

/** Docker Compose prints some control characters as they are in JSON; we escape them there. */
function shown(call: string, expected: ConfigRecording[string]): ConfigRecording[string] {
  return 'lines' in expected && call.includes('json')
    ? { ...expected, lines: expected.lines.map(visibleInJson) }
    : expected
}

for (const { name, directory, calls } of readConfigCases(root)) {
  const recorded = JSON.parse(
    readFileSync(join(directory, 'recorded.json'), 'utf8'),
  ) as ConfigRecording

  describe(`as docker compose: ${name}`, () => {
    test.each(calls)('%s', async (call) => {
      const expected = recorded[call]
      if (expected === undefined) throw new Error(`there is no recording of ${call}`)
      const answer = await landfall(call, directory)
      if ('error' in expected) {
        expect(answer.code, `docker compose: ${expected.error}`).toBeGreaterThan(0)
        expect(answer.stdout).toBe('')
        expect(answer.stderr).not.toBe('')
      } else {
        expect(answer.code, answer.stderr).toBe(0)
        expect(recordable(call, answer, dirname(directory))).toEqual(shown(call, expected))
      }
    })

    test.skipIf(!isRecordingTool)('the recordings are what the tool says', () => {
      for (const call of calls) {
        const answer = recordable(
          call,
          askTool(tool as string, call, directory),
          dirname(directory),
        )
        const expected = recorded[call] as ConfigRecording[string]
        // Of several errors the tool names any.
        if ('error' in expected) expect(answer, call).toHaveProperty('error')
        else expect(answer, call).toEqual(expected)
      }
    })
  })
}

describe('what docker compose has no answer to', () => {
  const shop = join(root, 'printing')

  test('a file that cannot be written is named', async () => {
    const { code, stdout, stderr } = await landfall('config --output no/such/file.yaml', shop)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('cannot write no/such/file.yaml: its directory does not exist')
  })

  test('a folder in the place of a service is told from one', async () => {
    const { code, stderr } = await landfall('config compose.yaml', shop)
    expect(code).toBe(1)
    expect(stderr).toContain('no such service: compose.yaml')
    expect(stderr).toContain('-f FILE')
  })

  test('digests of images are refused, because they come from a registry', async () => {
    const { code, stderr } = await landfall('config --resolve-image-digests', shop)
    expect(code).toBe(1)
    expect(stderr).toContain('registry')
  })
})
