import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LoadInput, loadProject } from './index.ts'
import { nodeFiles } from './node-files.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-streams-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function load(compose: string, input: Partial<LoadInput> = {}) {
  writeFileSync(join(directory, 'compose.yaml'), compose)
  writeFileSync(join(directory, 'part.yaml'), `services: { part: { image: "i:\${TAG:-none}" } }\n`)
  const loaded = loadProject({
    files: nodeFiles(),
    workingDirectory: directory,
    environment: {},
    ...input,
  })
  const problems = loaded.diagnostics.filter(({ severity }) => severity === 'error')
  return { services: loaded.project?.services, problems: problems.map(({ message }) => message) }
}

/** A FIFO of the directory that another process writes to as soon as it is opened for reading. */
function fifo(text: string): string {
  const path = join(directory, 'fifo')
  execFileSync('sh', ['-c', `mkfifo '${path}'`])
  spawn('sh', ['-c', `printf '%s' "${text}" > '${path}'`], { stdio: 'ignore' })
  return path
}

test('/dev/null is an empty env file, include env file and Compose file', () => {
  const { services, problems } = load(
    `include: [{ path: part.yaml, env_file: /dev/null }]
services: { web: { image: "i:\${TAG-}", env_file: /dev/null, label_file: /dev/null } }
`,
    { envFiles: ['/dev/null'] },
  )
  expect(problems).toEqual([])
  expect(services?.part?.image).toBe('i:none')
  expect(services?.web?.environment).toBeUndefined()
  expect(load('', { configFiles: ['/dev/null'] }).problems).toEqual(['the Compose files are empty'])
})

test('a FIFO is read to its end, once', () => {
  const path = fifo('TAG=2')
  const { services, problems } = load(
    `services:
  web: { image: i, env_file: ./fifo }
  api: { image: "i:\${TAG}", env_file: ./fifo }
`,
    { envFiles: [path] },
  )
  expect(problems).toEqual([])
  expect(services?.web?.environment).toEqual({ TAG: '2' })
  expect(services?.api?.image).toBe('i:2')
})

test('a file that is open already is read by its number', () => {
  const path = join(directory, 'tag.env')
  writeFileSync(path, 'TAG=3\n')
  const open = openSync(path, 'r')
  const compose = `include: [{ path: part.yaml, env_file: /dev/fd/${open} }]\n`
  expect(load(compose).services?.part?.image).toBe('i:3')
})

test('what has no end is a problem, and so is a directory', () => {
  const endless = load('services: { web: { image: i, env_file: /dev/zero } }\n')
  expect(endless.problems).toEqual(['/dev/zero is a device and cannot be read to its end'])
  const folder = load('services: { web: { image: i, env_file: /tmp } }\n')
  expect(folder.problems).toEqual(['/tmp is a directory'])
})
