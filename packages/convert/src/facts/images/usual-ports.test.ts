import { expect, test } from 'vitest'
import { usualPorts } from './usual-ports.ts'

test.each([
  ['redis', ['6379']],
  ['redis:7-alpine', ['6379']],
  ['docker.io/library/postgres:15', ['5432']],
  [`registry:5000/bitnami/redis@sha256:${'0'.repeat(64)}`, ['6379']],
  ['my/redis-exporter:1', []],
  ['registry:5000/app', []],
])('%s', (image, ports) => {
  expect(usualPorts(image)).toEqual(ports)
})
