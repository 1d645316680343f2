import { proxyAgent } from '../../host/proxy-agent.ts'
import type { FetchOptions } from '../fetch-verified.ts'
import type { ReleaseFile } from '../table.ts'
import { transferMeter } from './meter.ts'
import { transferWords } from './transfer-words.ts'

/** How one file is brought; `onBytes` and `signal` are those of this file. */
export type Bring = (
  file: ReleaseFile,
  options: Pick<FetchOptions, 'dispatcher' | 'signal' | 'onBytes'>,
) => Promise<void>

const REPORT_MS = 1000

export interface AllAtOnceOptions {
  /** For its proxies. */
  env: Readonly<Record<string, string | undefined>>
  /** Gets what has arrived once a second, also when nothing arrives. */
  report: (detail: string) => void
  /** Milliseconds for everything. */
  limitMs: number
}

/** Brings all files at the same time. The first failure ends the others, and is thrown when they have ended. */
export async function allAtOnce(
  files: readonly ReleaseFile[],
  bring: Bring,
  { env, report, limitMs }: AllAtOnceOptions,
): Promise<void> {
  const dispatcher = await proxyAgent(env)
  const failed = new AbortController()
  const signal = AbortSignal.any([failed.signal, AbortSignal.timeout(limitMs)])
  const meter = transferMeter(files.map(({ name }) => name))
  const show = () => report(transferWords(meter.read(performance.now())))
  meter.read(performance.now())
  const timer = setInterval(show, REPORT_MS)
  let first: { error: unknown } | undefined
  try {
    await Promise.all(
      files.map(async (file) => {
        const onBytes = (received: number, total: number | undefined) =>
          meter.add(file.name, received, total)
        try {
          await bring(file, { dispatcher, signal, onBytes })
          meter.end(file.name)
        } catch (error) {
          first ??= { error }
          failed.abort()
        }
      }),
    )
  } finally {
    clearInterval(timer)
    await dispatcher.close()
  }
  if (first !== undefined) throw first.error
}
