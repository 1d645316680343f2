import { expect, test } from 'vitest'
import { openChannel } from './channel.ts'
import { mergeBy } from './merge-by.ts'

async function* of(...items: string[]): AsyncGenerator<string> {
  yield* items
}

async function all(stream: AsyncIterable<string>): Promise<string[]> {
  const items: string[] = []
  for await (const item of stream) items.push(item)
  return items
}

const time = (item: string) => item.slice(0, 1)

test('items of all streams come in the order of their key, equal ones in that of the streams', async () => {
  const merged = mergeBy([of('1a', '3a', '3b'), of(), of('1c', '2c', '4c')], time)
  expect(await all(merged)).toEqual(['1a', '1c', '2c', '3a', '3b', '4c'])
})

test('a stream without end is read only as far as it is taken, and closed with the reader', async () => {
  let made = 0
  let closed = false
  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) yield `${++made}`
    } finally {
      closed = true
    }
  }
  let taken = 0
  for await (const _ of mergeBy([endless(), of('zzz')], (item) => item.padStart(9, '0')))
    if (++taken === 1000) break
  expect(made).toBeLessThanOrEqual(1001)
  expect(closed).toBe(true)
})

test('an error of a stream ends all, and the others are closed', async () => {
  let closed = false
  async function* other(): AsyncGenerator<string> {
    try {
      for (;;) yield '1'
    } finally {
      closed = true
    }
  }
  async function* failing(): AsyncGenerator<string> {
    yield '0'
    throw new Error('lost')
  }
  await expect(all(mergeBy([other(), failing()], time))).rejects.toThrow('lost')
  expect(closed).toBe(true)
})

test('a writer of a channel waits for a reader that is slower, and not for one that is gone', async () => {
  const channel = openChannel<number>()
  let pushed = 0
  const writing = (async () => {
    while (pushed < 5000) {
      channel.push(++pushed)
      await channel.room()
    }
  })()
  let read = 0
  for await (const _ of channel.items) {
    expect(pushed - read++).toBeLessThan(600)
    if (read === 2000) break
  }
  await writing
  expect(pushed).toBe(5000)
})
