import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { shareNetwork } from '../../facts/networks.ts'
import { type DialText, dialTexts } from '../../facts/texts.ts'

/** Words by which a variable, a flag or a key of a config file says that its value is a host, and those which deny it. */
const HOST_WORD =
  /(host|server|addr|url|uri|endpoint|broker|upstream|backend|node|peer|bootstrap|dsn|registry|connect|proxy_pass|^-h$)/i
const OTHER_WORD = /(name|user|pass(word)?|db|database|id|topic|queue|title|image)$/i

/** A word that may be a name: `my_db` is not found in `my_db_2` nor in `x.my_db`. */
const WORD = /(?<![\w.-])\w[\w.-]*(?![\w-])/g

/** What stands before a value: `host = "`, `"host": "`, `--host=`, `server `. */
const LONGEST_KEY = 100
const KEY_BEFORE = /([\w.-]+)["']?\s*[=: ]\s*["'[]*$/

/**
 * Puts the legal name in place of one that is not, wherever a text dials it: before a port, in a URL, after an `@`,
 * or as the value of something that is called a host. A database or a user of the same name is left alone.
 */
export function rewriteDialledNames(conversion: Conversion): void {
  const { everywhere, apart } = renames(conversion)
  for (const service of conversion.services) {
    const meant = apart.filter(
      ({ owner, beside }) => shareNetwork(service, owner) && !shareNetwork(service, beside),
    )
    const legal =
      meant.length === 0
        ? everywhere
        : new Map([...everywhere, ...meant.map(({ written, name }) => [written, name] as const)])
    if (legal.size === 0) continue
    let previous = ''
    for (const text of dialTexts(service)) {
      const lead = leadOf(text, previous)
      previous = text.text
      const changed = new Set<string>()
      const rewritten = text.text
        .split('\n')
        .map((line) => rewriteLine(line, lead, legal, changed))
        .join('\n')
      if (changed.size === 0) continue
      text.replace(rewritten)
      const sentence = [...changed].sort().join(', ')
      if (text.variable !== undefined)
        service.note('names-to-services', ['environment', text.variable], 'adapted', sentence)
      conversion.ledger.amend(text.pointer, sentence)
    }
  }
}

/** Names that every service has to dial in another way, and those that only some networks do. */
function renames({ plan, services, serviceOf }: Conversion): {
  everywhere: Map<string, string>
  apart: { written: string; name: string; owner: ServiceConversion; beside: ServiceConversion }[]
} {
  const everywhere = new Map<string, string>()
  for (const { written, name } of plan.external) if (written !== name) everywhere.set(written, name)
  const apart = services.flatMap((owner) =>
    owner.plan.names.flatMap(({ written, name, beside }) => {
      const other = beside === undefined ? undefined : serviceOf(beside)
      if (other !== undefined) return [{ written, name, owner, beside: other }]
      if (written.toLowerCase() !== name) everywhere.set(written, name)
      return []
    }),
  )
  return { everywhere, apart }
}

/** What stands before a text as a whole: its variable, or the argument before it. */
function leadOf({ variable, where }: DialText, previous: string): string {
  if (variable !== undefined) return `${variable}=`
  return where === 'command' || where === 'entrypoint' ? `${previous} ` : ''
}

function rewriteLine(
  line: string,
  lead: string,
  legal: ReadonlyMap<string, string>,
  changed: Set<string>,
): string {
  return line.replace(WORD, (word, at: number) => {
    const written = word.replace(/[.-]+$/, '')
    const name = legal.get(written)
    if (name === undefined) return word
    const before = lead + line.slice(0, at)
    const after = line.slice(at + word.length)
    const dialled = /(:\/\/|@)$/.test(before) || /^:\d/.test(after) || isHost(before)
    if (!dialled) return word
    changed.add(`${written} is dialled as ${name}`)
    return name + word.slice(written.length)
  })
}

function isHost(before: string): boolean {
  const key = KEY_BEFORE.exec(before.slice(-LONGEST_KEY))?.[1]
  return key !== undefined && HOST_WORD.test(key) && !OTHER_WORD.test(key)
}
