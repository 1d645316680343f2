import type { TextPlace } from './place.ts'
import type { DialText } from './texts.ts'

/** Words by which a variable, a flag or a key of a config file says that its value is a host, and those which deny it. */
const HOST_WORD =
  /(host|server|addr|url|uri|endpoint|broker|upstream|backend|node|peer|bootstrap|dsn|registry|connect|proxy_pass|nslookup|^ping$|^dig$|^nc$|^telnet$|^-h$)/i
const OTHER_WORD =
  /(name|user|pass(word)?|db|database|id|topic|queue|title|image|initial_(master|cluster_manager)_nodes)$/i

/** A word that may be a name: `my_db` is not found in `my_db_2` nor in `x.my_db`. */
const WORD = /(?<![\w.-])\w[\w.-]*(?![\w-])/g

/** What stands before a value: `host = "`, `"host": "`, `--host=`, `server `. */
const LONGEST_KEY = 100
const KEY_BEFORE = /([\w.-]+)["']?\s*[=: ]\s*["'[]*$/

/** The end of a list before its last value: `a:9200, "b", `. */
const LONGEST_VALUE = 260
const VALUE_BEFORE = /(?<![\w.-])\w[\w.-]*(:\d{1,5})?["']?\s*,\s*["']?$/

/** Puts another word in place of every one that may be a name; `before` and `after` are what stands around it. */
export function replaceWords(
  line: string,
  lead: string,
  replace: (word: string, before: string, after: string) => string,
): string {
  return line.replace(WORD, (found, at: number) => {
    const word = found.replace(/[.-]+$/, '')
    const rest = found.slice(word.length)
    return replace(word, lead + line.slice(0, at), rest + line.slice(at + found.length)) + rest
  })
}

/** What stands before a text as a whole: its variable, or the argument before it. */
export function leadOf(
  { variable, place }: Pick<DialText, 'variable' | 'place'>,
  previous: string,
): string {
  if (variable !== undefined) return `${variable}=`
  return COMMANDS.has(place.kind) ? `${previous} ` : ''
}

const COMMANDS = new Set<TextPlace['kind']>(['command', 'entrypoint', 'healthcheck'])

/** Whether a word stands where a host does: before a port, in a URL, after an `@`, as the value of what is called a host. */
export function isDialled(before: string, after: string): boolean {
  if (/(:\/\/|@)$/.test(before) || /^:\d/.test(after)) return true
  const key = keyBefore(beforeList(before))
  return key !== undefined && HOST_WORD.test(key) && !OTHER_WORD.test(key)
}

/** The variable, flag, directive or key whose value begins where a text ends. */
export function keyBefore(before: string): string | undefined {
  return KEY_BEFORE.exec(before.slice(-LONGEST_KEY))?.[1]
}

/** A text that ends within a list, without the values before the last. */
function beforeList(before: string): string {
  let end = before.length
  for (;;) {
    const value = VALUE_BEFORE.exec(before.slice(Math.max(0, end - LONGEST_VALUE), end))
    if (value === null) return before.slice(Math.max(0, end - LONGEST_KEY), end)
    end -= value[0].length
  }
}
