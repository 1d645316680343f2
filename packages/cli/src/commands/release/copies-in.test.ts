import { expect, test } from 'vitest'
import { copiesIn } from './copies-in.ts'

test('numbers of pods, and a project before or after them', () => {
  expect(copiesIn(['web=3', './shop', 'my.api_2=0'])).toEqual({
    copies: new Map([
      ['web', 3],
      ['my.api_2', 0],
    ]),
    places: ['./shop'],
  })
  expect(copiesIn(['./a=b', 'web=1'])).toEqual({
    copies: new Map([['web', 1]]),
    places: ['./a=b'],
  })
})

test.each(['web=', 'web=-1', 'web=many', 'web=1.5', 'web=1001'])('%s is not a number', (word) => {
  expect(() => copiesIn([word])).toThrow(`${word} is not a number of pods`)
})

test('one number for each service', () => {
  expect(() => copiesIn(['web=1', 'web=2'])).toThrow('web has two numbers of pods')
})
