import type { ReleaseStatus, WorkloadStatus } from '@landfall/deploy'
import type { Colour } from '../colour.ts'
import { table } from './table.ts'
import { driftNote, duration, oneLine, workloadName } from './words.ts'

const ROLES = { current: 'good', inProgress: 'warning', failed: 'error' } as const

/** The workloads of a release as a table. */
export function renderStatus(release: ReleaseStatus, colour: Colour): string {
  const rows = release.workloads.map((workload) => [
    workloadName(workload.object),
    ...cellsOf(workload),
    colour(ROLES[workload.state], stateInWords(workload)),
  ])
  return wholeOf(release, rows, colour)
}

function wholeOf(release: ReleaseStatus, rows: string[][], colour: Colour): string {
  const lines = [headOf(release), '', table(rows), ...keptLines(release), ...unknownLines(release)]
  return `${[...lines, ...driftLines(release, colour)].join('\n')}\n`
}

/** What the keeper has done last to each workload. */
function keptLines({ workloads }: ReleaseStatus): string[] {
  const lines = workloads.flatMap(({ object, kept: [last, ...more] }) => {
    if (last === undefined) return []
    const did = last.act === 'run' ? 'run again' : 'restarted'
    const others = more.length === 0 ? '' : `, and ${more.length} more before`
    return [
      oneLine(
        `${workloadName(object)} was ${did} by the keeper at ${last.at}: ${last.why}${others}`,
      ),
    ]
  })
  return lines.length === 0 ? [] : ['', ...lines]
}

/** One-shots of which it is not known whether they are still done. */
function unknownLines({ workloads }: ReleaseStatus): string[] {
  const lines = workloads.flatMap(({ object, effectUnknown }) =>
    effectUnknown === undefined
      ? []
      : [
          oneLine(
            `${workloadName(object)}: whether its effect is still there is not known: ${effectUnknown}`,
          ),
        ],
  )
  return lines.length === 0 ? [] : ['', ...lines]
}

/** What others have changed. */
function driftLines({ drift, unread }: ReleaseStatus, colour: Colour): string[] {
  const lines = drift.map((one) =>
    colour(one.change === 'missing' ? 'error' : 'warning', driftNote(one)),
  )
  if (unread.length > 0)
    lines.push(`not known, because your account may not list them: ${unread.join(', ')}`)
  return lines.length === 0 ? [] : ['', ...lines]
}

function headOf({ release, namespace, revision }: ReleaseStatus): string {
  return `${release} in namespace ${namespace}, revision ${revision}`
}

function cellsOf({ ready, desired, restarts, ageMs }: WorkloadStatus): string[] {
  return [`${ready}/${desired}`, restarts === 0 ? '' : `${restarts} restarts`, duration(ageMs)]
}

/** The state of a workload, in a few words. */
export function stateInWords({ object, state, message, effectGone }: WorkloadStatus): string {
  if (effectGone !== undefined) return oneLine(`done, but its effect is gone: ${effectGone}`)
  if (state === 'current') return object.startsWith('job/') ? 'complete' : 'ready'
  return oneLine(message)
}

/** The workloads of a release that no other one waits for; below each those that it waits for. What was shown before is not unfolded again. */
export function renderTree(release: ReleaseStatus, colour: Colour): string {
  const { workloads } = release
  const byObject = new Map(workloads.map((workload) => [workload.object, workload]))
  const awaited = new Set(workloads.flatMap(({ waitsFor = [] }) => waitsFor))
  const shown = new Set<string>()
  const rows: string[][] = []
  const add = (workload: WorkloadStatus, lead: string, below: string): void => {
    const again = shown.has(workload.object)
    shown.add(workload.object)
    const next = (workload.waitsFor ?? []).flatMap((object) => byObject.get(object) ?? [])
    const more = again && next.length > 0 ? ' (see above)' : ''
    const words = colour(ROLES[workload.state], stateInWords(workload))
    rows.push([
      `${lead}${workloadName(workload.object)}${more}`,
      `${workload.ready}/${workload.desired}`,
      words,
    ])
    if (again) return
    for (const [index, child] of next.entries()) {
      const isLast = index === next.length - 1
      add(child, `${below}${isLast ? '└─ ' : '├─ '}`, `${below}${isLast ? '   ' : '│  '}`)
    }
  }
  for (const workload of workloads) if (!awaited.has(workload.object)) add(workload, '', '')
  // those that wait for each other have no beginning
  for (const workload of workloads) if (!shown.has(workload.object)) add(workload, '', '')
  return wholeOf(release, rows, colour)
}
