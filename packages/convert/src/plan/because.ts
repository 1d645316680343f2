import { fillIn, type NamesIn, type ValuesOf } from '../ledger/text.ts'

/** Why something is decided as it is: a code for programs, which never changes, and its text for people. */
export interface Because {
  /** `workload-kind/declared` */
  readonly code: string
  /** One line, which completes "because". */
  readonly text: string
}

/** Makes the causes of one table by their keys; `all` are the codes with their texts, with the names of values in them. */
export interface Causes<Table extends Readonly<Record<string, string>>> {
  <Key extends keyof Table & string>(key: Key, ...values: ValuesOf<NamesIn<Table[Key]>>): Because
  readonly all: readonly Because[]
}

/** The causes of a table by their keys; in texts `<name>` stands for a value. A code is `<id>/<key>`. */
export function causes<const Table extends Readonly<Record<string, string>>>(
  id: string,
  table: Table,
): Causes<Table> {
  const all = Object.entries(table).map(([key, text]) => ({ code: `${id}/${key}`, text }))
  const make = (key: string, values?: Readonly<Record<string, string | number>>): Because => ({
    code: `${id}/${key}`,
    text: fillIn(table[key] as string, values),
  })
  return Object.assign(make, { all }) as Causes<Table>
}
