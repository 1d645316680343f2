import { expect, test } from 'vitest'
import { transferMeter } from './meter.ts'
import { transferWords } from './transfer-words.ts'

const SECOND = 1000

test('the total is known when every file has reported its size or has ended', () => {
  const meter = transferMeter(['kubelet', 'etcd', 'runc'])
  meter.add('kubelet', 10e6, 60e6)
  meter.end('runc')
  expect(meter.read(0)).toEqual({ received: 10e6, total: undefined, speed: undefined })
  meter.add('etcd', 0, 40e6)
  expect(meter.read(SECOND)).toEqual({ received: 10e6, total: 100e6, speed: 0 })
})

test('the speed is that of the last ten seconds, without what an earlier run had received', () => {
  const meter = transferMeter(['kubelet'])
  meter.add('kubelet', 500e6, 600e6)
  meter.read(0)
  const readAt = (second: number, received: number) => {
    meter.add('kubelet', received, 600e6)
    return meter.read(second * SECOND).speed
  }
  for (let second = 1; second <= 10; second++)
    expect(readAt(second, 500e6 + second * 4e6)).toBeCloseTo(4e6)
  for (let second = 11; second <= 20; second++) readAt(second, 540e6)
  expect(readAt(21, 540e6)).toBe(0)
  // A file that has changed on the server begins again.
  expect(readAt(22, 0)).toBe(0)
  expect(readAt(23, 10e6)).toBeCloseTo(1e6)
})

test.each([
  [{ received: 57e6, total: undefined, speed: undefined }, '57 MB'],
  [{ received: 57e6, total: undefined, speed: 4.24e6 }, '57 MB, 4.2 MB/s'],
  [{ received: 57e6, total: 620e6, speed: 4.24e6 }, '57 of 620 MB, 4.2 MB/s, 3 min left'],
  [{ received: 57e6, total: 620e6, speed: 25e6 }, '57 of 620 MB, 25 MB/s, 23 s left'],
  [{ received: 57e6, total: 620e6, speed: 12e3 }, '57 of 620 MB, 12 kB/s, 13 h left'],
  [{ received: 57e6, total: 620e6, speed: 0 }, '57 of 620 MB, nothing is arriving'],
  [{ received: 620e6, total: 620e6, speed: 9e6 }, '620 of 620 MB, 9.0 MB/s'],
])('what has arrived, how fast, and how long the rest takes: %j', (transfer, words) => {
  expect(transferWords(transfer)).toBe(words)
})
