import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadProject } from './index.ts'
import { nodeFiles } from './node-files.ts'

test('a watched path is followed through the first symbolic link, as Docker Compose does', () => {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-links-'))
  mkdirSync(join(directory, 'real/inner'), { recursive: true })
  symlinkSync(join(directory, 'real'), join(directory, 'link'))
  symlinkSync('inner', join(directory, 'real/second'))
  writeFileSync(
    join(directory, 'compose.yaml'),
    `services:
  s:
    image: i
    develop:
      watch:
        - { path: link/second, action: rebuild }
        - { path: real/inner, action: rebuild }
    volumes: ["./link:/link"]
`,
  )
  const { project } = loadProject({
    files: nodeFiles(),
    workingDirectory: directory,
    environment: {},
  })
  rmSync(directory, { recursive: true })
  expect(project?.services.s?.develop).toEqual({
    watch: [
      { path: join(directory, 'real/second'), action: 'rebuild' },
      { path: join(directory, 'real/inner'), action: 'rebuild' },
    ],
  })
  expect(project?.services.s?.volumes?.[0]?.source).toBe(join(directory, 'link'))
})
