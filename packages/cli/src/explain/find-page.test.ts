import { readdirSync, readFileSync } from 'node:fs'
import { repository } from '@landfall/testkit'
import { expect, test } from 'vitest'
import { findPages, listPages } from './find-page.ts'

const pages = listPages()

/** What the sources of a package's folder say, without its tests. */
function sourcesOf(folder: string): string {
  const root = `${repository}packages/${folder}`
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.test)\.ts$/.test(file))
    .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
    .join('\n')
}

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, word = '']) => word))]
}

function unexplained(words: readonly string[]): string[] {
  return words.filter((word) => findPages(word, pages).length === 0)
}

test('every code of a diagnostic and of the ledger has a page', () => {
  const codes = ['compose', 'convert', 'image', 'cli'].flatMap((name) =>
    found(sourcesOf(`${name}/src`), /\bcode: '([a-z0-9./-]+)'/g),
  )
  expect(codes.length).toBeGreaterThan(40)
  expect(unexplained(codes)).toEqual([])
})

test('every outcome of the ledger has a page', () => {
  const line = /outcome: ('kept'(?: \| '[a-z]+')*)/.exec(sourcesOf('convert/src'))?.[1] ?? ''
  const outcomes = found(line, /'([a-z]+)'/g)
  expect(outcomes).toContain('refused')
  expect(unexplained(outcomes)).toEqual([])
})

test('every reason of a verdict has a page', () => {
  const rules = sourcesOf('deploy/src/failures')
  const reasons = [
    ...found(rules, /reason: '([^']+)'/g),
    ...found(rules, /^ {2}'?([A-Z]\w+)'?[,:]/gm),
    ...found(sourcesOf('deploy/src'), /\?\? '(not ready|refused)'/g),
  ]
  expect(reasons).toEqual(
    expect.arrayContaining(['Unschedulable', 'ImagePullBackOff', 'InvalidImageName', 'not ready']),
  )
  expect(unexplained(reasons)).toEqual([])
})

test('every verb of an event and every exit code has a page', () => {
  const verbs = /export type Verb = (.*)/.exec(sourcesOf('deploy/src'))?.[1] ?? ''
  const exits = /export const EXIT = (.*)/.exec(sourcesOf('cli/src'))?.[1] ?? ''
  const words = [
    ...found(verbs, /'(\w+)'/g),
    ...found(exits, /: (\d+)/g).map((code) => `exit code ${code}`),
  ]
  expect(words).toEqual(expect.arrayContaining(['replace', 'exit code 3']))
  expect(unexplained(words)).toEqual([])
})

test('what is printed around a name does not matter', () => {
  const titleOf = (word: string) => findPages(word, pages).map(({ names }) => names[0])
  expect(titleOf('[convert/impossible-wait]')).toEqual(['convert/impossible-wait'])
  expect(titleOf('impossible-wait')).toEqual(['convert/impossible-wait'])
  expect(titleOf('unknown-key')).toEqual(['compose/unknown-key', 'convert/unknown-key'])
  expect(titleOf('exited with code 137')).toEqual(['exited with code N'])
  expect(titleOf('waiting for job/migrate: not complete')).toEqual(['waiting for'])
  expect(titleOf('nothing of ours')).toEqual([])
})

test('a page shows the whole text of what documents it', () => {
  const [gates] = findPages('gates', pages)
  expect(gates?.text()).toBe(
    readFileSync(`${repository}packages/convert/src/adaptations/gates/README.md`, 'utf8'),
  )
  expect(findPages('Unschedulable', pages)[0]?.text()).toMatch(/^# Unschedulable\n\nNo node takes/)
})
