import { expect, test } from 'vitest'
import { type KeeperAct, readKeeperRecord, withAct } from './record.ts'

const read = (text: string) =>
  readKeeperRecord({ metadata: { name: 'web', annotations: { 'landfall.dev/keeper': text } } })
const act: KeeperAct = { at: '2026-01-31T10:00:00Z', act: 'restart', why: 'mq was replaced' }

test('what was written is read back', () => {
  const record = { seen: { mq: ['a/1'] }, acts: [act], gone: 'answers 404' }
  expect(read(JSON.stringify(record))).toEqual(record)
})

test('a workload without a record has seen nothing', () => {
  expect(readKeeperRecord({ metadata: { name: 'web' } })).toEqual({ seen: {}, acts: [] })
})

test.each([
  '',
  '{',
  'null',
  '[]',
  '1',
  '{"seen":1,"acts":{}}',
  '{"seen":{"a":[1]},"acts":[{"at":"x"}]}',
])('what somebody else has written is no record: %s', (text) => {
  expect(read(text)).toEqual({ seen: {}, acts: [] })
})

test('the last ten acts are kept', () => {
  const acts = Array.from({ length: 12 }, (_, n) => ({ ...act, why: String(n) }))
  const record = acts.reduce(withAct, { seen: {}, acts: [] })
  expect(record.acts.map(({ why }) => why)).toEqual(acts.slice(2).map(({ why }) => why))
})
