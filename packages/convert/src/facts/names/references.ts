import type { ServiceConversion } from '../../conversion.ts'
import { healthcheckOf } from '../healthcheck.ts'
import { declaredOneShot } from '../one-shot/declared-one-shot.ts'
import { placeText, type TextPlace } from './place.ts'
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
  /** Of a command, the place of its first word. */
  place: TextPlace
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
    const key = placeText(text.place)
    const known = texts.get(key)
    if (known === undefined) texts.set(key, startText(text))
    else known.text += ` ${text.text}`
  }
  for (const text of [...textOfImage(service), ...textsOfEffects(service)])
    texts.set(placeText(text.place), text)
  for (const text of texts.values()) text.from = programEnd(text)
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)
}

/** The length of what stands before the arguments of a command: its program, whatever services are called. */
function programEnd({ text, place }: NamingText): number {
  return PROGRAMS[place.kind]?.exec(text)?.[0].length ?? 0
}

const FIRST_WORD = /^[\w.-]+(?=\s|$)/
const TESTED_WORD = /^CMD(-SHELL)?\s+[\w.-]+(?=\s|$)/

const PROGRAMS: Partial<Record<TextPlace['kind'], RegExp>> = {
  entrypoint: FIRST_WORD,
  command: FIRST_WORD,
  'image-command': FIRST_WORD,
  settings: FIRST_WORD,
  healthcheck: TESTED_WORD,
  'image-healthcheck': TESTED_WORD,
}

function namesNobody(variable: string, value: string): boolean {
  return NOT_DIALLED.test(variable) || (NO_HOST.test(variable) && /^[\w.-]*$/.test(value))
}

function startText({ text, place, variable }: DialText): NamingText {
  return {
    text,
    place,
    from: 0,
    short: place.kind !== 'file',
    ...(variable === undefined ? {} : { variable }),
  }
}

/** The health check of the image, if the project has none. */
function textOfImage(service: ServiceConversion): NamingText[] {
  const { test = [] } = service.plan.healthTest === undefined ? (healthcheckOf(service) ?? {}) : {}
  const place: TextPlace = { kind: 'image-healthcheck' }
  return test.length === 0 ? [] : [{ text: test.join(' '), place, from: 0, short: true }]
}

/** What the checker of a one-shot tests, and what is run in the container. */
function textsOfEffects({ settings }: ServiceConversion): NamingText[] {
  const { ready, alive } = settings
  const doneWhen = declaredOneShot(settings)?.doneWhen
  const host = doneWhen === undefined ? undefined : effectTarget(doneWhen)?.host
  const commands = [ready, alive].flatMap((effect) => effect?.command ?? [])
  const texts = [
    { kind: 'done-when', text: host ?? '' },
    { kind: 'settings', text: commands.join(' ') },
  ] as const
  return texts.flatMap(({ kind, text }) =>
    text === '' ? [] : [{ text, place: { kind }, from: 0, short: true }],
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
    for (const { name } of hostsIn(text).hosts)
      if (!named.has(name)) named.set(name, placeText(text.place))
  return named
}

const OWN_TEXTS = new Set<TextPlace['kind']>(['environment', 'entrypoint', 'command'])

/** Whether the variables or the command of a service reference another one by one of its names. */
export function references(from: ServiceConversion, to: ServiceConversion): boolean {
  const named = new Set(
    namingTexts(from)
      .filter(({ place }) => OWN_TEXTS.has(place.kind))
      .flatMap((text) => hostsIn(text).hosts.map(({ name }) => name)),
  )
  return to.plan.names.some(
    ({ written, name }) => named.has(name) || named.has(written.toLowerCase()),
  )
}
