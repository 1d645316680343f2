import { setTimeout as pause } from 'node:timers/promises'
import type { ReleaseStatus } from '@landfall/deploy'
import { liveRegion } from '../../display/live-region.ts'
import { stateInWords } from '../../display/status.ts'
import { workloadName } from '../../display/words.ts'
import { type OutputLine, printLine } from '../../output/print-line.ts'
import type { Terminal } from '../../terminal.ts'

const PERIOD_MS = 1_500

interface StatusSource {
  read: (signal: AbortSignal) => Promise<ReleaseStatus | undefined>
  /** The whole as text. */
  render: (release: ReleaseStatus | undefined) => string
  /** The whole for programs. */
  line: (release: ReleaseStatus | undefined) => OutputLine
}

/**
 * Shows how a release is doing until Ctrl-C: a table that is drawn over itself on a terminal, elsewhere a line whenever a workload changes, and for
 * programs the whole whenever something changes. A server that does not respond is reported and waited for.
 */
export async function watchStatus(source: StatusSource, terminal: Terminal): Promise<void> {
  const { stdout, env } = terminal
  const signal = terminal.interruption()
  const isLive = terminal.output !== 'json' && stdout.columns !== undefined && env.TERM !== 'dumb'
  const region = liveRegion(stdout)
  const seen = new Map<string, string>()
  const append = (key: string, text: string): void => {
    if (seen.get(key) !== text) stdout.write(`${text}\n`)
    seen.set(key, text)
  }
  let before = ''
  let last = ''
  const show = (release: ReleaseStatus | undefined): void => {
    if (terminal.output === 'json') {
      const state = JSON.stringify(release?.workloads.map(({ ageMs: _, ...rest }) => rest))
      if (state !== before) printLine(source.line(release), terminal)
      before = state ?? ''
    } else if (isLive) region.draw(source.render(release).trimEnd().split('\n'))
    else if (release === undefined) append('', source.render(undefined).trimEnd())
    else
      for (const workload of release.workloads) {
        const { object, ready, desired } = workload
        append(object, `${workloadName(object)} ${ready}/${desired} ${stateInWords(workload)}`)
      }
    last = source.render(release)
  }
  try {
    while (!signal.aborted) {
      try {
        show(await source.read(signal))
      } catch (error) {
        if (signal.aborted) break
        if (!(error instanceof Error) || error.name !== 'ConnectionError') throw error
        if (isLive) region.draw([...last.trimEnd().split('\n'), '', error.message])
        else terminal.stderr.write(`${error.message}\n`)
      }
      await pause(PERIOD_MS, undefined, { signal }).catch(() => {})
    }
  } finally {
    region.close()
  }
}
