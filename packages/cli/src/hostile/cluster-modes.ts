import type { ServerResponse } from 'node:http'
import fc from 'fast-check'
import type { Json, Mode } from './cluster.ts'

/** Bytes of the endless answers, should a reader never stop. */
const ENDLESS = 96 * 1024 ** 2

/** Writes the same text until the reader has enough. */
function endless(response: ServerResponse, begin: string, text: string): boolean {
  let written = 0
  const more = (): void => {
    for (;;) {
      if (response.destroyed || written > ENDLESS) return void response.end()
      written += text.length
      if (!response.write(text)) return void response.once('drain', more)
    }
  }
  response.write(begin)
  more()
  return true
}

const always =
  (status: number, text: string, headers: Record<string, string> = {}): Mode =>
  (_, response) => {
    response.writeHead(status, headers).end(text)
    return true
  }

/** A mode for the requests whose address matches; others are ordinary. */
const where =
  (pattern: RegExp, mode: Mode): Mode =>
  (request, response, ordinary) =>
    pattern.test(request.url ?? '') && mode(request, response, ordinary)

const WATCH = /watch=true/
const LIST = /limit=500/
const LOG = /\/log\?/

/** Changes the ordinary answers of requests that are not watches or logs. */
const changed =
  (change: (answer: Json) => Json): Mode =>
  (request, response, ordinary) => {
    if (ordinary === undefined || typeof ordinary === 'string' || request.method !== 'GET')
      return false
    const text = JSON.stringify(change(structuredClone(ordinary)))
    response.writeHead(ordinary.code ?? 200).end(text)
    return true
  }

const ESCAPES = '\x1b]0;owned\x07\x1b[2J\u202e\u0085\r\x9b31m'

/** Every text of an answer, but for what says what an object is, with control sequences at its end. */
function escaped(value: Json, key = ''): Json {
  if (typeof value === 'string')
    return /^(apiVersion|kind|name|namespace|uid|inventory|resourceVersion|type|status)$/.test(key)
      ? value
      : value + ESCAPES
  if (Array.isArray(value)) return value.map((item) => escaped(item, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, escaped(one, name)]))
}

/** Every name of an item of a list, except of what the release has, with control sequences. */
function escapedNames(answer: Json): Json {
  for (const { metadata, status } of answer.items ?? []) {
    if (/^web-1-/.test(metadata.name)) metadata.name += ESCAPES
    for (const one of status?.containerStatuses ?? []) one.name += ESCAPES
  }
  return answer
}

const item = (value: string) =>
  changed((answer) => ({ ...answer, items: JSON.parse(`[${value}]`) }))

const NO_LEASE = { kind: 'Status', code: 404, reason: 'NotFound', message: 'leases "x" not found' }
const NO_NAMESPACE = { ...NO_LEASE, message: 'namespaces "demo" not found' }

/** Ways of an API server to be hostile, by what it does. */
export const modes: Readonly<Record<string, Mode>> = {
  'no Leases': where(/coordination\.k8s\.io/, always(404, '404 page not found')),
  'Leases that are not kept': (request, response, ordinary) =>
    /\/leases\//.test(request.url ?? '') && request.method === 'GET'
      ? always(404, JSON.stringify(NO_LEASE))(request, response, ordinary)
      : false,
  'a namespace that is there and is not': (request, response, ordinary) =>
    /\/leases/.test(request.url ?? '')
      ? always(404, JSON.stringify(NO_NAMESPACE))(request, response, ordinary)
      : false,
  'Leases that always conflict': (request, response, ordinary) =>
    /\/leases\//.test(request.url ?? '') && request.method === 'PATCH'
      ? always(
          409,
          JSON.stringify({ kind: 'Status', code: 409, reason: 'Conflict', message: 'no' }),
        )(request, response, ordinary)
      : false,
  'an ordinary server': () => false,
  'a page of HTML': always(200, '<!doctype html><title>Sign in</title>', {
    'content-type': 'text/html',
  }),
  'a page of HTML as an error': always(500, '<html>\x1b[31mno</html>'),
  'nothing at all': always(200, ''),
  null: always(200, 'null'),
  'a list in place of an object': always(200, '[]'),
  'half of JSON': always(200, '{"kind":"List","items":[{"metadata"'),
  'a body that breaks off': (_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"items":[')
    setTimeout(() => response.destroy(), 5)
    return true
  },
  'a connection that is closed': (request) => {
    request.socket.destroy()
    return true
  },
  'bytes that are not HTTP': (request) => {
    request.socket.end('\0\x01\x02garbage\r\n\r\n')
    return true
  },
  'an endless body': (_, response) => endless(response, '{"items":["', 'a'.repeat(65_536)),
  'endless white space': (_, response) => endless(response, '', ' '.repeat(65_536)),
  'endless small values': (_, response) => endless(response, '{"items":[{}', ',{}'.repeat(20_000)),
  'deep brackets': always(200, '['.repeat(1_000_000)),
  'an endless refusal': (_, response) => {
    response.writeHead(500)
    return endless(response, 'no', 'x'.repeat(65_536))
  },
  'a status that is a list': always(
    403,
    '{"kind":"Status","code":["x"],"message":{"a":1},"details":[]}',
  ),
  'a status without a message': always(409, '{"kind":"Status","code":409,"reason":null}'),
  'a message of megabytes': always(
    403,
    JSON.stringify({ kind: 'Status', code: 403, message: 'x'.repeat(900_000) }),
  ),
  'a message with escapes': always(
    403,
    JSON.stringify({ kind: 'Status', code: 403, message: ESCAPES }),
  ),
  'HTTP 100 to 399': always(304, ''),
  'a redirection to itself': (request, response) => {
    response.writeHead(307, { location: request.url ?? '' }).end()
    return true
  },
  'a redirection with escapes': always(302, '', {
    location: 'http://user:password@127.0.0.1:1/\u009b?token=1',
  }),
  'a pause of a century': always(429, '{}', { 'retry-after': '3153600000' }),
  'a pause of less than nothing': always(503, '{}', { 'retry-after': '-1' }),
  'a pause that is not a number': always(429, '{}', { 'retry-after': 'Infinity' }),
  'a clock of another age': (_, response) => {
    response.setHeader('date', 'Fri, 31 Dec 9999 23:59:59 GMT')
    return false
  },
  'items that are null': changed((answer) => (answer.items ? { ...answer, items: null } : answer)),
  'an item that is null': item('null'),
  'an item that is a list': item('[]'),
  'an item without metadata': item('{}'),
  'an item without a name': item('{"metadata":{}}'),
  'an item of the name ..': item('{"metadata":{"name":".."},"spec":{"containers":[]}}'),
  'an item of a name that is a path': item(
    '{"metadata":{"name":"a/../../b"},"spec":{"containers":[]}}',
  ),
  'items of odd names': item(
    '{"metadata":{"name":"__proto__","labels":{"__proto__":"x"}},"spec":{"containers":[{"name":"constructor"}],"template":{"spec":{"containers":[]}}},"involvedObject":{"uid":"__proto__"}}',
  ),
  'objects of another kind': changed((answer) => ({ ...answer, kind: 'constructor' })),
  'objects of another name': changed((answer) =>
    answer.items === undefined
      ? { ...answer, metadata: { ...answer.metadata, name: 'x' } }
      : answer,
  ),
  'an inventory that is null': changed((answer) => inventory(answer, 'null')),
  'an inventory of wrong entries': changed((answer) =>
    inventory(answer, '{"revision":"x","entries":[null]}'),
  ),
  'an inventory of odd kinds': changed((answer) =>
    inventory(
      answer,
      '{"revision":1,"entries":[{"apiVersion":"__proto__","kind":"constructor","name":"..","revision":1},{"apiVersion":"v1","kind":"Namespace","name":"kube-system","revision":1}]}',
    ),
  ),
  'an inventory that is not JSON': changed((answer) => inventory(answer, '\x1b[31m{')),
  'a ConfigMap without data': changed((answer) =>
    answer.data ? { ...answer, data: null } : answer,
  ),
  'versions that are not texts': changed((answer) => ({
    ...answer,
    metadata: { ...answer.metadata, resourceVersion: { a: 1 } },
  })),
  'pages without an end': where(LIST, (request, response, ordinary) => {
    const next = `${Number(/continue=(\d+)/.exec(request.url ?? '')?.[1] ?? 0) + 1}`
    response.end(JSON.stringify({ ...ordinary, metadata: { continue: next } }))
    return true
  }),
  'empty pages without an end': where(LIST, (_, response) => {
    response.end('{"items":[],"metadata":{"continue":"a"}}')
    return true
  }),
  'pages that are always expired': where(
    LIST,
    always(410, '{"kind":"Status","code":410,"reason":"Expired"}'),
  ),
  'a discovery of null': where(
    /^\/apis?(\/v1)?$/,
    always(200, '{"groups":[null],"resources":[null]}'),
  ),
  'texts with escapes': changed((answer) => escaped(answer)),
  'names with escapes': changed(escapedNames),
  'log lines with escapes': where(LOG, always(200, `2026-01-01T00:00:00Z ${ESCAPES}\n`.repeat(50))),
  'a log line of 10 MB': where(LOG, always(200, `2026-01-01T00:00:00Z ${'x'.repeat(10_000_000)}`)),
  'a log of bytes': where(LOG, (_, response) => {
    response.end(Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 256)))
    return true
  }),
  'an endless log line': where(LOG, (_, response) => endless(response, '', 'x'.repeat(60_000))),
  'a watch of garbage': where(WATCH, always(200, 'garbage\n'.repeat(1000))),
  'a watch of null': where(WATCH, always(200, 'null\n')),
  'a watch of wrong objects': where(
    WATCH,
    always(200, '{"type":"ADDED","object":{"kind":null}}\n'),
  ),
  'a watch of wrong versions': where(
    WATCH,
    always(200, '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":7}}}\n'),
  ),
  'a watch of an endless line': where(WATCH, (_, response) =>
    endless(response, '{"type":"', 'x'.repeat(60_000)),
  ),
  'a watch that ends at once': where(WATCH, always(200, '')),
  'a watch that is always too old': where(
    WATCH,
    always(200, '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n'),
  ),
  'a watch with an odd refusal': where(
    WATCH,
    always(200, '{"type":"ERROR","object":{"code":"x"}}\n'),
  ),
}

function inventory(answer: Json, text: string): Json {
  return answer.data === undefined ? answer : { ...answer, data: { inventory: text } }
}

const ODD: readonly unknown[] = [
  ...[null, true, -1, 1e308, '', 'x', [], {}, [null], [[]], { __proto__: null }, '__proto__'],
  ...['constructor', '..', '\x1b[31m', 'x'.repeat(100_000), { name: null }, [{ name: 7 }]],
]

/** Servers whose answers differ from ordinary ones in a few places: the same in every run. */
export function generatedModes(count: number): Record<string, Mode> {
  const seed = Number(process.env.LANDFALL_SEED ?? 20261121)
  const places = fc.array(fc.tuple(fc.nat(400), fc.constantFrom(...ODD)), {
    minLength: 1,
    maxLength: 4,
  })
  return Object.fromEntries(
    fc.sample(places, { numRuns: count, seed }).map((changes, at): [string, Mode] => [
      `change ${at} of seed ${seed}: ${JSON.stringify(changes).slice(0, 200)}`,
      changed((answer) => {
        for (const [place, value] of changes) replaceAt(answer, place, value)
        return answer
      }),
    ]),
  )
}

/** Replaces the value at a place, counted through the whole answer; beyond its end, nothing. */
function replaceAt(answer: Json, place: number, value: unknown): void {
  let at = 0
  const visit = (holder: Json): boolean =>
    Object.keys(holder).some((key) => {
      if (at++ === place) holder[key] = value
      else if (typeof holder[key] !== 'object' || holder[key] === null) return false
      else return visit(holder[key])
      return true
    })
  visit(answer)
}
