import { expect, test } from 'vitest'
import { usualPorts } from './usual-ports.ts'

test.each([
  ['redis', ['6379']],
  ['redis:7-alpine', ['6379']],
  ['docker.io/library/postgres:15', ['5432']],
  [`registry:5000/bitnami/redis@sha256:${'0'.repeat(64)}`, ['6379']],
  ['wordpress:6-fpm-alpine', ['9000']],
  ['wordpress:6', ['80']],
  ['php:8.3-apache', ['80']],
  ['php:8.3-cli', []],
  ['gitea/gitea:1.22-rootless', ['2222', '3000']],
  ['my/redis-exporter:1', []],
  ['registry:5000/app', []],
])('%s', (image, ports) => {
  expect(usualPorts(image)).toEqual(ports)
})
