import { expect, test } from 'vitest'
import type { ImageFacts } from '../facts.ts'
import { type BuildOptions, baseImageOf, dockerfileFacts, parseDockerfile } from '../index.ts'

const facts = (text: string, options: BuildOptions = {}, base?: ImageFacts) =>
  dockerfileFacts(parseDockerfile(text), options, base)

test('instructions change what the base says', () => {
  const text = `
    # syntax=docker/dockerfile:1
    FROM node:18
    ARG PORT=3000
    ENV HOME_DIR=/srv/app NODE_ENV="production mode" OLD='$PORT'
    ENV LEGACY some $PORT text
    WORKDIR $HOME_DIR
    WORKDIR src
    EXPOSE \${PORT} 5353/udp 8000-8002
    VOLUME ["/data", "/cache"]
    VOLUME /more /data
    STOPSIGNAL SIGINT
    USER node
    LABEL a=b "c.d"="e f"
    HEALTHCHECK --interval=5s --start-period=1m --retries=2 CMD ["node", "check.js"]
    CMD ["node", "server.js"]`
  expect(
    facts(text, {}, { digest: 'sha256:1', user: 'root', environment: { PATH: '/bin' } }),
  ).toEqual({
    environment: {
      PATH: '/bin',
      HOME_DIR: '/srv/app',
      NODE_ENV: 'production mode',
      OLD: '$PORT',
      LEGACY: 'some 3000 text',
    },
    workingDirectory: '/srv/app/src',
    ports: ['3000/tcp', '5353/udp', '8000/tcp', '8001/tcp', '8002/tcp'],
    volumes: ['/cache', '/data', '/more'],
    stopSignal: 'SIGINT',
    user: 'node',
    labels: { a: 'b', 'c.d': 'e f' },
    healthcheck: {
      test: ['CMD', 'node', 'check.js'],
      interval: '5s',
      start_period: '1m',
      retries: 2,
    },
    command: ['node', 'server.js'],
  })
})

test('a stage has what the stage has that it starts from; copies from others bring nothing', () => {
  const text = `
    FROM golang AS build
    EXPOSE 1
    FROM alpine:3 AS base
    EXPOSE 2
    FROM Base
    COPY --from=build /app /app
    EXPOSE 3`
  expect(facts(text).ports).toEqual(['2/tcp', '3/tcp'])
  expect(facts(text, { target: 'build' }).ports).toEqual(['1/tcp'])
  expect(facts(text, { target: '1' }).ports).toEqual(['2/tcp'])
  expect(baseImageOf(parseDockerfile(text), {})).toBe('alpine:3')
  expect(baseImageOf(parseDockerfile(text), { target: 'build' })).toBe('golang')
  expect(baseImageOf(parseDockerfile(text), { target: 'nothing' })).toBeUndefined()
})

test('arguments before FROM choose the base, and reach a stage that asks for them', () => {
  const text = `
    ARG VERSION=18
    ARG FLAVOUR
    FROM --platform=$BUILDPLATFORM node:\${VERSION}\${FLAVOUR:+-$FLAVOUR}
    EXPOSE $VERSION
    ARG VERSION
    EXPOSE $VERSION`
  expect(baseImageOf(parseDockerfile(text), {})).toBe('node:18')
  const options = { args: { VERSION: '20', FLAVOUR: 'slim' } }
  expect(baseImageOf(parseDockerfile(text), options)).toBe('node:20-slim')
  expect(facts(text, options).ports).toEqual(['20/tcp'])
})

test('an argument is hidden by the environment', () => {
  expect(facts('FROM x\nARG P=1\nENV P=2\nEXPOSE $P', { args: { P: '3' } }).ports).toEqual([
    '2/tcp',
  ])
})

test('an entrypoint drops the command of the base, not that of its own stage', () => {
  const base = { entrypoint: ['/old'], command: ['run'] }
  expect(facts('FROM x\nENTRYPOINT ["/new"]', {}, base)).toEqual({ entrypoint: ['/new'] })
  expect(facts('FROM x\nCMD ["go"]\nENTRYPOINT ["/new"]', {}, base)).toEqual({
    entrypoint: ['/new'],
    command: ['go'],
  })
})

test('the shell form runs in the shell that is set at that point', () => {
  expect(facts('FROM x\nCMD go on\nSHELL ["/bin/bash", "-c"]\nENTRYPOINT exec "$0"')).toEqual({
    command: ['/bin/sh', '-c', 'go on'],
    shell: ['/bin/bash', '-c'],
    entrypoint: ['/bin/bash', '-c', 'exec "$0"'],
  })
})

test('HEALTHCHECK NONE switches the check of the base off', () => {
  const base = { healthcheck: { test: ['CMD', 'x'] } }
  expect(facts('FROM x\nHEALTHCHECK NONE', {}, base).healthcheck).toEqual({ test: ['NONE'] })
})

test('continued lines, comments between them, heredocs and another escape mark', () => {
  const text = `# escape=\`
FROM x
RUN <<EOF cat <<-'END'
EXPOSE 1
EOF
EXPOSE 2
	END
EXPOSE 3 \`
  # a comment

  4
HEALTHCHECK CMD curl localhost \`
   | grep x`
  expect(facts(text)).toEqual({
    ports: ['3/tcp', '4/tcp'],
    healthcheck: { test: ['CMD-SHELL', 'curl localhost    | grep x'] },
  })
})

test.each(['', 'FROM', 'EXPOSE 1', 'FROM x\nEXPOSE 1-99999999\nENV\nHEALTHCHECK\nUSER'])(
  'a Dockerfile like %j is no reason to fail',
  (text) => {
    expect(() => facts(text)).not.toThrow()
  },
)

test('variables that grow without end, and stages without end, are cut off', () => {
  const growing = `FROM x\nENV A=aaaa\n${'ENV A=$A$A$A$A\n'.repeat(200)}`
  expect(facts(growing).environment?.A).toMatch(/^a{8190}$/)
  const stages = Array.from({ length: 5000 }, (_, at) => `FROM s${at} AS s${at + 1}`).join('\n')
  expect(baseImageOf(parseDockerfile(stages), {})).toBeUndefined()
})
