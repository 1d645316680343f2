import { parseRequest, printRequest, type WaitRequest } from './request-text.ts'

/** One thing that a gate tests: a line of its list. The program of the gate and this file have one grammar. */
export type Wait =
  /** The Job is complete, or its checker marked it as done; `job-or-ready`: or a pod of it is ready. */
  | {
      kind: 'job' | 'job-or-ready'
      /** Name of the object, which may hold a hash. */
      job: string
      /** What the gate prints instead of the name. */
      label?: string
    }
  /** One of the ports accepts connections; `healthy`: at an address that refuses them while no pod is ready. */
  | { kind: 'started' | 'healthy'; host: string; ports: readonly number[] }
  | { kind: 'tcp'; host: string; port: number }
  /** The name resolves; `ready-name`: that of a headless Service, as soon as one of its pods is ready. */
  | { kind: 'dns' | 'ready-name'; host: string }
  /** A pod with these labels (`app.kubernetes.io/name`, `app.kubernetes.io/instance`) runs. */
  | { kind: 'pods'; name: string; instance: string }
  /** The response has the status (`2xx`: any of these), and contains the text. */
  | {
      kind: 'http'
      url: string
      status: number | '2xx'
      text?: string
      /** What is sent; a GET without a body if omitted. */
      request?: WaitRequest
    }
  | { kind: 'file'; path: string }
  /** All pods of the Deployment are of its template with this hash, see {@link TEMPLATE_ANNOTATION}. */
  | { kind: 'rollout'; deployment: string; template: string }

/**
 * A wait as a line of a gate's list, without a line break. Hosts, names and URLs hold no blanks; texts and paths begin and
 * end with none.
 */
export function printWait(wait: Wait): string {
  switch (wait.kind) {
    case 'job':
    case 'job-or-ready':
      return words(wait.kind, wait.job, wait.label)
    case 'started':
    case 'healthy':
      return words(wait.kind, wait.host, ...wait.ports)
    case 'tcp':
      return words(wait.kind, wait.host, wait.port)
    case 'dns':
    case 'ready-name':
      return words(wait.kind, wait.host)
    case 'pods':
      return words(wait.kind, wait.name, wait.instance)
    case 'http':
      return wait.request === undefined
        ? words(wait.kind, wait.status, wait.url, wait.text)
        : words('request', wait.status, wait.url, printRequest(wait.request), wait.text)
    case 'file':
      return words(wait.kind, wait.path)
    case 'rollout':
      return words(wait.kind, wait.deployment, wait.template)
  }
}

function words(...parts: (string | number | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ')
}

/** Reads a line of a gate's list. Undefined for an empty line, a comment and anything that is no wait. */
export function parseWait(line: string): Wait | undefined {
  const [, kind = '', first = '', rest = ''] = /^(\S+) (\S+) ?(.*)$/.exec(line) ?? []
  switch (kind) {
    case 'job':
    case 'job-or-ready':
      return { kind, job: first, ...(rest === '' ? {} : { label: rest }) }
    case 'started':
    case 'healthy': {
      const ports = rest.split(' ').map(portOf)
      return ports.every((port) => port !== undefined) ? { kind, host: first, ports } : undefined
    }
    case 'tcp': {
      const port = portOf(rest)
      return port === undefined ? undefined : { kind, host: first, port }
    }
    case 'dns':
    case 'ready-name':
      return rest === '' ? { kind, host: first } : undefined
    case 'rollout':
      return /^\S+$/.test(rest) ? { kind, deployment: first, template: rest } : undefined
    case 'pods':
      return /^\S+$/.test(rest) ? { kind, name: first, instance: rest } : undefined
    case 'http':
      return parseHttp(first, rest)
    case 'request': {
      const [, url = '', request = '', text = ''] = /^(\S+) (\S+) ?(.*)$/.exec(rest) ?? []
      const wait = parseHttp(first, words(url, text))
      return wait === undefined ? undefined : { ...wait, request: parseRequest(request) }
    }
    case 'file':
      return { kind, path: rest === '' ? first : `${first} ${rest}` }
    default:
      return undefined
  }
}

function parseHttp(written: string, rest: string): Extract<Wait, { kind: 'http' }> | undefined {
  const status = written === '2xx' ? written : Number(written)
  const [, url, text = ''] = /^(\S+) ?(.*)$/.exec(rest) ?? []
  if (url === undefined || Number.isNaN(status)) return undefined
  return { kind: 'http', url, status, ...(text === '' ? {} : { text }) }
}

function portOf(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined
}
