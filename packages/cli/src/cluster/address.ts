import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import type { Endpoint, ProbeAddress } from '@landfall/deploy'

const ANSWER_MS = 3_000

/** Ports that mean https where they are published. */
const HTTPS_PORTS = new Set(['443', '8443'])

/** Milliseconds for which a connection that is forwarded has to stay open. */
const STEADY_MS = 1_000

/** Asks an address as a person would: with HTTP first, where any status is an answer; else an accepted connection is one. */
export const probeAddress: ProbeAddress = async (endpoint) => {
  const refused = await connectError(endpoint)
  if (refused !== undefined) return { answered: false, error: refused }
  const schemes = HTTPS_PORTS.has(endpoint.published)
    ? (['https', 'http'] as const)
    : (['http', 'https'] as const)
  for (const scheme of schemes)
    if (await answers(scheme, endpoint)) return { answered: true, scheme }
  if (!isForwarded(endpoint) || (await staysOpen(endpoint)))
    return { answered: true, scheme: 'tcp' }
  return { answered: false, error: 'the connection is closed without an answer' }
}

/**
 * Whether something on this machine takes the connection for a program elsewhere (port mappings, the forwarding of virtual
 * machines): it accepts connections also where no program does, and closes them then.
 */
function isForwarded({ host, forwarded }: Endpoint): boolean {
  return forwarded === true || host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** Whether bytes arrive, or the connection is not closed for a while: a program that waits for its client. */
function staysOpen({ host, port }: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (open: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(open)
    }
    const timer = setTimeout(() => end(!socket.connecting), STEADY_MS)
    socket.once('data', () => end(true))
    socket.once('close', () => end(false))
    socket.once('error', () => end(false))
  })
}

/** Why nothing accepts a connection; undefined when something does. */
function connectError({ host, port }: Endpoint): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_MS })
    const end = (error: string | undefined): void => {
      socket.destroy()
      resolve(error)
    }
    socket.once('connect', () => end(undefined))
    socket.once('timeout', () => end('no answer'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}

/** Whether an HTTP request gets an HTTP response. A plain request to a TLS port gets one too, a 400 that is no answer. */
function answers(scheme: 'http' | 'https', { host, port }: Endpoint): Promise<boolean> {
  const options = { host, port, path: '/', timeout: ANSWER_MS, rejectUnauthorized: false }
  return new Promise((resolve) => {
    const request = (scheme === 'https' ? httpsRequest : httpRequest)(options, (response) => {
      let start = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        if (start.length < 4096) start += text
      })
      response.once('close', () =>
        resolve(!(response.statusCode === 400 && /HTTPS|TLS/.test(start))),
      )
    })
    request.once('timeout', () => request.destroy(new Error('no answer')))
    request.once('error', () => resolve(false))
    request.end()
  })
}
