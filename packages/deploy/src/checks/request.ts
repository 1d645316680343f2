import { type CheckRequest, type ExecResult, MOST_RESPONSE_BYTES } from '@landfall/kube'
import type { Got } from './result.ts'

/** What curl printed for an action. */
export function readCurl(action: CheckRequest, { exitCode, stdout, stderr }: ExecResult): Got {
  if (action.kind === 'tcp')
    return /[1-9]/.test(stdout) ? { kind: 'there' } : { kind: 'nothing', message: why(stderr) }
  if (action.kind === 'dns')
    // only a name that resolved is tried
    return /^\* {1,3}Trying /m.test(stderr)
      ? { kind: 'there' }
      : { kind: 'nothing', message: `the name ${action.host} does not resolve` }
  if (exitCode === 63)
    return {
      kind: 'nothing',
      message: `the response is larger than ${MOST_RESPONSE_BYTES / 1024} KiB`,
    }
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
