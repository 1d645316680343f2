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
  ['quay.io/keycloak/keycloak:26.0', 'keycloak', 1000, 0],
  ['hashicorp/vault:1.17', 'vault', 100, 1000],
  ['adminer:5', 'adminer', 100, 101],
  ['haproxy:3.0', 'haproxy', 99, 99],
  ['neo4j:5.20', 'neo4j', 7474, 7474],
  ['ghost:5', 'node', 1000, 1000],
  ['dpage/pgadmin4', 'pgadmin', 5050, 0],
])('%s: %s is user %i of group %i', (image, user, uid, gid) => {
  expect(wellKnownFacts(image)?.accounts?.users[user]).toEqual({ uid, gid })
})

test.each([
  ['postgres:17', '/var/lib/postgresql/data'],
  ['postgres:18', '/var/lib/postgresql'],
  ['postgres:latest', '/var/lib/postgresql'],
  ['influxdb:2.7', '/etc/influxdb2'],
  ['influxdb:1.8', '/var/lib/influxdb'],
  ['caddy:2.4-alpine', '/config'],
  ['gitea/gitea:1.22', '/data'],
  ['gitea/gitea:1.22-rootless', '/etc/gitea'],
  ['minio/minio:RELEASE.2024-01-01T00-00-00Z', '/data'],
  ['portainer/portainer-ce', '/data'],
  ['registry:2', '/var/lib/registry'],
  ['consul:1.15', '/consul/data'],
  ['ghost:5', '/var/lib/ghost/content'],
])('%s has a volume at %s', (image, volume) => {
  expect(wellKnownFacts(image)?.volumes?.[0]).toBe(volume)
})

test.each([
  'bitnami/postgresql:16',
  'registry.example.com/postgres:16',
  `postgres@sha256:${'0'.repeat(64)}`,
  'caddy:2.8',
  'haproxy:2.3',
  'registry:3',
  'Not Valid',
  'constructor',
])('nothing is known of %s', (image) => {
  expect(wellKnownFacts(image)).toBeUndefined()
})
