import type { CheckAction } from './check.ts'

/** Bytes of a response; more is not what a check looks at. */
export const MOST_RESPONSE_BYTES: number = 1024 * 1024

/** curl reports a connection at once, and then waits for the other side. */
const CONNECT_SECONDS = '2'

/** What does the requests of checks. What they are comes in its configuration: arguments of commands are in the audit log of the API server. */
export const CURL: readonly string[] = ['curl', '-q', '--config', '-']

/** An action that curl does. */
export type CheckRequest = Exclude<CheckAction, { kind: 'command' }>

/**
 * The configuration of curl for an action, https://curl.se/docs/manpage.html#-K. No proxy, no redirects, no other protocol, and no text of
 * the action is an option.
 */
export function curlConfig(action: CheckRequest, timeoutMs: number): string {
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
  lines.push(option('max-filesize', String(MOST_RESPONSE_BYTES)))
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
