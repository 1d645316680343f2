import { expect, test } from 'vitest'
import type { ImageFacts } from '../facts.ts'
import {
  type BuildOptions,
  baseImageOf,
  dockerfileFacts,
  parseDockerfile,
  pulledImages,
} from '../index.ts'

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

const written = (text: string) =>
  parseDockerfile(text).instructions.map(({ line, name, text }) => `${line} ${name} ${text}`)

test('an instruction has the line that it begins on, the first is 1', () => {
  expect(written('\n# comment\nFROM a\n\nRUN x \\\n  # between\n\n  && y\nCMD z \\')).toEqual([
    '3 FROM a',
    '5 RUN x   && y',
    '9 CMD z',
  ])
})

test('an escape mark that is itself escaped does not continue the line', () => {
  expect(written('FROM a\nRUN dir c:\\\\\nUSER b')).toEqual([
    '1 FROM a',
    '2 RUN dir c:\\\\',
    '3 USER b',
  ])
})

test('the escape directive counts only before anything else', () => {
  expect(written('FROM a\n# escape=`\nRUN a \\\n b')).toEqual(['1 FROM a', '3 RUN a  b'])
  expect(written('# syntax=x\n# escape=`\nFROM a\nRUN dir c:\\')).toEqual([
    '3 FROM a',
    '4 RUN dir c:\\',
  ])
})

test.each([
  ['RUN <<EOF\nFROM users\n# comment\nEXPOSE 1 \\\nEOF', ['1 RUN <<EOF']],
  ['RUN <<-"E O F" cat\nFROM users\n\tE O F', ['1 RUN <<-"E O F" cat']],
  ['COPY <<a <<b /etc/\nFROM x\na\nFROM y\nb', ['1 COPY <<a <<b /etc/']],
  ["RUN sh <<'a.sql' 3<<b.txt\nb.txt\nFROM x\na.sql\nb.txt", ["1 RUN sh <<'a.sql' 3<<b.txt"]],
  ['RUN --mount=type=cache,target=/x <<EOF\nFROM x\nEOF', ['1 RUN <<EOF']],
  ['ONBUILD RUN <<EOF\nFROM x\nEOF', ['1 ONBUILD RUN <<EOF']],
  ['RUN cat \\\n  <<EOF\nFROM x\nEOF', ['1 RUN cat   <<EOF']],
  ['run <<EOF\nFROM x\nEOF', ['1 RUN <<EOF']],
  ['RUN << EOF\nFROM x\nEOF', ['1 RUN << EOF']],
  ['RUN [a <<EOF\nFROM x\nEOF', ['1 RUN [a <<EOF']],
])('the text of a heredoc is no instruction: %j', (text, expected) => {
  expect(written(`${text}\nUSER next`)).toEqual([
    ...expected,
    `${text.split('\n').length + 1} USER next`,
  ])
})

test.each([
  'RUN cat <<<EOF',
  "RUN it's <<EOF",
  'RUN <<- EOF',
  'RUN echo "a <<EOF"',
  "RUN echo 'a <<EOF'",
  'RUN echo a<<EOF',
  'RUN ["sh", "-c", "cat <<EOF"]',
  'ENV A=<<EOF',
])('what only looks like a heredoc takes nothing away: %j', (text) => {
  expect(written(`${text}\nUSER b\nEOF`)[1]).toBe('2 USER b')
})

test('a heredoc that does not end takes nothing away', () => {
  expect(written('RUN cat <<EOF\nUSER b')).toEqual(['1 RUN cat <<EOF', '2 USER b'])
})

const pulled = (text: string, options: BuildOptions = {}) =>
  pulledImages(parseDockerfile(text), options).map(({ image, line }) => `${line} ${image}`)

test('a build pulls what it starts from, copies from and mounts, but not its own stages', () => {
  const text = `# syntax=docker/dockerfile:1
ARG NODE=18
ARG VARIANT
FROM --platform=linux/amd64 node:\${NODE}-\${VARIANT:-slim} AS Build
RUN echo one
FROM build as test
FROM nginx
COPY --from=build --chown=1:1 /a /a
COPY --from=busybox:1.35 /bin/busybox /bin/busybox
RUN --mount=type=cache,target=/c --mount=type=bind,from=redis:7,target=/r ls /r
COPY --from=0 /b /b
COPY --from=7 /b /b
COPY x from=y ./
FROM scratch
COPY --from=Test /a /a
FROM nginx`
  expect(pulled(text)).toEqual([
    '4 node:18-slim',
    '7 nginx',
    '9 busybox:1.35',
    '10 redis:7',
    '12 7',
  ])
  expect(pulled(text, { args: { NODE: '20', VARIANT: 'alpine' } })[0]).toBe('4 node:20-alpine')
})

test('words of a query in a heredoc are no images', () => {
  const text = `FROM postgres:16
RUN <<EOF psql
SELECT *
FROM users
COPY --from=orders x y
EOF
COPY <<query.sql /docker-entrypoint-initdb.d/
FROM accounts
query.sql`
  expect(pulled(text)).toEqual(['1 postgres:16'])
  expect(baseImageOf(parseDockerfile(text), {})).toBe('postgres:16')
})

test('a copy takes arguments of its stage, a start those before the first stage', () => {
  const text = `ARG TAG=1
ARG OTHER=2
FROM a:$TAG
ARG OTHER
COPY --from=b:$TAG-$OTHER /x /x`
  expect(pulled(text)).toEqual(['3 a:1', '5 b:-2'])
})

test('a stage is chosen by the platform that is built for', () => {
  const text = `FROM a AS base-amd64
FROM b AS base-arm64
FROM base-$TARGETARCH
ARG TARGETVARIANT
ENV VARIANT=$TARGETVARIANT`
  expect(pulled(text)).toEqual(['1 a', '2 b'])
  expect(baseImageOf(parseDockerfile(text), {})).toBe('a')
  const arm = { platform: 'linux/arm64/v8' }
  expect(baseImageOf(parseDockerfile(text), arm)).toBe('b')
  expect(facts(text, arm).environment).toEqual({ VARIANT: 'v8' })
})
