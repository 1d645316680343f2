import { expect, test } from 'vitest'
import { parseDotenv } from './parse.ts'

const read = (text: string) => parseDotenv(text, () => undefined)

test('at the end of a file without a line feed, "export" needs a variable and a name is a value', () => {
  expect(read('export ').error?.message).toBe('no variable follows "export"')
  expect(read('export \n').error).toBeUndefined()
  expect([...read('A').values]).toEqual([['', 'A']])
})
