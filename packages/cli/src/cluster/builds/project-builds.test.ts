import type { ImageBuild } from '@landfall/kube'
import type { BuildOutcome } from '@landfall/local-cluster'
import { expect, test } from 'vitest'
import { buildsWith } from './project-builds.ts'

const registries = { registry: '10.213.0.1:22500', packageRegistry: '10.213.0.1:22501' }

const build = (service: string, contexts?: Record<string, string>): ImageBuild => ({
  ...{ service, image: `shop-${service}`, context: `/project/${service}`, args: {} },
  dockerfile: 'Dockerfile',
  ...(contexts && { contexts }),
})

/** A builder that shows what was begun, and ends a build when the test says so. */
function builder() {
  const begun: ImageBuild[] = []
  const ends = new Map<string, (outcome: BuildOutcome) => void>()
  const run = (_: typeof registries, one: ImageBuild) => {
    begun.push(one)
    return new Promise<BuildOutcome>((resolve) => ends.set(one.service, resolve))
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  const succeed = async (service: string) => {
    ends.get(service)?.({ ok: true, image: `shop-${service}`, digest: 'sha256:1', cached: false })
    await settled()
  }
  const fail = async (service: string) => {
    const failure = { image: `shop-${service}`, message: 'exit code 1', dockerfile: 'Dockerfile' }
    ends.get(service)?.({ ok: false, ...failure, output: [] })
    await settled()
  }
  return { begun, run, succeed, fail, settled, services: () => begun.map(({ service }) => service) }
}

test('two builds run at the same time, and each of them once in a run of `up`', async () => {
  const { run, succeed, settled, services } = builder()
  const builds = buildsWith(run)
  const all = [build('api'), build('web'), build('worker')]
  const first = builds.run(all, registries)
  const second = builds.run(all, registries)
  await settled()
  expect(services()).toEqual(['api', 'web'])
  await succeed('web')
  expect(services()).toEqual(['api', 'web', 'worker'])
  await succeed('worker')
  await succeed('api')
  expect((await first).map((one) => one.build.service)).toEqual(['api', 'web', 'worker'])
  expect(await second).toEqual(await first)
  expect(services()).toHaveLength(3)
})

test('a build whose context is the image of a service begins after it, with the image that was built', async () => {
  const { run, succeed, settled, begun, services } = builder()
  const builds = buildsWith(run)
  const all = builds.run([build('api', { base: 'service:base' }), build('base')], registries)
  await settled()
  expect(services()).toEqual(['base'])
  await succeed('base')
  expect(begun[1]?.contexts).toEqual({
    base: 'docker-image://10.213.0.1:22500/library/shop-base@sha256:1',
  })
  await succeed('api')
  expect((await all).map(({ outcome }) => outcome.ok)).toEqual([true, true])
})

test('after a failure nothing more begins, and what needs the failed image has the same outcome', async () => {
  const { run, fail, settled, services } = builder()
  const builds = buildsWith(run)
  const all = builds.run(
    [build('base'), build('api', { base: 'service:base' }), build('web'), build('worker')],
    registries,
  )
  await settled()
  await fail('base')
  await fail('web')
  expect(services()).toEqual(['base', 'web'])
  expect((await all).map(({ outcome }) => outcome.image)).toEqual([
    'shop-base',
    'shop-base',
    'shop-web',
    'shop-base',
  ])
})
