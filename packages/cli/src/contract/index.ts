/** What commands print for programs: a schema for each line, from which its type is derived. */
import type { TSchema } from 'typebox'
import { testedLine } from './checks.ts'
import { requiredLine, writtenLine } from './convert.ts'
import { eventLine } from './day/events.ts'
import { logLine } from './day/logs.ts'
import { statusLine } from './day/status.ts'
import { usageLine } from './day/top.ts'
import { diffLine } from './diff.ts'
import { historyLine } from './history.ts'
import { ledgerFile } from './ledger.ts'
import { lockLine } from './lock.ts'
import { planLine } from './plan.ts'
import { checkedLine, diagnosticLine, dropLine, errorLine } from './problems.ts'
import { refusedLine, scaledLine } from './scale.ts'
import { siteLine, siteStatusLine, sitesLine } from './sites.ts'
import { tarballLine } from './tarball.ts'
import {
  addedLine,
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
  check: [tarballLine, diagnosticLine, dropLine, checkedLine, errorLine],
  convert: [diagnosticLine, dropLine, requiredLine, writtenLine, errorLine],
  diff: [diagnosticLine, dropLine, diffLine, errorLine],
  events: [diagnosticLine, eventLine, errorLine],
  history: [diagnosticLine, historyLine, errorLine],
  lock: [diagnosticLine, lockLine, errorLine],
  logs: [diagnosticLine, logLine, errorLine],
  plan: [diagnosticLine, dropLine, planLine, errorLine],
  restart: [diagnosticLine, applyLine, waitLine, readyLine, failedLine, verdictLine, errorLine],
  rollback: [
    diagnosticLine,
    operationsLine,
    applyLine,
    waitLine,
    readyLine,
    failedLine,
    completedLine,
    addedLine,
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
    addedLine,
    keptLine,
    scaledLine,
    verdictLine,
    errorLine,
  ],
  status: [diagnosticLine, statusLine, siteStatusLine, errorLine],
  test: [diagnosticLine, waitLine, readyLine, testedLine, errorLine],
  top: [diagnosticLine, usageLine, errorLine],
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
    addedLine,
    keptLine,
    backLine,
    verdictLine,
    errorLine,
    siteLine,
    sitesLine,
  ],
  wait: [diagnosticLine, waitLine, readyLine, failedLine, verdictLine, errorLine],
} as const satisfies Readonly<Record<string, readonly TSchema[]>>

/** Files that are not lines of output. */
export const files = { ledger: ledgerFile } as const
