import { expect, test } from 'vitest'
import { factsOfConfig } from './facts.ts'

test('every part of a configuration has its fact, sorted where order means nothing', () => {
  const facts = factsOfConfig({
    os: 'linux',
    architecture: 'arm64',
    variant: 'v8',
    config: {
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['redis-server'],
      Env: ['PATH=/bin', 'OPTIONS=--a=b', 'BARE'],
      ExposedPorts: { '6380-6381/UDP': {}, '443': {}, '10000-20000/udp': {}, '6379/tcp': {} },
      User: 'redis',
      Volumes: { '/z': {}, '/data': {} },
      WorkingDir: '/data',
      StopSignal: 'SIGQUIT',
      Labels: { 'a.b': 'c' },
      Shell: ['/bin/bash', '-c'],
      Healthcheck: {
        Test: ['CMD-SHELL', 'true'],
        Interval: 1_500_000_000,
        Timeout: 0,
        StartPeriod: 60_000_000_000,
        Retries: 5,
      },
    },
  })
  expect(facts).toEqual({
    platform: 'linux/arm64/v8',
    entrypoint: ['docker-entrypoint.sh'],
    command: ['redis-server'],
    environment: { PATH: '/bin', OPTIONS: '--a=b', BARE: '' },
    ports: ['443/tcp', '6379/tcp', '6380/udp', '6381/udp', '10000-20000/udp'],
    user: 'redis',
    volumes: ['/data', '/z'],
    workingDirectory: '/data',
    stopSignal: 'SIGQUIT',
    labels: { 'a.b': 'c' },
    shell: ['/bin/bash', '-c'],
    healthcheck: {
      test: ['CMD-SHELL', 'true'],
      interval: '1.5s',
      start_period: '60s',
      retries: 5,
    },
  })
})

test.each([
  null,
  7,
  {},
  { config: null },
  { config: { Env: 'x', Cmd: [1], Volumes: [], User: '' } },
])('a configuration of %j tells nothing', (config) => {
  expect(factsOfConfig(config)).toEqual({})
})
