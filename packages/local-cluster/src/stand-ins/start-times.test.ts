import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startTimes } from './start-times.ts'

test('the start times of the EdgeX roles are the agreed ones', async () => {
  const times = await startTimes(
    fileURLToPath(new URL('../../../../examples/edgex/stand-ins', import.meta.url)),
  )
  const others = new Map(times)
  for (const [image, durations] of [
    ['edgexfoundry/docker-edgex-volume:1.1.0', ['1s']],
    ['consul:1.3.1', ['2s', '1s']],
    ['eclipse-mosquitto:2.0', ['1s']],
    ['edgexfoundry/docker-edgex-mongo:1.1.0', ['2s', '2s']],
    ['edgexfoundry/docker-core-config-seed-go:1.1.0', ['2s', '2s']],
  ] as const) {
    expect([image, others.get(image)]).toEqual([image, durations])
    others.delete(image)
  }
  expect([...others.values()]).toEqual(Array(11).fill(['2s']))
})
