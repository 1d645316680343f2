import { closeSync, ftruncateSync, rmSync, writeSync } from 'node:fs'
import type { Dispatcher, Response } from 'undici'
import { openContinued } from '../../host/files/continued-file.ts'
import { SECRET_MODE, writeWhole } from '../../host/write-whole.ts'
import { ReleaseProblem } from '../problem.ts'
import { readPartial, removePartial } from './partial.ts'

export interface Download {
  url: string
  /** Where the bytes are collected; `<partial>.json` has what is needed to continue. */
  partial: string
  /** Bytes. */
  limit: number
  dispatcher: Dispatcher
  /** Ends it. */
  signal: AbortSignal
  pace: Pace
  /** What has arrived and what will, in bytes; the second is unknown (undefined) until the server reports it. */
  onBytes: (received: number, total: number | undefined) => void
}

/** A download that receives fewer bytes in this time has stalled. */
export interface Pace {
  windowMs: number
  leastBytes: number
}

export const usualPace: Pace = { windowMs: 30_000, leastBytes: 256 * 1024 }

/**
 * Downloads to a partial file and continues one that an earlier attempt left, if the server has the same file still (RFC 9110,
 * If-Range). Resolves when the whole answer has arrived. Throws ReleaseProblem.
 */
export async function download(request: Download): Promise<void> {
  const { url, partial, limit, pace } = request
  const before = readPartial(partial, url)
  const stalled = new AbortController()
  const answer = await send(request, before, AbortSignal.any([request.signal, stalled.signal]))
  const continues = isContinued(answer, before.bytes)
  const start = continues ? before.bytes : 0
  const length = Number(answer.headers.get('content-length') ?? Number.NaN)
  const total = Number.isFinite(length) ? start + length : undefined
  if ((total ?? 0) > limit) throw await refuse(answer, tooLarge(url, limit))
  if (!continues) remember(partial, url, answer)
  const target = openContinued(partial, 'anywhere')
  let received = start
  let seen = start
  const watch = setInterval(() => {
    if (received - seen < pace.leastBytes) stalled.abort()
    seen = received
  }, pace.windowMs)
  try {
    ftruncateSync(target, start)
    request.onBytes(received, total)
    for await (const chunk of answer.body ?? []) {
      if (received + chunk.length > limit) throw tooLarge(url, limit)
      writeAll(target, chunk, received)
      received += chunk.length
      request.onBytes(received, total)
    }
    if (total !== undefined && received !== total)
      throw new ReleaseProblem(`${url}: ${received} of ${total} bytes arrived`, 'passing')
  } catch (error) {
    throw problemOf(error as Error, request, stalled.signal.aborted)
  } finally {
    clearInterval(watch)
    closeSync(target)
  }
}

async function send(
  request: Download,
  before: { bytes: number; validator: string },
  signal: AbortSignal,
): Promise<Response> {
  const { fetch } = await import('undici')
  const range = before.bytes > 0 && {
    range: `bytes=${before.bytes}-`,
    'if-range': before.validator,
  }
  // No answer in the time in which bytes must arrive is a stall too.
  const answered = new AbortController()
  const timer = setTimeout(() => answered.abort(), request.pace.windowMs)
  let answer: Response
  try {
    answer = await fetch(request.url, {
      dispatcher: request.dispatcher,
      signal: AbortSignal.any([signal, answered.signal]),
      headers: { 'accept-encoding': 'identity', ...range },
    })
  } catch (error) {
    throw problemOf(error as Error, request, answered.signal.aborted)
  } finally {
    clearTimeout(timer)
  }
  if (answer.ok) return answer
  const { status } = answer
  if (status === 416) removePartial(request.partial)
  const passing = status >= 500 || [408, 416, 429].includes(status)
  const absent = status === 404 || status === 410
  throw await refuse(
    answer,
    new ReleaseProblem(
      `${request.url}: the server responds with ${status}`,
      passing ? 'passing' : absent ? 'absent' : undefined,
    ),
  )
}

function isContinued(answer: Response, bytes: number): boolean {
  if (answer.status !== 206) return false
  const from = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')?.[1]
  if (Number(from) === bytes) return true
  throw new ReleaseProblem(`${answer.url}: the server sends another range than requested`)
}

/** Keeps which file of the server the partial file is a part of. */
function remember(partial: string, url: string, answer: Response): void {
  const etag = answer.headers.get('etag') ?? ''
  const validator = etag.startsWith('"') ? etag : (answer.headers.get('last-modified') ?? '')
  removePartial(partial)
  writeWhole(`${partial}.json`, JSON.stringify({ url, validator }), SECRET_MODE)
}

async function refuse(answer: Response, problem: ReleaseProblem): Promise<ReleaseProblem> {
  await answer.body?.cancel().catch(() => {})
  return problem
}

function tooLarge(url: string, limit: number): ReleaseProblem {
  return new ReleaseProblem(`${url}: larger than ${Math.round(limit / 1024 ** 2)} MiB`)
}

function writeAll(target: number, chunk: Uint8Array, position: number): void {
  for (let written = 0; written < chunk.length; )
    written += writeSync(target, chunk, written, chunk.length - written, position + written)
}

function problemOf(error: Error, request: Download, stalled: boolean): Error {
  const { url, partial, signal, pace } = request
  if (error instanceof ReleaseProblem) return error
  const cause = (error.cause ?? error) as NodeJS.ErrnoException
  if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') {
    // The room is given back: what is there of the file would only keep others from writing.
    rmSync(partial, { force: true })
    return new ReleaseProblem(`${url}: no space left on the device of ${partial}`)
  }
  if (signal.aborted) return new ReleaseProblem(`${url}: ${reasonOf(signal)}`)
  if (stalled)
    return new ReleaseProblem(
      `${url}: less than ${Math.ceil(pace.leastBytes / 1024)} KiB arrived in ${pace.windowMs / 1000} s`,
      'passing',
    )
  return new ReleaseProblem(`${url}: ${cause.message || error.message}`, 'passing')
}

function reasonOf(signal: AbortSignal): string {
  return (signal.reason as Error | undefined)?.name === 'TimeoutError'
    ? 'the download took too long'
    : 'not downloaded, because another download failed'
}
