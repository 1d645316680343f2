import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'
import { startTimes } from './start-times.ts'

test.each([
  ['2s', 2_000],
  ['1m30s', 90_000],
  ['500ms', 500],
  ['1.5h', 5_400_000],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test('the start times of the EdgeX roles are the agreed ones', async () => {
  const times = await startTimes(
    fileURLToPath(new URL('../../../../examples/edgex/stand-ins', import.meta.url)),
  )
  const others = new Map(times)
  for (const [image, ms] of [
    ['edgexfoundry/docker-edgex-volume:1.1.0', 1_000],
    ['consul:1.3.1', 3_000],
    ['edgexfoundry/docker-edgex-mongo:1.1.0', 4_000],
    ['edgexfoundry/docker-core-config-seed-go:1.1.0', 4_000],
  ] as const) {
    expect([image, others.get(image)]).toEqual([image, ms])
    others.delete(image)
  }
  expect([...others.values()]).toEqual(Array(11).fill(2_000))
})
