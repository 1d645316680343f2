/** What commands print for programs: a schema for each line, from which its type is derived. */
import type { TSchema } from 'typebox'
import { requiredLine, writtenLine } from './convert.ts'
import { diffLine } from './diff.ts'
import { historyLine } from './history.ts'
import { ledgerFile } from './ledger.ts'
import { lockLine } from './lock.ts'
import { logLine } from './logs.ts'
import { planLine } from './plan.ts'
import { checkedLine, diagnosticLine, dropLine, errorLine } from './problems.ts'
import { refusedLine, scaledLine } from './scale.ts'
import { statusLine } from './status.ts'
import {
  applyLine,
  backLine,
  completedLine,
  copyLine,
  failedLine,
  keptLine,
  noteLine,
  operationsLine,
  progressLine,
  readyLine,
  verdictLine,
  waitLine,
} from './up.ts'

/** The lines that each command with `--output json` can print, in the order in which they can come. */
export const outputs = {
  check: [diagnosticLine, dropLine, checkedLine, errorLine],
  convert: [diagnosticLine, dropLine, requiredLine, writtenLine, errorLine],
  diff: [diagnosticLine, dropLine, diffLine, errorLine],
  history: [diagnosticLine, historyLine, errorLine],
  lock: [diagnosticLine, lockLine, errorLine],
  logs: [diagnosticLine, logLine, errorLine],
  plan: [diagnosticLine, dropLine, planLine, errorLine],
  rollback: [
    diagnosticLine,
    operationsLine,
    applyLine,
    waitLine,
    readyLine,
    failedLine,
    completedLine,
    keptLine,
    verdictLine,
    errorLine,
  ],
  scale: [
    diagnosticLine,
    refusedLine,
    operationsLine,
    applyLine,
    waitLine,
    readyLine,
    failedLine,
    completedLine,
    keptLine,
    scaledLine,
    verdictLine,
    errorLine,
  ],
  status: [diagnosticLine, statusLine, errorLine],
  up: [
    diagnosticLine,
    dropLine,
    progressLine,
    noteLine,
    operationsLine,
    applyLine,
    waitLine,
    readyLine,
    failedLine,
    completedLine,
    copyLine,
    keptLine,
    backLine,
    verdictLine,
    errorLine,
  ],
} as const satisfies Readonly<Record<string, readonly TSchema[]>>

/** Files that are not lines of output. */
export const files = { ledger: ledgerFile } as const
