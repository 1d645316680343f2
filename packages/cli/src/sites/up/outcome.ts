import { colourFor } from '../../colour.ts'
import { table } from '../../display/table.ts'
import { oneLine } from '../../display/words.ts'
import { printLine } from '../../output/print-line.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import type { SiteOutcome, SiteState } from './schedule.ts'

const STATES: readonly SiteState[] = ['ready', 'failed', 'away', 'held']

const ROLES = { ready: 'good', failed: 'error', away: 'warning', held: 'warning' } as const

/** Prints how one site ended, for programs. */
export function printOutcome({ site, state, reason, ms }: SiteOutcome, terminal: Terminal): void {
  if (terminal.output !== 'json') return
  printLine(
    { type: 'site', state, ms, ...(reason !== undefined && { reason }) },
    { ...terminal, site },
  )
}

/** Prints how all sites ended, and what to do about those that are not ready. */
export function printOutcomes(outcomes: readonly SiteOutcome[], terminal: Terminal): void {
  const names = (state: SiteState) =>
    outcomes.filter((one) => one.state === state).map(({ site }) => site)
  if (terminal.output === 'json') {
    const [ready = [], failed = [], away = [], held = []] = STATES.map(names)
    const state = ready.length === outcomes.length ? 'ready' : 'failed'
    printLine({ type: 'sites', state, ready, failed, away, held }, terminal)
    return
  }
  const colour = colourFor(terminal.stdout, terminal.env)
  const rows = outcomes.map(({ site, state, reason, ms }) => [
    site,
    colour(ROLES[state], state),
    state === 'ready' || state === 'failed' ? `${Math.round(ms / 1000)} s` : '',
    oneLine(reason ?? ''),
  ])
  const counts = STATES.map((state) => [state, names(state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
  const again =
    names('ready').length === outcomes.length
      ? ''
      : '\nAfter a repair, --retry deploys only those that are not as they should be.'
  terminal.stdout.write(`\n${table(rows)}\n\nSites: ${counts.join(', ')}.${again}\n`)
}

/** 0 if every site is ready, 3 if all that stops the others are dangerous drops, else 1. */
export function exitCodeOf(outcomes: readonly SiteOutcome[]): number {
  const codes = outcomes.map(({ exitCode }) => exitCode).filter((code) => code !== EXIT.done)
  if (codes.length === 0) return EXIT.done
  if (codes.includes(EXIT.interrupted)) return EXIT.interrupted
  if (codes.includes(EXIT.bug)) return EXIT.bug
  return codes.every((code) => code === EXIT.dangerousDrop) ? EXIT.dangerousDrop : EXIT.failed
}
