import type { Service } from '@landfall/compose'
import { expect, test } from 'vitest'
import type { ServiceConversion } from '../../conversion.ts'
import { isCacheOnly } from './cache-only.ts'

const cacheOnly = (service: string, compose: Service): boolean =>
  isCacheOnly({ service, compose } as ServiceConversion)

test.each<[string, Service]>([
  ['redis-cache', { image: 'redis' }],
  ['redis', { image: 'redis:7', hostname: 'my_cache' }],
  ['cache', { image: 'docker.io/library/redis:7-alpine@sha256:0' }],
  [
    'redis',
    { image: 'redis:7', command: 'redis-server --maxmemory-policy allkeys-lru'.split(' ') },
  ],
  ['redis-db', { image: 'redis:7', command: ['redis-server', '--save', '', '--appendonly', 'no'] }],
  ['redis', { image: 'localhost:5000/valkey:8', command: ['sh', '-c', 'valkey-server --save ""'] }],
  ['memcached', { image: 'memcached:1.6' }],
])('%s %j is a cache', (service, compose) => {
  expect(cacheOnly(service, compose)).toBe(true)
})

test.each<[string, Service]>([
  ['redis', { image: 'redis:7', command: ['redis-server', '--appendonly', 'yes'] }],
  ['redis', { image: 'redis:7', command: ['redis-server', '--save', '60', '1'] }],
  ['redis', { image: 'redis:7', command: ['redis-server', '--save', '', '--appendonly', 'yes'] }],
  ['redis', { image: 'redis:7', command: ['redis-server', '/etc/redis.conf'] }],
  ['redis', { image: 'bitnami/redis:7', environment: { REDIS_AOF_ENABLED: 'yes' } }],
  ['redis', { image: 'redis:7' }],
  ['redis', { image: 'redis:7', command: ['redis-server', '--requirepass', 'x'] }],
  ['redis', { image: 'redis:7', command: ['redis-server', '--maxmemory-policy', 'noeviction'] }],
  ['redis-queue', { image: 'redis:7' }],
  ['app', { image: 'redis:7', hostname: 'session-store' }],
  ['redis', { image: 'redis/redis-stack:7' }],
  ['db', { image: 'postgres:16' }],
])('%s %j keeps state', (service, compose) => {
  expect(cacheOnly(service, compose)).toBe(false)
})
