import { existsSync } from 'node:fs'
import { architecture as own } from '../../host/architecture.ts'
import { proxyAgent } from '../../host/proxy-agent.ts'
import { type ReleaseTable, releaseFiles } from '../table.ts'
import { locate, type Place } from './place.ts'

/** Whether the files of a table can be had from a place; if not, one reason: a host and what is wrong with it. */
type Answer = { ok: true } | { ok: false; why: string }

const ANSWER_LIMIT_MS = 2000

/**
 * Requests the head of one file from each host, all at once. It is known after two seconds (`limitMs`) at the latest.
 */
export async function releasesAnswer(
  table: ReleaseTable,
  place: Place,
  env: Readonly<Record<string, string | undefined>>,
  {
    limitMs = ANSWER_LIMIT_MS,
    architecture = own,
  }: { limitMs?: number; architecture?: string } = {},
): Promise<Answer> {
  const files = Object.values(releaseFiles(table, architecture))
  if (place.kind === 'directory') {
    const missing = files.map(({ url }) => locate(url, place)).find((path) => !existsSync(path))
    return missing === undefined ? { ok: true } : { ok: false, why: `${missing} does not exist` }
  }
  const perHost = new Map(files.map(({ url }) => [new URL(url).host, locate(url, place)]))
  const [{ fetch }, dispatcher] = await Promise.all([import('undici'), proxyAgent(env)])
  const signal = AbortSignal.timeout(limitMs)
  try {
    const problems = await Promise.all(
      [...perHost.values()].map(async (url) => {
        const { host } = new URL(url)
        try {
          const { ok, status } = await fetch(url, { method: 'HEAD', dispatcher, signal })
          return ok ? undefined : `${host} responds with ${status} to ${url}`
        } catch (error) {
          return `${host} does not respond${reasonOf(error as Error, signal, limitMs)}`
        }
      }),
    )
    const why = problems.find((problem) => problem !== undefined)
    return why === undefined ? { ok: true } : { ok: false, why }
  } finally {
    await dispatcher.destroy()
  }
}

function reasonOf(error: Error, signal: AbortSignal, limitMs: number): string {
  if (signal.aborted) return ` within ${limitMs / 1000} s`
  const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException
  return ` (${code ?? message})`
}
