import { expect, test } from 'vitest'
import { wellKnownFacts } from './well-known.ts'

test.each([
  ['postgres', 'postgres', 999, 999],
  ['postgres:16-alpine3.22', 'postgres', 70, 70],
  ['docker.io/library/redis:7', 'redis', 999, 999],
  ['redis:7.2-alpine', 'redis', 999, 1000],
  ['rabbitmq:4-management-alpine', 'rabbitmq', 100, 101],
  ['grafana/grafana:11.1.0', 'grafana', 472, 0],
  ['grafana/grafana:7.2.1', 'grafana', 472, 472],
  ['docker.elastic.co/elasticsearch/elasticsearch:8.14.0', 'elasticsearch', 1000, 1000],
  ['php:8.3-fpm', 'www-data', 33, 33],
  ['php:8.3-fpm-alpine', 'www-data', 82, 82],
  ['prom/prometheus:v2.53.0', 'nobody', 65534, 65534],
])('%s: %s is user %i of group %i', (image, user, uid, gid) => {
  expect(wellKnownFacts(image)?.accounts?.users[user]).toEqual({ uid, gid })
})

test.each([
  ['postgres:17', '/var/lib/postgresql/data'],
  ['postgres:18', '/var/lib/postgresql'],
  ['postgres:latest', '/var/lib/postgresql'],
  ['influxdb:2.7', '/etc/influxdb2'],
  ['influxdb:1.8', '/var/lib/influxdb'],
])('%s has a volume at %s', (image, volume) => {
  expect(wellKnownFacts(image)?.volumes?.[0]).toBe(volume)
})

test.each([
  'bitnami/postgresql:16',
  'registry.example.com/postgres:16',
  `postgres@sha256:${'0'.repeat(64)}`,
  'Not Valid',
  'constructor',
])('nothing is known of %s', (image) => {
  expect(wellKnownFacts(image)).toBeUndefined()
})
