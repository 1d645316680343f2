import { control, withoutColours } from '../escapes.ts'
import type { Writer } from '../output/writer.ts'

/** Lines at the end of a terminal that are drawn over themselves; what does not fit is counted. */
export interface LiveRegion {
  draw(lines: readonly string[]): void
  /** The lines stay as they are. */
  close(): void
}

/** Makes the region; without a terminal there is nothing to draw on. */
export function liveRegion(writer: Writer): LiveRegion {
  let drawn = 0
  return {
    draw(all) {
      const rows = Math.max(3, (writer.rows ?? 24) - 1)
      const columns = writer.columns ?? 80
      const hidden = all.length - rows
      const lines = hidden > 0 ? [...all.slice(0, rows - 1), `  and ${hidden + 1} more`] : all
      const up = drawn > 0 ? control(`[${drawn}A`) : ''
      const text = lines.map((line) => `${cut(line, columns)}${control('[K')}\n`).join('')
      writer.write(`${control('[?2026h')}${up}${text}${control('[J')}${control('[?2026l')}`)
      drawn = lines.length
    },
    close() {
      drawn = 0
    },
  }
}

/** A line that is not broken by the terminal; colours have no width. */
function cut(line: string, columns: number): string {
  const text = withoutColours(line)
  return text.length <= columns ? line : `${text.slice(0, columns - 1)}…`
}
