import type { CheckStep } from '@landfall/kube'
import { expect, test } from 'vitest'
import { judge } from './expect.ts'
import { PatternTooSlow } from './pattern.ts'
import type { Got } from './result.ts'

const values: Record<string, unknown> = { id: 7, name: 'a.b', before: '10' }
const lookup = (name: string) => values[name]
const response = (text: string, status = 200, headers: [string, string][] = []): Got => ({
  kind: 'response',
  status,
  headers: new Map(headers),
  text,
})
const output = (text: string, exitCode = 0, errors = ''): Got => ({
  kind: 'output',
  exitCode,
  text,
  errors,
})
const http: CheckStep['action'] = { kind: 'http', method: 'GET', url: 'http://a', headers: {} }
const step = (expectations: Omit<CheckStep, 'action'>): CheckStep => ({
  action: http,
  ...expectations,
})

test.each<[Omit<CheckStep, 'action'>, Got]>([
  [{}, response('', 204)],
  [{ status: [404, 410] }, response('gone', 410)],
  [{ contains: 'order {{id}}' }, response('this is order 7.')],
  [{ matches: '^total: \\d+$' }, response('a\ntotal: 12\nb')],
  [{ matches: '^{{name}}$' }, response('a.b')],
  [{ json: { '/a/0/b': 1, '/c': null } }, response('{"a":[{"b":1}],"c":null}')],
  [{ json: { '': [1, 2] } }, output('[1,2]\n')],
  [
    { json: { '/id': '{{id}}', '/o': { x: [1], y: {} } } },
    response('{"o":{"y":{},"x":[1]},"id":7}'),
  ],
  [{ exitCode: 3 }, output('', 3)],
  [{ capture: { now: { regex: '\\d+' } }, greater: { now: '{{before}}' } }, response('count 11')],
  [{ capture: { now: { json: '' } }, greater: { now: 0.5 } }, response('1')],
  [{}, { kind: 'there' }],
])('%j holds for %j', (expected, got) => {
  expect(judge(step(expected), got, lookup)).toHaveProperty('captured')
})

test.each<[Omit<CheckStep, 'action'>, Got, string]>([
  [{}, response('down', 503), 'status 503 instead of 2xx'],
  [{ status: [201, 202] }, response('', 200), 'status 200 instead of 201 or 202'],
  [{}, output('', 1, 'no such key'), 'exit code 1 instead of 0'],
  [{ contains: 'x{{id}}' }, response('x8'), 'the response does not contain "x7"'],
  [{ contains: 'PONG' }, output('PING'), 'the output does not contain "PONG"'],
  [{ matches: '^{{name}}$' }, response('axb'), 'the response does not match ^a\\.b$'],
  [{ json: { '/a': 1 } }, response('<html>'), 'the response is not JSON'],
  [{ json: { '/a': 1 } }, response('{"a":"1"}'), '/a is "1" instead of 1'],
  [{ json: { '/a': 1 } }, response('[]'), '/a is missing instead of 1'],
  [{ json: { '/constructor': 1 } }, response('{}'), '/constructor is missing instead of 1'],
  [{ capture: { id: { json: '/id' } } }, response('{}'), 'the response has no value at /id for id'],
  [{ capture: { to: { header: 'Location' } } }, response(''), 'has no header Location for to'],
  [{ capture: { n: { regex: 'n=(\\d*)?' } } }, response('x'), 'has no match of n=(\\d*)? for n'],
  [
    { capture: { now: { regex: '\\d+' } }, greater: { now: '{{before}}' } },
    response('9'),
    'now is "9", which is not greater than "10"',
  ],
  [
    { capture: { now: { regex: '.+' } }, greater: { now: 0 } },
    response('many'),
    'now is "many", which is not greater than 0',
  ],
  [{}, { kind: 'nothing', message: 'connection refused' }, 'connection refused'],
])('%j does not hold for %j', (expected, got, message) => {
  const judged = judge(step(expected), got, lookup)
  expect('wrong' in judged && judged.wrong).toContain(message)
})

test('values are captured from JSON, headers in any case, and groups', () => {
  const judged = judge(
    step({
      capture: {
        id: { json: '/id' },
        to: { header: 'Location' },
        token: { regex: 'token=(\\w+)' },
        whole: { regex: 'token=\\w+' },
      },
    }),
    response('{"id":12,"a":"token=abc"}', 200, [['location', '/orders/12']]),
    lookup,
  )
  expect('captured' in judged && Object.fromEntries(judged.captured)).toEqual({
    id: 12,
    to: '/orders/12',
    token: 'abc',
    whole: 'token=abc',
  })
})

test('a regular expression that would not end is given up', () => {
  const hostile = response(`${'a'.repeat(60)}!`)
  expect(() => judge(step({ matches: '^(a+)+$' }), hostile, lookup)).toThrow(PatternTooSlow)
})
