import type { Writer } from '../../output/writer.ts'
import type { Terminal } from '../../terminal.ts'

/** A terminal on which each line begins with the name of a site; it is not one with a live region. `end` prints a line that is not complete. */
export function siteTerminal(
  terminal: Terminal,
  site: string,
  width: number,
): { terminal: Terminal; end(): void } {
  const prefix = `${site.padEnd(width)} | `
  const stdout = prefixed(terminal.stdout, prefix)
  const stderr = prefixed(terminal.stderr, prefix)
  return {
    // lines for programs have a key for the site
    terminal: { ...terminal, stdout: stdout.writer, stderr: stderr.writer, site },
    end() {
      stdout.end()
      stderr.end()
    },
  }
}

/** Whole lines only: sites write at the same time. */
function prefixed(writer: Writer, prefix: string): { writer: Writer; end(): void } {
  let begun = ''
  return {
    writer: {
      write(text) {
        const lines = `${begun}${text}`.split('\n')
        begun = lines.pop() ?? ''
        if (lines.length > 0)
          writer.write(lines.map((line) => `${`${prefix}${line}`.trimEnd()}\n`).join(''))
      },
      ...(writer.taken && { taken: () => writer.taken?.() ?? Promise.resolve() }),
      columns: undefined,
      rows: undefined,
    },
    end() {
      if (begun !== '') writer.write(`${prefix}${begun}\n`)
      begun = ''
    },
  }
}
