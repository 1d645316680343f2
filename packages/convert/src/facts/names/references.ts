import type { ServiceConversion } from '../../conversion.ts'
import { healthcheckOf } from '../healthcheck.ts'
import { declaredOneShot } from '../one-shot/declared-one-shot.ts'
import { type DialText, dialTexts, effectTarget } from './texts.ts'

/** Variables that list hosts which are let in or left out: nobody connects to these for that. */
const NOT_DIALLED = /(^|_)no_?proxy$|allow|cors|origin|trusted/i

/** Variables whose value, where it is one word, is a name of something else. */
const NO_HOST =
  /(user(name)?|pass(word)?|_(db|database|schema|(db|app|database)_?name)|title|topic|queue|image|tag|version|_env|mode|role|profile)$/i

/** A word that may be the name of a host, and what stands directly around it. */
const WORD = /[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?/gi

/** `minio{1...4}` as MinIO writes it, `redis-{1..6}` as a shell does; a word is tried from its beginning alone. */
const RANGE = /((?<![\w.-])[\w.-]*|)\{(\d{1,3})\.{2,3}(\d{1,3})\}([\w.-]*)/g
const LONGEST_RANGE = 64

/** A text of a service in which it may name hosts. */
export interface NamingText {
  text: string
  /** `environment.DATABASE_URL`, `command`, `/etc/nginx/nginx.conf`. */
  where: string
  /** Name of the environment variable. */
  variable?: string
  /** Where names may begin: the first word of a command is a program, whatever services are called. */
  from: number
  /** A variable or a command, which is one statement, and not a file of many. */
  short: boolean
}

/** The texts of a service in which it may name hosts; the words of a command are one text. In the order of their places. */
export function namingTexts(service: ServiceConversion): NamingText[] {
  const texts = new Map<string, NamingText>()
  for (const text of dialTexts(service)) {
    if (text.variable !== undefined && namesNobody(text.variable, text.text)) continue
    const known = texts.get(text.where)
    if (known === undefined) texts.set(text.where, startText(text))
    else known.text += ` ${text.text}`
  }
  for (const text of [...textOfImage(service), ...textsOfEffects(service)])
    texts.set(text.where, text)
  for (const text of texts.values()) text.from = programEnd(text)
  return [...texts.values()].sort((a, b) => (a.where < b.where ? -1 : 1))
}

/** The length of what stands before the arguments of a command: its program, whatever services are called. */
function programEnd({ text, where }: NamingText): number {
  const program = PROGRAMS.find(([place]) => place.test(where))?.[1]
  return program?.exec(text)?.[0].length ?? 0
}

const PROGRAMS: [where: RegExp, program: RegExp][] = [
  [/^(entrypoint|command|CMD of the image|landfall.yaml)$/, /^[\w.-]+(?=\s|$)/],
  [/^(healthcheck|HEALTHCHECK of the image)$/, /^CMD(-SHELL)?\s+[\w.-]+(?=\s|$)/],
]

function namesNobody(variable: string, value: string): boolean {
  return NOT_DIALLED.test(variable) || (NO_HOST.test(variable) && /^[\w.-]*$/.test(value))
}

function startText({ text, where, variable }: DialText): NamingText {
  return {
    text,
    where,
    from: 0,
    short: !where.startsWith('/'),
    ...(variable === undefined ? {} : { variable }),
  }
}

/** The test of health that stands in the image, where the project has none. */
function textOfImage(service: ServiceConversion): NamingText[] {
  const { test = [] } = service.plan.healthTest === undefined ? (healthcheckOf(service) ?? {}) : {}
  const where = 'HEALTHCHECK of the image'
  return test.length === 0 ? [] : [{ text: test.join(' '), where, from: 0, short: true }]
}

/** What the checker of a one-shot asks, and what is run in the container. */
function textsOfEffects({ settings }: ServiceConversion): NamingText[] {
  const { ready, alive } = settings
  const doneWhen = declaredOneShot(settings)?.doneWhen
  const host = doneWhen === undefined ? undefined : effectTarget(doneWhen)?.host
  const commands = [ready, alive].flatMap((effect) => effect?.command ?? [])
  const texts = { 'doneWhen in landfall.yaml': host ?? '', 'landfall.yaml': commands.join(' ') }
  return Object.entries(texts).flatMap(([where, text]) =>
    text === '' ? [] : [{ text, where, from: 0, short: true }],
  )
}

/** A name in a text, in lower case, and where it stands. */
export interface NamedHost {
  name: string
  at: number
}

/** Every word of a text that may be the name of a host, and the text with its ranges written out; `/srv/web` and `$web` name none. */
export function hostsIn({ text, from }: Pick<NamingText, 'text' | 'from'>): {
  text: string
  hosts: NamedHost[]
} {
  const expanded = expandRanges(text)
  const hosts: NamedHost[] = []
  for (const { 0: word, index } of expanded.matchAll(WORD)) {
    const before = expanded.slice(Math.max(0, index - 6), index)
    const after = expanded[index + word.length]
    const authority = /(\/\/|[@,]|\/dns[46]?\/)$/.test(before)
    const path = (/\/$/.test(before) || after === '/') && !authority
    if (index >= from && !path && !/\$\{?$/.test(before))
      hosts.push({ name: word.toLowerCase(), at: index })
  }
  return { text: expanded, hosts }
}

function expandRanges(text: string): string {
  return text.replace(
    RANGE,
    (range, before: string, first: string, last: string, after: string) => {
      const count = Number(last) - Number(first) + 1
      if (count < 1 || count > LONGEST_RANGE) return range
      return Array.from(
        { length: count },
        (_, offset) => `${before}${Number(first) + offset}${after}`,
      ).join(',')
    },
  )
}

/** The names that a service uses in its texts, in lower case, each with the first place. */
export function namedHosts(service: ServiceConversion): Map<string, string> {
  const named = new Map<string, string>()
  for (const text of namingTexts(service))
    for (const { name } of hostsIn(text).hosts) if (!named.has(name)) named.set(name, text.where)
  return named
}
