import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import type { KeptEffect, KeptWait } from '@landfall/kube'
import type { Answer } from './effects.ts'

/** Characters of a response that are read: a longer one cannot be what tells a program from a broken one. */
const LONGEST = 1024 * 1024

/** Tests an effect once. Never throws: what cannot be tested is `unknown`. */
export async function ask({ wait, timeout, own }: KeptEffect): Promise<Answer> {
  const silent = (why: string): Answer => {
    const holds = own === true ? (false as const) : ('unknown' as const)
    return { holds, why } as Answer
  }
  switch (wait.kind) {
    case 'http':
      return askHttp(wait, timeout * 1000, silent)
    case 'tcp':
      return askTcp(wait, timeout * 1000)
    case 'dns':
      return askDns(wait.host)
  }
}

async function askHttp(
  { url, status, text, request = {} }: Extract<KeptWait, { kind: 'http' }>,
  timeoutMs: number,
  silent: (why: string) => Answer,
): Promise<Answer> {
  if (!URL.canParse(url)) return { holds: 'unknown', why: 'the URL is not valid' }
  const { address, login } = withoutLogin(url)
  try {
    const response = await fetch(address, {
      method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
      headers: { 'user-agent': 'landfall-keeper', ...login, ...request.headers },
      ...(request.body !== undefined && { body: request.body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await readSome(response)
    const expected = status === '2xx' ? response.ok : response.status === status
    if (!expected && response.status >= 500) return silent(`${address} answers ${response.status}`)
    if (!expected) return { holds: false, why: `${address} answers ${response.status}` }
    return text === undefined || body.includes(text)
      ? { holds: true }
      : { holds: false, why: `the answer of ${address} does not contain ${text}` }
  } catch {
    return silent(`${address} does not answer`)
  }
}

/** A user and a password in a URL are for a header, and for no message. */
function withoutLogin(url: string): { address: string; login: Record<string, string> } {
  const parsed = new URL(url)
  const { username, password } = parsed
  if (username === '' && password === '') return { address: url, login: {} }
  parsed.username = ''
  parsed.password = ''
  const text = `${decoded(username)}:${decoded(password)}`
  const authorization = `Basic ${Buffer.from(text).toString('base64')}`
  return { address: parsed.href, login: { authorization } }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function readSome(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true })
    if (text.length > LONGEST) break
  }
  return text
}

function askTcp(
  { host, port }: Extract<KeptWait, { kind: 'tcp' }>,
  timeoutMs: number,
): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answer: Answer): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () =>
      end({ holds: false, why: `${host}:${port} does not accept connections` }),
    )
    socket.on('connect', () => end({ holds: true }))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(
        error.code === 'ECONNREFUSED'
          ? { holds: false, why: `${host}:${port} refuses connections` }
          : { holds: 'unknown', why: `${host}:${port}: ${error.code}` },
      ),
    )
  })
}

async function askDns(host: string): Promise<Answer> {
  try {
    await lookup(host)
    return { holds: true }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    return code === 'ENOTFOUND'
      ? { holds: false, why: `${host} does not resolve` }
      : { holds: 'unknown', why: `${host}: ${code}` }
  }
}
