import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { landfall, onSharedCluster, repository, testNamespace } from '@landfall/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { brokenOf, composeOf, randomProject } from './random-project.ts'

// Small projects of programs whose behaviour is known: the verdict is what follows from it.

/** `npm run soak` runs more; a seed that failed is run again with LANDFALL_SEED=N LANDFALL_RANDOM_PROJECTS=1. */
const count = Number(process.env.LANDFALL_RANDOM_PROJECTS ?? 12)
const first = Number(process.env.LANDFALL_SEED ?? 1)
const seeds = Array.from({ length: count }, (_, index) => first + index)

const root = await mkdtemp(`${tmpdir()}/landfall-random-`)
afterAll(() => rm(root, { recursive: true, force: true }))

describe.concurrent(`the verdict on random projects, seeds ${first} to ${first + count - 1}`, () => {
  for (const seed of seeds) {
    const namespace = testNamespace(`e2e-random-${seed}`)
    test(`seed ${seed}`, async ({ onTestFailed }) => {
      const project = randomProject(seed)
      const directory = `${root}/${seed}`
      await mkdir(directory)
      await writeFile(`${directory}/compose.yaml`, composeOf(project))
      onTestFailed(() => namespace.keepArtifacts(), 120_000)
      const up = await landfall([
        ...['up', directory, ...onSharedCluster(namespace.name)],
        ...['--output', 'json', '--timeout', '5m'],
      ])
      await mkdir(`${repository}artifacts/${namespace.name}`, { recursive: true })
      await writeFile(`${repository}artifacts/${namespace.name}/up.json`, up.stdout + up.stderr)
      await namespace.tryKubectl(['delete', 'deployments,jobs', '--all', '--wait=false'])
      const broken = brokenOf(project)
      const verdict = up.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
        .findLast(({ type }) => type === 'verdict')
      const said = `${composeOf(project)}\n${up.stdout}\n${up.stderr}`
      expect(verdict?.state, said).toBe(broken.length === 0 ? 'ready' : 'failed')
      expect(up.code, said).toBe(broken.length === 0 ? 0 : 1)
      if (broken.length > 0)
        expect(broken, said).toContain(/^\w+\/(p\d+)/.exec(verdict.failure.object)?.[1])
    })
  }
})
