import { on, once } from 'node:events'
import type { TerminalSize } from '@landfall/kube'

/** The standard streams as bytes, as a program that runs elsewhere reads and writes them: nothing is masked or made visible. */
export interface ProgramStreams {
  /** Whether a user types and reads: the input and the output are a terminal. */
  readonly isTerminal: boolean
  readonly input: AsyncIterable<Uint8Array>
  /** Resolves when more can be written. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>
  /** The size of the terminal now and whenever it changes, until the signal is aborted. */
  sizes(signal: AbortSignal): AsyncIterable<TerminalSize>
  /** Whether keys are passed on as they are typed, Ctrl-C among them. */
  raw(isRaw: boolean): void
}

/** The streams of a process; nothing is read before it is used. */
export function processStreams(process: NodeJS.Process): ProgramStreams {
  return {
    get isTerminal() {
      return process.stdin.isTTY === true && process.stdout.isTTY === true
    },
    input: {
      async *[Symbol.asyncIterator]() {
        yield* process.stdin as AsyncIterable<Uint8Array>
      },
    },
    async write(stream, bytes) {
      const target = process[stream]
      if (!target.write(bytes)) await once(target, 'drain')
    },
    async *sizes(signal) {
      const { stdout } = process
      const size = (): TerminalSize => ({ columns: stdout.columns, rows: stdout.rows })
      yield size()
      try {
        for await (const _ of on(stdout, 'resize', { signal })) yield size()
      } catch (error) {
        if (!signal.aborted) throw error
      }
    },
    raw(isRaw) {
      process.stdin.setRawMode(isRaw)
    },
  }
}
