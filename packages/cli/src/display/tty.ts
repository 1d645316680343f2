import { colourFor } from '../colour.ts'
import { control } from '../escapes.ts'
import type { Terminal } from '../terminal.ts'
import type { Display } from './display.ts'
import { emptyRegion, noteDeploy, noteProgress, renderRegion } from './region.ts'
import { addedNote, backNote, copyNote, keptNote, planSummary } from './words.ts'

const FRAME_MS = 100

/** A region at the end of the terminal that is drawn over itself, below lines that stay. */
export function ttyDisplay({ stderr, env, now }: Terminal): Display {
  const colour = colourFor(stderr, env)
  const region = emptyRegion()
  let drawn: string[] = []
  let timer: NodeJS.Timeout | undefined

  /** One write per frame, each line overwritten in place: nothing flickers. */
  const draw = (staying: readonly string[] = []): void => {
    const size = { columns: stderr.columns ?? 80, rows: Math.max(3, (stderr.rows ?? 24) - 2) }
    const lines = renderRegion(region, now(), size, colour)
    if (staying.length === 0 && lines.join('\n') === drawn.join('\n')) return
    const up = drawn.length > 0 ? control(`[${drawn.length}A`) : ''
    const text = [...staying, ...lines].map((line) => `${line}${control('[K')}\n`).join('')
    stderr.write(`${control('[?2026h')}${up}${text}${control('[J')}${control('[?2026l')}`)
    drawn = lines
  }
  const tick = (): void => {
    timer ??= setInterval(draw, FRAME_MS)
  }
  const stay = (line: string): void => draw([line])

  return {
    progress(event) {
      const line = noteProgress(region, event, now())
      if (line !== undefined) stay(`${colour('good', '✓')} ${line}`)
      tick()
    },
    deploy(event) {
      noteDeploy(region, event, now())
      if (event.type === 'plan') stay(`${colour('good', '✓')} ${planSummary(event)}`)
      if (event.type === 'copy' && event.state === 'done')
        stay(`${colour('good', '✓')} ${copyNote(event)}`)
      if (event.type === 'kept') stay(keptNote(event))
      if (event.type === 'added') for (const field of event.fields) stay(addedNote(field))
      if (event.type === 'back') stay(backNote(event))
      tick()
    },
    say: stay,
    close() {
      clearInterval(timer)
      region.steps.clear()
      draw()
    },
  }
}
