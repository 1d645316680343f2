import { ownValue } from '@landfall/diagnostic'
import { oncePerFile } from '../names/once-per-file.ts'
import type { TextPlace } from '../names/place.ts'
import type { DialText } from '../names/texts.ts'

/** Ports that a URL means when it names none. */
const SCHEME_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  ws: 80,
  https: 443,
  wss: 443,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongodb: 27017,
  mqtt: 1883,
  nats: 4222,
  ldap: 389,
  smtp: 25,
  'influxdb+http': 8086,
}

/** Below 80 a number after a name is more often a version (`postgres:15`), but for these. */
const LOW_PORTS: ReadonlySet<number> = new Set([21, 22, 25, 53])

/** Longest DNS name, and longest scheme that is looked for: what stands before a mark is read this far back at most. */
const LONGEST_HOST = 253
const LONGEST_SCHEME = 20

const SCHEME_BEFORE = /[a-z][a-z0-9+.-]*$/i
const URL_HOST =
  /^(?:[^@\s/"']{0,200}@)?([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::(\d{2,5}))?(?![\w:])/i
const HOST_BEFORE = /(?<![\w.:/-])([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)$/i

/** `:5432`, `:2888:3888;2181` as ZooKeeper writes it, `[7800]` as JGroups does. */
const PORTS_AFTER = /:\d{2,5}(?:[:;]\d{2,5})*(?![\w.])|\[\d{2,5}\]/g

/** A host and a port that no colon joins: `('db', 5432)`, `nc -z db 5432`, `/dev/tcp/db/5432`. */
const PAIRS = [
  /(?:[\s([=,:]|connect\w*|socket\w*|addr\w*|client|dial|open)[([]\s*["']([\w.-]+)["']\s*,\s*["']?(\d{2,5})["']?\s*[)\],]/gi,
  /\b(?:nc|ncat|netcat|telnet)\s+(?:-\w+\s+(?:\d+\s+)?)*([a-z_][\w.-]*)\s+(\d{2,5})(?!\w)/gi,
  /\/dev\/tcp\/([\w.-]+)\/(\d{2,5})(?!\w)/g,
]

const HOST_VARIABLE = /^(.*?)_?(HOST|HOSTNAME|ADDR|ADDRESS|SERVER)$/i

/** What a variable names by itself: `HOST` of a program is mostly where it listens. */
const NOT_A_PEER =
  /^(HOST|HOSTNAME|SERVER|ADDR|ADDRESS)$|VIRTUAL_?HOST|LETSENCRYPT|ALLOWED|TRUSTED|CORS|LISTEN|BIND/i

/** The value of a variable that is called a host: `DB_HOST: shared-postgres`. */
export function hostIn({ text, variable }: DialText): string | undefined {
  if (variable === undefined || NOT_A_PEER.test(variable) || !HOST_VARIABLE.test(variable))
    return undefined
  return /^[a-z][a-z0-9_-]*$/i.test(text) ? text : undefined
}

interface Address {
  host: string
  port: number
}

export interface Dialled extends Address {
  place: TextPlace
}

/** Every `host:port` that a text references, by a URL or in plain. The host may be anything. */
export function dialledIn(text: Pick<DialText, 'text' | 'place' | 'variable'>): Dialled[] {
  const { place, variable } = text
  if (variable !== undefined && /image|version|tag/i.test(variable)) return []
  return addressesIn(text).map((address) => ({ ...address, place }))
}

const addressesIn = oncePerFile((text) => {
  const found = new Map<string, Address>()
  const add = (host: string, port: number | undefined): void => {
    if (port !== undefined && (port >= 80 || LOW_PORTS.has(port)) && port <= 65535)
      found.set(`${host.toLowerCase()}:${port}`, { host: host.toLowerCase(), port })
  }
  for (const { index } of text.matchAll(/:\/\//g)) {
    const scheme = SCHEME_BEFORE.exec(text.slice(Math.max(0, index - LONGEST_SCHEME), index))?.[0]
    const url = URL_HOST.exec(text.slice(index + 3, index + 3 + 2 * LONGEST_HOST))
    if (scheme === undefined || url === null) continue
    const [, host = '', port] = url
    add(host, port === undefined ? ownValue(SCHEME_PORTS, scheme.toLowerCase()) : Number(port))
  }
  for (const { 0: marked, index } of text.matchAll(PORTS_AFTER)) {
    const host = HOST_BEFORE.exec(text.slice(Math.max(0, index - LONGEST_HOST), index))?.[1]
    if (host !== undefined) for (const port of marked.match(/\d+/g) ?? []) add(host, Number(port))
  }
  for (const pattern of PAIRS)
    for (const { 1: host = '', 2: port } of text.matchAll(pattern)) add(host, Number(port))
  return [...found.values()]
})

/** Programs by the port to which they connect when none is given. */
const CLIENTS: [program: RegExp, port: number][] = [
  [/^redis-cli$/, 6379],
  [/^(psql|pg_isready|pg_dump|pg_restore|createdb)$/, 5432],
  [/^(mysql|mariadb)(-?admin|-?dump)?$/, 3306],
  [/^mongo(sh|dump|restore)?$/, 27017],
]

const HOST_OPTION =
  /(?:^|\s)(?:-h|-H|--host(?:name)?)[\s=]+["']?([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)/i
const PORT_OPTION = /(?:^|\s)(?:-p|-P|--port)[\s=]*(\d{2,5})(?!\w)/

/** What the commands of a shell text connect to by their options: `redis-cli -h db -p 6380`, `pg_isready --host=db`. */
export function dialledByOptions(text: string, place: TextPlace): Dialled[] {
  return optionsIn({ text, place }).map((address) => ({ ...address, place }))
}

const optionsIn = oncePerFile((text): Address[] =>
  text.split(/[;|&\n()`]+/).flatMap((statement) => {
    const host = HOST_OPTION.exec(statement)?.[1]
    if (host === undefined) return []
    const words = statement.split(/[\s"']+/).map((word) => word.split('/').at(-1) ?? '')
    const usual = CLIENTS.find(([program]) => words.some((word) => program.test(word)))?.[1]
    const port = Number(PORT_OPTION.exec(statement)?.[1] ?? usual)
    const legal = port >= 80 && port <= 65535
    return legal ? [{ host: host.toLowerCase(), port }] : []
  }),
)

/** Pairs of variables: `DB_HOST: db` beside `DB_PORT: 5432`. */
export function dialledByPairs(environment: Readonly<Record<string, string>>): Dialled[] {
  return Object.entries(environment).flatMap(([variable, host]) => {
    const prefix = HOST_VARIABLE.exec(variable)?.[1]
    if (prefix === undefined) return []
    const key = prefix === '' ? 'PORT' : `${prefix}_PORT`
    const port = Number(ownValue(environment, key) ?? ownValue(environment, `${prefix}PORT`))
    return Number.isInteger(port) && port > 0 && port <= 65535
      ? [{ host: host.toLowerCase(), port, place: { kind: 'environment', variable } }]
      : []
  })
}
