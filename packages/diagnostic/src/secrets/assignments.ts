import { type FoundSecret, secretsIn, withoutOverlaps } from './find.ts'
import { isSecretByName } from './names.ts'

/** Values that refer to a secret and are none: variables, templates, placeholders. */
const REFERENCE =
  /^(\$[\w({].*|\{\{.*|%[\w(].*|<[^<>]*>|[*x.…-]+|["'`]*|\$\{?|your[-_ ].*|@\w+@|__\w+__|ENC\[.*|\[|\{|\||>|\|-|>-|!\w+.*)$/i

/** Names under which configuration has values of many kinds: `token`, `secret`. */
const VAGUE = /^(?:pin|salt|token|secrets?|pass)$/i

/** Names that are names of secrets in texts only if the value is random; variables of these names are secrets all the same. */
const NOT_IN_TEXTS =
  /^key$|(?:^|[_.-])(?:cache|primary|foreign|partition|sort|routing|row|column|hash|object|search|group|lookup|map|foreach|on|config|label|dict|data|answer|hot|short)[_.-]?key$/i

/** `name: value`, `"name": "value"`, `name = value`, `NAME=value`, `--name=value`, `name => 'value'`, `<name>value<`. */
const ASSIGNMENT =
  /(?<![\w$])(?<name>[A-Za-z][\w.-]{1,80})(?:["']?\s{0,20}(?::|=>?)[ \t]{0,20}(?:"(?<double>[^"\n]{1,500})"|'(?<single>[^'\n]{1,500})'|(?<bare>[^\s"',;&|<>()[\]{}]{1,500})(?=[\s"',;&|<>)\]}]|$))|>(?<element>[^<>\s]{1,500})<\/)/g

/** `--name value`, and the directives of Redis. */
const OPTION =
  /(?<![\w-])(?:--?(?<option>[A-Za-z][\w.-]{1,80})|(?<directive>requirepass|masterauth))[ \t]+(?:"(?<double>[^"\n]{1,500})"|'(?<single>[^'\n]{1,500})'|(?<bare>[^\s"'-][^\s"']{0,500}))/g

/** `<name>x</name><value>y</value>` */
const TAGS =
  /<(?:name|key)>\s{0,20}(?<name>[A-Za-z][\w.-]{1,80})\s{0,20}<\/(?:name|key)>\s{0,100}<value>(?<element>[^<>\s]{1,500})<\/value>/g

/** A name and a value that have names themselves: properties of XML, lists of variables. */
const PAIRS: readonly RegExp[] = [
  /\b(?:name|key)\s{0,5}=\s{0,5}["'](?<name>[A-Za-z][\w.-]{1,80})["']\s{1,20}value\s{0,5}=\s{0,5}(?:"(?<double>[^"\n]{1,500})"|'(?<single>[^'\n]{1,500})')/g,
  TAGS,
  /\bname["']?:[ \t]{1,5}["']?(?<name>[A-Za-z][\w.-]{1,80})["']?,?\s{1,100}["']?value["']?:[ \t]{1,5}(?:"(?<double>[^"\n]{1,500})"|'(?<single>[^'\n]{1,500})'|(?<bare>[^\s"',;&|<>()[\]{}]{1,500}))/g,
]

/** Options and statements of well-known programs whose value is a password. */
const OF_PROGRAMS: readonly RegExp[] = [
  /\b(?:mysql|mariadb)(?:admin|-admin|dump|-dump|show|check|import|-check)?\b[^|;&\n]{0,300}?\s-p['"]?(?<secret>[^\s'"]{1,200})/g,
  /\bredis-cli\b[^|;&\n]{0,300}?\s(?:-a|--pass)[\s=]+['"]?(?<secret>[^\s'"]{1,200})/g,
  /\b(?:curl|http|https|wget)\b[^|;&\n]{0,300}?\s(?:-[a-zA-Z]*u|--user|-a|--auth)[\s=]*['"]?[^\s:'"]{1,100}:(?<secret>[^\s'"]{1,200})/g,
  /\b(?:mongo|mongosh|mongodump|mongorestore|mosquitto_(?:sub|pub))\b[^|;&\n]{0,300}?\s-[pP][\s=]+['"]?(?<secret>[^\s'"]{1,200})/g,
  /\b(?:sshpass\s+-p|ldap(?:search|whoami|add|modify)\b[^|;&\n]{0,300}?\s-w)\s*['"]?(?<secret>[^\s'"]{1,200})/g,
  /\b(?:identified\s+by|(?:encrypted\s+)?password)\s+'(?<secret>[^'\n]{1,200})'/gi,
  /\brabbitmqctl\s+(?:add_user|change_password)\s+\S+\s+['"]?(?<secret>[^\s'"]{1,200})/g,
]

/** The forms of names with values; only two of them, and none of {@link OF_PROGRAMS}, can be in a text without white space. */
const forms = (): readonly RegExp[] => [ASSIGNMENT, OPTION, ...PAIRS]
const FORMS_WITHOUT_SPACE = [ASSIGNMENT, TAGS]

/** Lines of configuration that are not in force. */
const COMMENT = /^[ \t]*(?:#|;|\/\/)[^\n]*/gm

/**
 * The secrets of a text, by their form and by the names to which it gives values: for configuration and commands. With `strict` names
 * count under which there are often other values, and comments: for text that is shown.
 */
export function secretsInText(text: string, { strict = false } = {}): FoundSecret[] {
  return withoutOverlaps([...secretsIn(text), ...assignedIn(text, strict)])
}

function assignedIn(text: string, strict: boolean): FoundSecret[] {
  const code = strict ? text : text.replace(COMMENT, (line) => ' '.repeat(line.length))
  const found: FoundSecret[] = []
  const add = (match: RegExpMatchArray, value: string, what: string): void => {
    const start = (match.index ?? 0) + match[0].lastIndexOf(value)
    found.push({ start, end: start + value.length, what })
  }
  const hasSpace = /\s/.test(code)
  for (const form of hasSpace ? forms() : FORMS_WITHOUT_SPACE)
    for (const match of code.matchAll(form)) {
      const { name, option, directive, double, single, bare, element } = match.groups ?? {}
      const called = name ?? option ?? directive ?? ''
      const value = double ?? single ?? bare ?? element ?? ''
      if (value.includes(' ') && !isPassphrase(called, value)) continue
      if ((!strict && VAGUE.test(called)) || !isAssigned(called, value)) continue
      add(match, value, `a value for ${called}`)
    }
  for (const form of hasSpace ? OF_PROGRAMS : [])
    for (const match of code.matchAll(form)) {
      const value = match.groups?.secret ?? ''
      if (!REFERENCE.test(value)) add(match, value, 'a password')
    }
  return found
}

/** Whether a value is one that a generator of keys made, and no word, path or number. */
function isRandom(value: string): boolean {
  if (!/^[A-Za-z0-9+/=_-]{20,}$/.test(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value))
    return false
  return new Set(value).size >= 10 && !/^[\w-]*\/|[_-][a-z]+[_-]/.test(value)
}

/** Several words are a passphrase, and not a label or a sentence about one. */
function isPassphrase(name: string, value: string): boolean {
  return /pass(word|wd|phrase|code)?$/i.test(name) && !/pass(word|wd|phrase|code)|\?$/i.test(value)
}

/** Whether a text that gives this value to this name holds a secret. */
function isAssigned(name: string, value: string): boolean {
  return (
    value.length > 1 &&
    value.toLowerCase() !== name.toLowerCase() &&
    (!NOT_IN_TEXTS.test(name.slice(name.lastIndexOf('.') + 1)) || isRandom(value)) &&
    !REFERENCE.test(value) &&
    isSecretByName(name, value)
  )
}
