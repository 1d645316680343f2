import type { DeployEvent } from '@landfall/deploy'
import { visible } from '@landfall/diagnostic'
import type { ProgressEvent } from '@landfall/local-cluster'
import type { Colour } from '../colour.ts'
import {
  copyNote,
  duration,
  isWaitedFor,
  isWorkload,
  oneLine,
  readyAfter,
  workloadName,
} from './words.ts'

/** What the live region of a terminal shows. */
export interface Region {
  /** Steps under way, in the order in which they began; times on the terminal's clock. */
  steps: Map<string, { detail: string | undefined; since: number }>
  /** Workloads by object, in the order in which they were first heard of. */
  workloads: Map<string, { state: 'waiting' | 'ready' | 'failed'; message: string }>
}

export const emptyRegion = (): Region => ({ steps: new Map(), workloads: new Map() })

/** Takes in a step of our own; gives the line that stays when the step has ended. */
export function noteProgress(
  region: Region,
  event: ProgressEvent,
  now: number,
): string | undefined {
  const { step, state, detail, ms } = event
  if (state === 'start' || state === 'progress') {
    const since = region.steps.get(step)?.since ?? now
    region.steps.set(step, { detail, since })
    return undefined
  }
  const known = region.steps.get(step)
  region.steps.delete(step)
  if (state === 'cached') return undefined
  const took = ms ?? (known === undefined ? undefined : now - known.since)
  const about = detail === undefined ? '' : ` (${detail})`
  return `${step}${about}${took === undefined ? '' : `, ${duration(took)}`}`
}

/** Takes in a step of a deploy. */
export function noteDeploy(region: Region, event: DeployEvent, now: number): void {
  const { workloads } = region
  if (event.type === 'plan')
    for (const { object, verb } of event.operations)
      if (isWorkload(object) && verb !== 'delete' && verb !== 'keep')
        workloads.set(object, { state: 'waiting', message: 'not checked yet' })
  if (event.type === 'wait' && isWaitedFor(event.object))
    workloads.set(event.object, { state: 'waiting', message: oneLine(event.message) })
  if (event.type === 'apply' && event.verb === 'delete' && workloads.has(event.object))
    workloads.set(event.object, { state: 'ready', message: 'deleted' })
  if (event.type === 'ready' && !isWorkload(event.object)) workloads.delete(event.object)
  if (event.type === 'ready' && isWorkload(event.object))
    workloads.set(event.object, { state: 'ready', message: readyAfter(event.ms) })
  if (event.type === 'copy') {
    const step = `copying ${event.tree}`
    const since = region.steps.get(step)?.since ?? now
    if (event.state === 'done') region.steps.delete(step)
    else region.steps.set(step, { detail: copyNote(event).replace(/^.*: /, ''), since })
  }
  if (event.type === 'failed')
    workloads.set(event.failure.object, { state: 'failed', message: event.failure.reason })
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const MARKS = { waiting: '·', ready: '✓', failed: '✗' } as const
const ROLES = { waiting: 'dim', ready: 'good', failed: 'error' } as const

/** The lines of the region, none wider than `columns`, at most `rows` of them: who is ready gives way to who is not. */
export function renderRegion(
  region: Region,
  now: number,
  { columns, rows }: { columns: number; rows: number },
  colour: Colour,
): string[] {
  const frame = SPINNER[Math.floor(now / 100) % SPINNER.length] ?? ''
  const lines = [...region.steps].map(([step, { detail, since }]) => {
    const about = detail === undefined ? '' : `  ${oneLine(detail)}`
    const time = `  ${duration(now - since)}`
    return `${colour('note', frame)} ${cut(`${step}${about}`, columns - 2 - time.length)}${time}`
  })
  const { shown, hidden } = visibleWorkloads(region, Math.max(1, rows - lines.length))
  const width = Math.max(0, ...shown.map(([object]) => workloadName(object).length))
  for (const [object, { state, message }] of shown) {
    const text = cut(`${workloadName(object).padEnd(width)}  ${message}`, columns - 2)
    const name = text.slice(0, width)
    const rest = text.slice(width)
    lines.push(
      `${colour(ROLES[state], MARKS[state])} ${name}${state === 'failed' ? colour('error', rest) : colour('dim', rest)}`,
    )
  }
  if (hidden > 0) lines.push(colour('dim', `  and ${hidden} more`))
  return lines
}

function visibleWorkloads(
  { workloads }: Region,
  room: number,
): { shown: [string, { state: keyof typeof MARKS; message: string }][]; hidden: number } {
  const all = [...workloads]
  if (all.length <= room) return { shown: all, hidden: 0 }
  const order = { failed: 0, waiting: 1, ready: 2 }
  const urgent = new Set(
    [...all]
      .sort(([, a], [, b]) => order[a.state] - order[b.state])
      .slice(0, room - 1)
      .map(([object]) => object),
  )
  const shown = all.filter(([object]) => urgent.has(object))
  return { shown, hidden: all.length - shown.length }
}

function cut(written: string, columns: number): string {
  const text = visible(written)
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`
}
