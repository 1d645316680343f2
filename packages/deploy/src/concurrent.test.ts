import { expect, test } from 'vitest'
import { openChannel } from './channel.ts'
import { forEachConcurrently } from './concurrent.ts'

test('never more than the limit at a time, and all of them', async () => {
  let running = 0
  let most = 0
  const done: number[] = []
  await forEachConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++running)
    await Promise.resolve()
    running--
    done.push(item)
  })
  expect(most).toBe(2)
  expect(done).toEqual([1, 2, 3, 4, 5])
})

test('after a failure no more are started, and it is thrown', async () => {
  const started: number[] = []
  const run = forEachConcurrently([1, 2, 3, 4], 2, async (item) => {
    started.push(item)
    if (item === 1) throw new Error('no')
  })
  await expect(run).rejects.toThrow('no')
  expect(started).not.toContain(4)
})

test('what was pushed before and after the reader came is read in order, then the end', async () => {
  const channel = openChannel<number>()
  channel.push(1)
  const read = (async () => {
    const items: number[] = []
    for await (const item of channel.items) items.push(item)
    return items
  })()
  await Promise.resolve()
  channel.push(2)
  channel.push(3)
  channel.close()
  expect(await read).toEqual([1, 2, 3])
})

test('a failure is thrown after what was pushed before it', async () => {
  const channel = openChannel<number>()
  channel.push(1)
  channel.fail(new Error('lost'))
  expect((await channel.items.next()).value).toBe(1)
  await expect(channel.items.next()).rejects.toThrow('lost')
})
