import { expect, test } from 'vitest'
import { foldEvents, type ReleaseEvent } from './events.ts'

function event(
  object: string,
  message: string,
  last: string,
  more: Partial<ReleaseEvent> = {},
): ReleaseEvent {
  const time = `2026-01-01T00:00:${last}Z`
  return {
    ...{ service: 'web', object, type: 'Warning', reason: 'BackOff', message },
    ...{ count: 1, first: time, last: time },
    ...more,
  }
}

test('the same of two pods is one event, with all its times; the newest is last', () => {
  const folded = foldEvents([
    event(
      'pod/web-5d8f-bbbbb',
      'Back-off restarting failed container web in pod web-5d8f-bbbbb',
      '09',
      { count: 3 },
    ),
    event(
      'pod/web-5d8f-aaaaa',
      'Back-off restarting failed container web in pod web-5d8f-aaaaa',
      '03',
      { count: 2 },
    ),
    event('pod/web-5d8f-aaaaa', 'Readiness probe failed: dial tcp 10.0.0.7:80', '05', {
      reason: 'Unhealthy',
    }),
    event('pod/db-1', 'Back-off restarting failed container', '04', { service: 'db' }),
  ])
  expect(
    folded.map(({ service, reason, count, first, last }) => [
      service,
      reason,
      count,
      first.slice(17, 19),
      last.slice(17, 19),
    ]),
  ).toEqual([
    ['db', 'BackOff', 1, '04', '04'],
    ['web', 'Unhealthy', 1, '05', '05'],
    ['web', 'BackOff', 5, '03', '09'],
  ])
  expect(folded.at(-1)?.object).toBe('pod/web-5d8f-bbbbb')
})
