import { expect, test } from 'vitest'
import { revisionsIn } from './revisions-in.ts'

test('numbers are revisions, in any place; everything else is the project', () => {
  expect(revisionsIn(['3', './shop'])).toEqual({ revisions: [3], places: ['./shop'] })
  expect(revisionsIn(['./shop', '12'])).toEqual({ revisions: [12], places: ['./shop'] })
  expect(revisionsIn([undefined, undefined])).toEqual({ revisions: [], places: [] })
  expect(revisionsIn(['0', '-1'])).toEqual({ revisions: [], places: ['0', '-1'] })
})
