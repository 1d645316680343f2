import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, type TestContext, test } from 'vitest'
import { quietTerminal } from '../../quiet-terminal.ts'
import { run } from '../../run.ts'
import { type Distribution, distributions } from './distributions.ts'
import {
  type Container,
  makeRoot,
  missingForContainers,
  runIn,
  startContainer,
} from './test-container.ts'

// Releases, unmodified, by their plain background start scripts: the entrypoint of Landfall runs as process 1, as the user of the image, in
// namespaces of its own. All of them run with LANDFALL_DISTRIBUTIONS=1; without it, Tomcat alone.

/** Milliseconds in which a pod ends by default. */
const GRACE = 30_000

const all = process.env.LANDFALL_DISTRIBUTIONS !== undefined
const missing = missingForContainers()
const scratch = mkdtempSync(join(tmpdir(), 'landfall-distributions-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function skip(name: string, why: string): void {
  process.stderr.write(`not run: ${name}, because ${why}\n`)
}

/** Whether a release can be had: its own address, or the file that a variable of the environment names. */
async function canBeHad({ name, tarball }: Distribution): Promise<boolean> {
  if (!tarball.startsWith('https:')) return true
  try {
    const { ok } = await fetch(tarball, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })
    if (!ok) skip(name, `there is no ${tarball}`)
    return ok
  } catch {
    skip(name, `${new URL(tarball).host} cannot be reached`)
    return false
  }
}

async function landfall(directory: string, ...words: string[]) {
  const { terminal, printed } = quietTerminal(directory)
  const env = { ...terminal.env, HOME: process.env.HOME ?? '/' }
  const code = await run(words, { ...terminal, env })
  return { code, text: printed.stdout + printed.stderr }
}

/** The build context of a distribution, as `landfall containerize` writes it. */
async function recipeOf(one: Distribution): Promise<string> {
  const { name, tarball, checksum, start, prepare } = one
  const commands = prepare === undefined ? '' : `    prepare: ${JSON.stringify(prepare)}\n`
  const directory = join(scratch, name)
  mkdirSync(directory)
  const write = (sum: string | undefined): void =>
    writeFileSync(
      join(directory, 'landfall.yaml'),
      `accept: ["${tarball}"]\nservices:\n  ${name}:\n    tarball: ${tarball}\n${sum === undefined ? '' : `    checksum: ${sum}\n`}    start: ${start}\n    java: 17\n${commands}`,
    )
  write(checksum)
  if (checksum === undefined && tarball.startsWith('https:'))
    write(
      /add this line: checksum: (\S+)/.exec((await landfall(directory, 'check', '.')).text)?.[1],
    )
  const { code, text } = await landfall(directory, 'containerize', '.', '-o', 'recipe')
  expect([code, text]).toEqual([0, expect.stringContaining('Wrote the recipe')])
  return join(directory, 'recipe')
}

/** What the Dockerfile runs as the user of the program. */
function prepareCommand(dockerfile: string): string {
  const [, command] = /^USER 10001:10001$[\s\S]*?^RUN (.*)$/m.exec(dockerfile) ?? []
  if (command === undefined) throw new Error(`nothing is prepared: ${dockerfile}`)
  return command
}

function answers({ inNetwork }: Container, { port, status }: Distribution): boolean {
  if (status === undefined)
    return inNetwork('bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port} && echo open`) === 'open\n'
  const url = `http://127.0.0.1:${port}/`
  return inNetwork('curl', '-so', '/dev/null', '-w', '%{http_code}', url) === String(status)
}

/** Waits until a container answers; one that ends before is an error with its log. */
async function started(root: string, one: Distribution): Promise<Container> {
  const container = await startContainer(root, one.name, one.env)
  const limit = performance.now() + 240_000
  for (;;) {
    if (answers(container, one) && one.log.test(container.log())) return container
    if (!container.runs()) throw new Error(`${one.name} ended: ${container.log()}`)
    if (performance.now() > limit) {
      await container.end('SIGKILL')
      throw new Error(`${one.name} does not answer: ${container.log()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

describe.skipIf(missing !== '')(`distributions (need root, namespaces, Java)`, () => {
  test.for(distributions.filter(({ name }) => all || name === 'tomcat'))(
    '$name answers, logs to the console, ends in its time, and comes up again after kill -9',
    { timeout: 600_000 },
    async (one, { skip: leaveOut }: TestContext) => {
      if (!(await canBeHad(one))) return leaveOut()
      const recipe = await recipeOf(one)
      const root = join(scratch, one.name, 'root')
      mkdirSync(root)
      makeRoot(root, recipe, one.name)
      const dockerfile = readFileSync(join(recipe, 'Dockerfile'), 'utf8')
      expect(/^ENV LANDFALL_LOGS=(.*)$/m.exec(dockerfile)?.[1]).toBe(one.env?.LANDFALL_LOGS)
      if (one.prepare !== undefined) runIn(root, one.name, prepareCommand(dockerfile))
      const first = await started(root, one)
      await first.end('SIGKILL')
      const again = await started(root, one)
      const { ms } = await again.end('SIGTERM')
      expect(ms).toBeLessThan(GRACE)
      expect(again.log()).not.toMatch(/landfall: .*(?:error|ended|no Java)/)
    },
  )
})
