import type { Terminal } from '../terminal.ts'
import type { Display } from './display.ts'
import {
  addedNote,
  backNote,
  copyNote,
  duration,
  isWaitedFor,
  isWorkload,
  keptNote,
  oneLine,
  planSummary,
  readyAfter,
  workloadName,
} from './words.ts'

/** Progress of a copy is shown this often. */
const COPY_MS = 10_000

/** Progress of a step is shown this often, if there is any: less than 5 s, also when an event comes late. */
const STEP_MS = 4_000

/** One line per change with the time since the beginning, for logs. */
export function plainDisplay({ stderr, now }: Pick<Terminal, 'stderr' | 'now'>): Display {
  const started = now()
  const lastWait = new Map<string, string>()
  const say = (text: string): void => {
    const seconds = ((now() - started) / 1000).toFixed(1)
    stderr.write(`${seconds.padStart(6)}s  ${text}\n`)
  }
  let copyShownAt = Number.NEGATIVE_INFINITY
  const steps = new Map<string, { since: number; shownAt: number }>()
  const showProgress = (step: string, detail: string): void => {
    const known = steps.get(step) ?? { since: now(), shownAt: Number.NEGATIVE_INFINITY }
    if (now() - Math.max(known.shownAt, known.since) < STEP_MS) return
    steps.set(step, { ...known, shownAt: now() })
    say(`${step}: ${oneLine(detail)} (${duration(now() - known.since)})`)
  }
  return {
    say,
    progress({ step, state, detail, ms }) {
      const about = detail === undefined ? '' : ` (${detail})`
      if (state === 'start') {
        steps.set(step, { since: now(), shownAt: now() })
        say(`${step}${about}`)
      }
      if (state === 'progress' && detail !== undefined) showProgress(step, detail)
      if (state === 'done')
        say(`${step}${about}: done${ms === undefined ? '' : ` in ${duration(ms)}`}`)
    },
    deploy(event) {
      if (event.type === 'plan') say(planSummary(event))
      if (event.type === 'apply' && event.verb === 'delete' && isWorkload(event.object))
        say(`${workloadName(event.object)}: deleted`)
      if (
        event.type === 'wait' &&
        isWaitedFor(event.object) &&
        lastWait.get(event.object) !== event.message
      ) {
        lastWait.set(event.object, event.message)
        say(`${workloadName(event.object)}: ${oneLine(event.message)}`)
      }
      if (event.type === 'ready' && isWorkload(event.object))
        say(`${workloadName(event.object)}: ${readyAfter(event.ms)}`)
      if (event.type === 'copy' && (event.state === 'done' || now() - copyShownAt >= COPY_MS)) {
        copyShownAt = now()
        say(copyNote(event))
      }
      if (event.type === 'kept') say(keptNote(event))
      if (event.type === 'added') for (const field of event.fields) say(addedNote(field))
      if (event.type === 'back') say(backNote(event))
      if (event.type === 'failed')
        say(`${workloadName(event.failure.object)}: failed, ${event.failure.reason}`)
    },
    close: () => undefined,
  }
}
