import type { Because } from '../plan/because.ts'
import { fillIn, type NamesIn, type ValuesOf } from './text.ts'

/** From the least to the most that is lost. */
export const OUTCOMES = ['kept', 'ignored', 'adapted', 'dropped', 'refused'] as const

export type Outcome = (typeof OUTCOMES)[number]

/** What a table of reasons says of one code. In texts `<name>` stands for a value. */
export interface ReasonText {
  outcome: Outcome
  /** One line, without a full stop. */
  text: string
  /** What to do; for a dangerous drop {@link ACCEPT} if omitted. */
  hint?: string
  /** With `dropped` and `refused`: the program would behave differently than under Compose. */
  dangerous?: true
  /** How several are listed in one line. */
  many?: ManyText
}

/** One line about several entries: `subject` is the part that differs, `<all>` in `message` stands for the parts of all. */
export interface ManyText {
  subject: string
  message: string
}

declare const MADE: unique symbol

/** Why an entry of the ledger is as it is. Only a table of reasons makes one, so that every code is in one. */
export interface Reason extends Because, Omit<ReasonText, 'text'> {
  readonly [MADE]: true
}

/** A code as it is documented: its texts with the names of the values in them. */
export interface DocumentedReason extends ReasonText {
  code: string
}

export type ReasonTable = Readonly<Record<string, ReasonText>>

type Values<Text extends ReasonText> = ValuesOf<
  NamesIn<Text['text']> | (Text extends { hint: infer Hint } ? NamesIn<Hint> : never)
>

/** Makes the reasons of one table by their keys; `all` are the codes with their texts. */
export interface Reasons<Table extends ReasonTable> {
  <Key extends keyof Table & string>(key: Key, ...values: Values<Table[Key]>): Reason
  readonly all: readonly DocumentedReason[]
}

/** The reasons of an adaptation: a code is `<id>/<key>`, in kebab-case, and never changes. */
export function reasons<const Table extends ReasonTable>(id: string, table: Table): Reasons<Table> {
  const all = Object.entries(table).map(([key, text]) => documented(`${id}/${key}`, text))
  const byCode = new Map(all.map((one) => [one.code, one]))
  const make = (key: string, values?: Readonly<Record<string, string | number>>): Reason => {
    const { text, hint, many, ...rest } = byCode.get(`${id}/${key}`) as DocumentedReason
    return {
      ...rest,
      text: fillIn(text, values),
      ...(many === undefined ? {} : { many: manyOf(many, values) }),
      ...(hint === undefined ? {} : { hint: fillIn(hint, values) }),
    } as Reason
  }
  return Object.assign(make, { all }) as Reasons<Table>
}

function manyOf({ subject, message }: ManyText, values: Parameters<typeof fillIn>[1]): ManyText {
  return {
    subject: fillIn(subject, values),
    message: fillIn(message, { ...values, all: '<all>' }),
  }
}

/** The hint of what a program may do without. */
const ACCEPT = 'accept it in landfall.yaml if the program works without it'

function documented(code: string, { dangerous, hint, ...rest }: ReasonText): DocumentedReason {
  const shown = dangerous === true ? (hint ?? ACCEPT) : hint
  return {
    code,
    ...rest,
    ...(dangerous === undefined ? {} : { dangerous }),
    ...(shown === undefined ? {} : { hint: shown }),
  }
}
