import { describe, expect, test } from 'vitest'
import { baseImages, lineOfStep, parseDockerfile } from './dockerfile.ts'

const text = `# syntax=docker/dockerfile:1
ARG NODE=18
ARG VARIANT
FROM --platform=linux/amd64 node:\${NODE}-\${VARIANT:-slim} AS Build
# a comment
RUN echo one \\
  # between
  && echo two \\

  && exit 3
FROM build as test
FROM nginx
COPY --from=build --chown=1:1 /a /a
COPY --from=busybox:1.35 /bin/busybox /bin/busybox
RUN --mount=type=bind,from=redis:7,target=/r ls /r
COPY --from=0 /b /b
COPY x from=y ./
`

describe('a Dockerfile', () => {
  const instructions = parseDockerfile(text)

  test('has instructions with lines, continued ones joined', () => {
    expect(instructions.map(({ keyword, line }) => `${line} ${keyword}`)).toEqual([
      '2 ARG',
      '3 ARG',
      '4 FROM',
      '6 RUN',
      '11 FROM',
      '12 FROM',
      '13 COPY',
      '14 COPY',
      '15 RUN',
      '16 COPY',
      '17 COPY',
    ])
    expect(instructions[3]?.text).toBe('echo one && echo two && exit 3')
  })

  test('builds on images, not on its own stages', () => {
    expect(baseImages(instructions, {})).toEqual([
      { image: 'node:18-slim', line: 4 },
      { image: 'nginx', line: 12 },
      { image: 'busybox:1.35', line: 14 },
      { image: 'redis:7', line: 15 },
    ])
  })

  test('takes build arguments into its first line', () => {
    expect(baseImages(instructions, { NODE: '20', VARIANT: 'alpine' })[0]?.image).toBe(
      'node:20-alpine',
    )
  })

  test("has the line of a builder's step", () => {
    expect(lineOfStep(instructions, 'RUN echo one   && echo two   && exit 3')).toBe(6)
    expect(lineOfStep(instructions, 'RUN something else')).toBeUndefined()
  })
})

test('the escape directive changes what continues a line', () => {
  const windows = parseDockerfile('# escape=`\nFROM a\nRUN dir `\n  c:\\\nCMD x\n')
  expect(windows.map(({ keyword, text: words }) => `${keyword} ${words}`)).toEqual([
    'FROM a',
    'RUN dir c:\\',
    'CMD x',
  ])
})

test('scratch is no image', () => {
  expect(baseImages(parseDockerfile('FROM scratch\nCOPY a /a\n'), {})).toEqual([])
})
