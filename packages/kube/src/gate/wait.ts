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
  /** ZooKeeper has a node with this path. */
  | { kind: 'znode'; host: string; port: number; path: string }
  /** RabbitMQ's management API at `url` (without a path) counts a consumer of the queue. */
  | { kind: 'consumer'; url: string; login?: string; vhost: string; queue: string }
  /** The query gives at least one row. */
  | {
      kind: 'rows'
      client: SqlClient
      host: string
      port: number
      login: string
      query: string
    }
  /** It was observed that the other one does not hold: an answer is needed for that, unless it is about connections or names. */
  | { kind: 'not'; wait: Exclude<Wait, { kind: 'not' }> }

/** Which program sends a query. */
export type SqlClient = 'mysql' | 'postgres'

/** The name of the variable of a gate's container that holds a part of a login. */
export function loginVariable(login: string, part: 'user' | 'password' | 'database'): string {
  return `${login}_${part.toUpperCase()}`
}

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
    case 'znode':
      return words(wait.kind, wait.host, wait.port, wait.path)
    case 'consumer': {
      const [vhost, queue] = [wait.vhost, wait.queue].map(encodeURIComponent)
      return words(wait.kind, wait.url, wait.login ?? '-', vhost, queue)
    }
    case 'rows':
      return words(wait.kind, wait.client, wait.host, wait.port, wait.login, wait.query)
    case 'not':
      return words(wait.kind, printWait(wait.wait))
  }
}

function words(...parts: (string | number | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ')
}

/** Reads a line of a gate's list. Undefined for an empty line, a comment and anything that is no wait. */
export function parseWait(line: string): Wait | undefined {
  if (line.startsWith('not ')) {
    const wait = parseWait(line.slice('not '.length))
    return wait === undefined || wait.kind === 'not' ? undefined : { kind: 'not', wait }
  }
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
    case 'znode': {
      const [, port, path] = /^(\d{1,5}) (\/.*)$/.exec(rest) ?? []
      return path === undefined ? undefined : { kind, host: first, port: Number(port), path }
    }
    case 'consumer': {
      const [, login = '', vhost, queue] = /^(\S+) (\S+) (\S+)$/.exec(rest) ?? []
      if (vhost === undefined || queue === undefined) return undefined
      const decoded = { vhost: decodeURIComponent(vhost), queue: decodeURIComponent(queue) }
      return { kind, url: first, ...(login === '-' ? {} : { login }), ...decoded }
    }
    case 'rows': {
      const [, host = '', port, login = '', query] =
        /^(\S+) (\d{1,5}) (\S+) (\S.*)$/.exec(rest) ?? []
      if (query === undefined || (first !== 'mysql' && first !== 'postgres')) return undefined
      return { kind, client: first, host, port: Number(port), login, query }
    }
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
