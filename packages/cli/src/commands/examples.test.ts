import { readdirSync } from 'node:fs'
import { repository } from '@landfall/testkit'
import { expect, test } from 'vitest'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

/** Its tarballs are downloaded by whoever runs it; e2e/otter runs it with others. */
const WITHOUT_FILES = 'otter'
const examples = readdirSync(`${repository}examples`).filter((name) => name !== WITHOUT_FILES)

async function landfall(command: string, example: string, ...more: string[]) {
  const { terminal, printed } = quietTerminal(`${repository}examples/${example}`)
  const code = await run(
    [command, '.', ...more, ...(command === 'plan' ? ['--offline'] : [])],
    terminal,
  )
  return { code, ...printed }
}

test.each(examples)('nothing is wrong with examples/%s', async (example) => {
  const { code, stdout, stderr } = await landfall('check', example)
  expect(`${stdout}${stderr}`).not.toMatch(/error:|dropped:/)
  expect(code).toBe(0)
})

test('nothing is wrong with examples/otter but that its tarballs are not there', async () => {
  const { stdout } = await landfall('check', WITHOUT_FILES)
  const errors = stdout.split('\n').filter((line) => /error:|dropped:/.test(line))
  expect(errors).toEqual([
    expect.stringMatching(/manager\.deployer-4\.2\.18\.tar\.gz: it does not exist .*also node/),
  ])
})

test('FogFlow: who is connected to what was replaced restarts after it, and the worker when the master does not know it', async () => {
  const upstream = ['--profile', 'upstream-worker']
  expect((await landfall('check', 'fogflow', ...upstream)).code).toBe(0)
  const { stdout } = await landfall('plan', 'fogflow', ...upstream)
  const [, keeper = ''] = /^keeper: .*\n((?: {2}.*\n)+)/m.exec(stdout) ?? []
  expect(keeper.split('\n').map((line) => line.trim().replace(/^restarts +/, ''))).toEqual(
    expect.arrayContaining([
      'broker when discovery is new and ready again',
      'designer when master, rabbitmq is new and ready again',
      'master when discovery, rabbitmq is new and ready again',
      'upstream-worker when rabbitmq is new and ready again',
      expect.stringMatching(
        /^upstream-worker when it fails: http 2xx http:\/\/master:8010\/workers Worker\.001/,
      ),
    ]),
  )
  expect(stdout).not.toContain('mypass')
})

test('FogFlow: the worker of this repository restarts with nothing, and is built', async () => {
  const { stdout } = await landfall('plan', 'fogflow')
  expect(stdout).toMatch(/^worker: Deployment.*\n +image +fogflow-worker, built/m)
  expect(stdout).not.toContain('upstream-worker')
  expect(stdout).not.toContain('worker when')
})
