import { parseDockerfile } from '@landfall/image'
import { expect, test } from 'vitest'
import { readFailure } from './failure.ts'

const { instructions } = parseDockerfile(
  'FROM node:18\nCOPY a ./\n\nRUN npm ci \\\n  && exit 3\nFOO bar\n',
)

test('a failing RUN is told with its line and what it said', () => {
  const said = `STEP 1/3: FROM node:18
Trying to pull docker.io/library/node:18...
STEP 3/3: RUN npm ci   && exit 3
npm error code ENOENT
subprocess exited with status 3
Error: building at STEP "RUN npm ci   && exit 3": while running runtime: exit status 3
`
  expect(readFailure(said, instructions)).toEqual({
    message: 'RUN npm ci && exit 3 failed: exit status 3',
    line: 4,
    output: ['npm error code ENOENT'],
  })
})

test('a reason with quotes and colons of its own is kept whole', () => {
  const said = `[2/2] STEP 3/4: COPY a ./
Error: building at STEP "COPY a ./": checking on sources under "/ctx": copier: stat: "/a": no such file or directory
`
  expect(readFailure(said, instructions)).toEqual({
    message:
      'COPY a ./ failed: checking on sources under "/ctx": copier: stat: "/a": no such file or directory',
    line: 2,
    output: [],
  })
})

test("buildah's own data structures are not for people", () => {
  const said = `STEP 2/3: FOO bar
Error: building at STEP "FOO ": Build error: Unknown instruction: "FOO" &imagebuilder.Step{Env:[]string{"A=b"}}
`
  expect(readFailure(said, instructions)).toEqual({
    message: 'FOO bar failed: Build error: Unknown instruction: "FOO"',
    line: 6,
    output: [],
  })
})

test("Docker's position is read", () => {
  const said =
    'Dockerfile:6\nERROR: failed to solve: dockerfile parse error on line 6: unknown instruction: FOO\n'
  expect(readFailure(said, instructions)).toMatchObject({ line: 6 })
})
