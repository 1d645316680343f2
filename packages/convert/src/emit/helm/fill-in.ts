import type { ObjectComments } from '../comments.ts'
import { toYaml } from '../yaml.ts'
import { type Mark, TOKEN } from './marks.ts'

const INLINE = new RegExp(TOKEN, 'g')
const WHOLE = new RegExp(`"${TOKEN}"`, 'g')
/** `  key: "TOKEN"`, `  - key: "TOKEN"` */
const LINE = new RegExp(`^(?<lead> *(?:- )*)(?<key>.*): "${TOKEN}"$`)
/** `  "TOKEN": x` */
const KEY = new RegExp(`^(?<lead> *)"${TOKEN}": x$`)
/** `  - "TOKEN"` */
const ITEM = new RegExp(`^(?<lead> *)- "${TOKEN}"$`)
/** What a template would take for the beginning of an action: two braces, or one before an action. */
const BRACES = new RegExp(`\\{\\{|\\{(?=${TOKEN})`, 'g')

/** White space at the end of a line, which an action on the next one would remove. It is looked for once in a run of it: texts are indented. */
const TRAILING = /(?<![ \t])[ \t]+$/gm

function printed(text: string): string {
  return `{{ ${JSON.stringify(text)} }}`
}

/** A marked value as the text of a template: what the project holds is printed as it is, also where it looks like a template. */
export function templateOf(
  value: unknown,
  marks: readonly Mark[],
  comments?: ObjectComments,
): string {
  return toYaml(value, comments)
    .replace(BRACES, printed)
    .replace(TRAILING, printed)
    .split('\n')
    .map((line) => (line.includes('\ue000') ? fillLine(line, marks) : line))
    .join('\n')
}

function fillLine(line: string, marks: readonly Mark[]): string {
  const entries = KEY.exec(line)
  const own = markOf(entries, marks)
  if (own?.kind === 'line') return `${entries?.groups?.lead ?? ''}${own.text}`
  if (own?.kind === 'entries') {
    const lead = entries?.groups?.lead ?? ''
    const form = own.as === 'text' ? '$value | quote' : 'toJson $value'
    return `${lead}{{- range $key, $value := ${own.value} }}\n${lead}{{ $key | quote }}: {{ ${form} }}\n${lead}{{- end }}`
  }
  const item = ITEM.exec(line)
  const added = markOf(item, marks)
  if (added?.kind === 'variables')
    return `{{- with ${added.value} }}${included(added.template, item?.groups?.lead)}{{- end }}`
  const keyed = LINE.exec(line)
  const { lead = '', key = '' } = keyed?.groups ?? {}
  const mark = markOf(keyed, marks)
  if (mark?.kind === 'optional')
    return `${lead}{{- with ${mark.value} }}\n${lead}${fillText(key, marks)}: {{ toJson . }}\n${lead}{{- end }}`
  if (mark?.kind === 'variables')
    return `${lead}{{- with ${mark.value} }}\n${lead}${key}: ${included(mark.template, lead)}\n${lead}{{- end }}`
  if (mark?.kind === 'include') return `${lead}${key}: ${included(mark.template, `${lead}  `)}`
  return fillText(line, marks)
}

function included(template: string, lead = ''): string {
  return `{{- include "${template}" . | nindent ${lead.length} }}`
}

function markOf(found: RegExpExecArray | null, marks: readonly Mark[]): Mark | undefined {
  return found === null ? undefined : marks[Number(found[3] ?? found[2])]
}

function fillText(text: string, marks: readonly Mark[]): string {
  return text
    .replace(WHOLE, (found, number) => {
      const mark = marks[Number(number)]
      return mark?.kind === 'whole' ? mark.text : found
    })
    .replace(INLINE, (found, number) => {
      const mark = marks[Number(number)]
      return mark?.kind === 'inline' ? mark.text : found
    })
}
