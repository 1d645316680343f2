import { expect, test } from 'vitest'
import type { LedgerEntry } from './ledger.ts'
import { countOutcomes, renderLedger } from './render-ledger.ts'

const entry = (
  path: string,
  outcome: LedgerEntry['outcome'],
  more: Partial<LedgerEntry> = {},
): LedgerEntry => ({ code: 'x', path, outcome, reason: `why ${path}`, ...more })

const ledger = [
  entry('/services/a/image', 'kept'),
  entry('/services/a/ports/0', 'adapted'),
  entry('/services/a/pid', 'dropped', { dangerous: true }),
  entry('/services/a/ipc', 'dropped', { dangerous: true, accepted: true }),
  entry('/services/a/models', 'refused'),
  entry('/services/b/image', 'kept'),
]

test('the outcomes are counted in their order, and those that did not happen are left out', () => {
  expect(countOutcomes(ledger)).toBe('2 keys kept, 1 adapted, 2 dropped, 1 refused')
  expect(countOutcomes([entry('/name', 'ignored')])).toBe('1 key ignored')
})

test('what is lost is listed with its reason', () => {
  expect(renderLedger(ledger)).toBe(`keys: 2 kept, 1 adapted, 2 dropped, 1 refused
  dropped, dangerous  services.a.pid     why /services/a/pid
  dropped, accepted   services.a.ipc     why /services/a/ipc
  refused             services.a.models  why /services/a/models
`)
})
