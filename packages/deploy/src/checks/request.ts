import type { CheckAction, ExecResult } from '@landfall/kube'
import type { Got } from './result.ts'

/** Bytes of a response; more is not what a check looks at. */
const MOST_BYTES = 1024 * 1024

/** curl reports a connection at once, and then waits for the other side. */
const CONNECT_SECONDS = '2'

/** The program of the test pod. What it does comes in its configuration: arguments of commands are in the audit log of the API server. */
export const CURL: readonly string[] = ['curl', '-q', '--config', '-']

/** An action of the test pod; a command runs in a pod of its service. */
export type Request = Exclude<CheckAction, { kind: 'command' }>

/**
 * The configuration of curl for an action, https://curl.se/docs/manpage.html#-K. No proxy, no redirects, no other protocol, and no text of
 * the action is an option.
 */
export function curlConfig(action: Request, timeoutMs: number): string {
  const seconds = (timeoutMs / 1_000).toFixed(3)
  const connect = Math.min(timeoutMs / 1_000, 5).toFixed(3)
  const lines = [
    option('noproxy', '*'),
    'globoff',
    'silent',
    'show-error',
    option('max-time', action.kind === 'http' ? seconds : CONNECT_SECONDS),
    option('connect-timeout', connect),
  ]
  if (action.kind !== 'http') {
    const { host } = action
    const port = action.kind === 'tcp' ? action.port : 9
    lines.push('verbose', option('proto', '=telnet'), option('output', '/dev/null'))
    lines.push(option('write-out', '%{time_connect}'), option('url', `telnet://${host}:${port}`))
    return `${lines.join('\n')}\n`
  }
  const { method, url, headers, send } = action
  lines.push('include', 'path-as-is', option('proto', '=http,https'))
  lines.push(option('max-filesize', String(MOST_BYTES)))
  if (method === 'HEAD') lines.push('head')
  else lines.push(option('request', method))
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  for (const [name, value] of Object.entries(headers))
    lines.push(option('header', value === '' ? `${name};` : `${name}: ${value}`))
  // curl would wait for permission to send a large body
  if (!given.has('expect')) lines.push(option('header', 'Expect:'))
  if (send !== undefined) {
    if (!given.has('content-type'))
      lines.push(
        option(
          'header',
          `Content-Type: ${'json' in send ? 'application/json' : 'text/plain; charset=utf-8'}`,
        ),
      )
    lines.push(option('data-raw', 'json' in send ? JSON.stringify(send.json) : send.text))
  }
  lines.push(option('url', url))
  return `${lines.join('\n')}\n`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

function option(name: string, value: string): string {
  return `${name} = "${value.replace(/[\\"\n\r\t\v]/g, (character) => ESCAPES[character] as string)}"`
}

/** What curl printed for an action. */
export function readCurl(action: Request, { exitCode, stdout, stderr }: ExecResult): Got {
  if (action.kind === 'tcp')
    return /[1-9]/.test(stdout) ? { kind: 'there' } : { kind: 'nothing', message: why(stderr) }
  if (action.kind === 'dns')
    // only a name that resolved is tried
    return /^\* {1,3}Trying /m.test(stderr)
      ? { kind: 'there' }
      : { kind: 'nothing', message: `the name ${action.host} does not resolve` }
  if (exitCode === 63)
    return { kind: 'nothing', message: `the response is larger than ${MOST_BYTES / 1024} KiB` }
  if (exitCode !== 0) return { kind: 'nothing', message: why(stderr) }
  return (
    parseResponse(stdout) ?? {
      kind: 'nothing',
      message: 'what answers is not an HTTP server',
    }
  )
}

/** The last message of curl without its number: `Failed to connect to api port 3000`. */
function why(stderr: string): string {
  const found = [...stderr.matchAll(/^curl: \(\d+\) (.+)$/gm)].at(-1)?.[1]
  return found?.trim() ?? 'no answer'
}

/** Status, headers in lower case and body of a response; responses before the last one (100 Continue) are left out. */
function parseResponse(text: string): Got | undefined {
  let rest = text
  for (;;) {
    const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(rest)?.[1]
    const end = /\r?\n\r?\n/.exec(rest)
    if (status === undefined || end === null) return undefined
    const head = rest.slice(0, end.index)
    rest = rest.slice(end.index + end[0].length)
    if (status.startsWith('1') && status !== '101') continue
    const headers = new Map<string, string>()
    for (const line of head.split(/\r?\n/).slice(1)) {
      const [, name, value] = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
      if (name !== undefined && value !== undefined && !headers.has(name.toLowerCase()))
        headers.set(name.toLowerCase(), value)
    }
    return { kind: 'response', status: Number(status), headers, text: rest }
  }
}
