import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { askTool, configEnvironment, recordable } from '@landfall/testkit/compose-oracle'
import { describe, expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

const corpus = fileURLToPath(new URL('../../../../../shared/corpus/compose', import.meta.url))
const recordedWith = new URL('../../cases/config/recorded-with.txt', import.meta.url)
const tool = process.env.DOCKER_COMPOSE

/** Every view of `docker compose config` that needs no daemon. */
const views = [
  '',
  '--format json',
  '--services',
  '--images',
  '--profiles',
  '--volumes',
  '--networks',
  '--models',
  '--variables',
  '--variables --format json',
  '--environment',
  '--hash *',
  '--no-interpolate',
  '--no-interpolate --format json',
  '--no-normalize',
  '--no-path-resolution',
  '--no-consistency',
  '--no-env-resolution',
]

/** Why the comparison cannot be made here; undefined: it can. */
function obstacle(): string | undefined {
  if (!existsSync(corpus)) return 'there is no corpus beside the project'
  if (tool === undefined) return 'DOCKER_COMPOSE does not name the tool'
  const version = execFileSync(tool, ['version'], { encoding: 'utf8' })
  return version === readFileSync(recordedWith, 'utf8') ? undefined : `the tool is ${version}`
}

async function answers(call: string, directory: string): Promise<[ours: unknown, tools: unknown]> {
  const { terminal, printed } = quietTerminal(directory)
  const code = await run(call.split(' '), { ...terminal, env: configEnvironment(directory) })
  const [ours, tools] = [{ code, ...printed }, askTool(tool as string, call, directory)]
  const words = ({ error, ...rest }: { error?: string; lines?: readonly string[] }) =>
    error === undefined ? rest : 'an error'
  return [words(recordable(call, ours, directory)), words(recordable(call, tools, directory))]
}

const reason = obstacle()
if (reason !== undefined) test.skip(`config of the corpus: ${reason}`, () => {})
else
  for (const project of readdirSync(corpus))
    describe(`as docker compose: ${project}`, () => {
      const directory = join(corpus, project)
      const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      test.each(files.filter((file) => /\.ya?ml$/.test(file)))('%s', async (file) => {
        for (const view of views) {
          const call = `-f ${file} config ${view}`.trim()
          const [ours, tools] = await answers(call, directory)
          expect(ours, call).toEqual(tools)
        }
        const { terminal, printed } = quietTerminal(directory)
        const env = configEnvironment(directory)
        await run(['-f', file, '--profile', '*', 'config', '--services'], { ...terminal, env })
        for (const service of printed.stdout.split('\n').filter(Boolean)) {
          const call = `-f ${file} config ${service}`
          const [ours, tools] = await answers(call, directory)
          expect(ours, call).toEqual(tools)
        }
      })
    })
