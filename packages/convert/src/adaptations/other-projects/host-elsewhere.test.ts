import { expect, test } from 'vitest'
import { hostElsewhere } from './host-elsewhere.ts'

test.each([
  ['other_redis_1', [], 'redis.other'],
  ['other-job-queue-2', [], 'job-queue.other'],
  ['my-shop-redis-1', ['my-shop_default'], 'redis.my-shop'],
  ['redis', ['shop_default'], 'redis.shop'],
  ['Data_Base', ['proxy'], 'data-base.proxy'],
  ['redis', [], 'redis.redis'],
])('%s on the networks %j is %s', (container, networks, name) => {
  expect(hostElsewhere(container, networks)).toBe(`${name}.svc.cluster.local`)
})
