import { expect, test } from 'vitest'
import { copiedFiles, parseDockerfile } from '../index.ts'

test.each([
  ['COPY . .', '.env', true],
  ['COPY . .', 'deep/.ssh/id_rsa', true],
  ['ADD ./ /app/', '.env', true],
  ['COPY ["." , "/app"]', '.env', true],
  ['COPY package.json /app/', '.env', false],
  ['COPY .env* /app/', '.env.local', true],
  ['COPY src /app', 'src/.env', true],
  ['COPY src /app', 'srcs/.env', false],
  ['COPY */config /app', 'a/config/key.pem', true],
  ['COPY [a-c]* /app/', 'd/x', false],
  ['COPY --exclude=.env --exclude=*.pem . /app', '.env', false],
  ['COPY --exclude=.env . /app', 'key.pem', true],
  ['RUN cp .env /app', '.env', false],
  ['COPY (x /app', '(x', true],
])('%s: %s is in the image: %s', (line, path, isIn) => {
  expect(copiedFiles(parseDockerfile(`FROM a\nWORKDIR /srv\n${line}\n`), {})(path)).toBe(isIn)
})

const stages = `
FROM node AS build
WORKDIR /src
COPY . .
FROM build AS same
FROM nginx AS part
COPY --from=build /src/dist /srv
FROM nginx AS whole
COPY --from=0 /src /srv
FROM nginx AS other
COPY --from=lib . /lib
FROM nginx AS circle
COPY --from=circle /a /b
`

test.each([
  ['build', '.env', '', true],
  ['same', '.env', '', true],
  ['part', '.env', '', false],
  ['part', 'dist/.env', '', true],
  ['whole', '.env', '', true],
  ['other', '.env', '', false],
  ['other', '.env', 'lib', true],
  ['circle', '.env', '', false],
  ['none', '.env', '', false],
])('stage %s has %s of the context "%s": %s', (target, path, context, isIn) => {
  expect(copiedFiles(parseDockerfile(stages), { target })(path, context)).toBe(isIn)
})
