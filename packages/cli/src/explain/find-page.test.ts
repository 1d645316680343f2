import { readFileSync } from 'node:fs'
import { composeCodes } from '@landfall/compose'
import { containerizeCodes } from '@landfall/containerize'
import {
  convertCodes,
  type LedgerEntry,
  listAdaptations,
  listCauses,
  listReasons,
} from '@landfall/convert'
import { listExplanations } from '@landfall/deploy'
import { imageCodes } from '@landfall/image'
import { repository } from '@landfall/testkit'
import { expect, test } from 'vitest'
import { cliCodes } from '../codes.ts'
import { EXIT } from '../terminal.ts'
import { findPages, listPages } from './find-page.ts'

const pages = listPages()

/** All members of a union of texts: the compiler refuses a table that lacks one. */
function membersOf<Word extends string>(table: Readonly<Record<Word, true>>): string[] {
  return Object.keys(table)
}

const outcomes = membersOf<LedgerEntry['outcome']>({
  kept: true,
  adapted: true,
  ignored: true,
  dropped: true,
  refused: true,
})

// The types of the packages allow no code outside of these tables.
test.each([
  [
    'diagnostic',
    Object.keys({
      ...composeCodes,
      ...containerizeCodes,
      ...convertCodes,
      ...imageCodes,
      ...cliCodes,
    }),
  ],
  ['adaptation', listAdaptations().map(({ id }) => id)],
  ['outcome of the ledger', outcomes],
  ['ledger entry', listReasons().map(({ code }) => code)],
  ['cause in the plan', listCauses().map(({ code }) => code)],
  ['event or verdict', listExplanations().flatMap(({ names }) => names)],
  ['exit code', Object.values(EXIT).map((code) => `exit code ${code}`)],
])('every %s has a page', (_, words) => {
  expect(words.length).toBeGreaterThan(2)
  expect(words.filter((word) => findPages(word, pages).length === 0)).toEqual([])
})

test('a code has one meaning', () => {
  const codes = [...listReasons(), ...listCauses()].map(({ code }) => code)
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
})

test('what is printed around a name does not matter', () => {
  const titleOf = (word: string) => findPages(word, pages).map(({ names }) => names[0])
  expect(titleOf('[convert/impossible-wait]')).toEqual(['convert/impossible-wait'])
  expect(titleOf('impossible-wait')).toEqual(['convert/impossible-wait'])
  expect(titleOf('unknown-key')).toEqual(['compose/unknown-key', 'convert/unknown-key'])
  expect(titleOf('exited with code 137')).toEqual(['deploy/program-killed'])
  expect(titleOf('exited with code 1')).toEqual([
    'deploy/command-not-found',
    'deploy/crash-loop',
    'deploy/job-failed',
  ])
  expect(titleOf('not ready after 90 s')).toEqual(['deploy/not-ready'])
  expect(titleOf('waiting for job/migrate: not complete')).toEqual(['waiting for'])
  expect(titleOf('rollout/stops-first')).toEqual(['rollout'])
  expect(titleOf('not-converted/ulimits')).toEqual(['not-converted'])
  expect(titleOf('rollout/unheard-of')).toEqual([])
  expect(titleOf('nothing of ours')).toEqual([])
})

test('a page shows the whole text of what documents it', () => {
  const [gates] = findPages('gates', pages)
  expect(gates?.text()).toBe(
    readFileSync(`${repository}packages/convert/src/adaptations/gates/README.md`, 'utf8'),
  )
  expect(findPages('ProvisioningFailed', pages)[0]?.text()).toMatch(
    /^# deploy\/provisioning-failed, ProvisioningFailed\n\nThe StorageClass cannot/,
  )
})
