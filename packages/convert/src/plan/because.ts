import { fillIn, type NamesIn, type ValuesOf } from '../ledger/text.ts'

/** Why something is decided as it is: a code for programs, which never changes, and its text for people. */
export interface Because {
  /** `workload-kind/declared` */
  readonly code: string
  /** One line, which completes "because". */
  readonly text: string
}

/** Makes the causes of one table by their keys. */
export type Causes<Table extends Readonly<Record<string, string>>> = <
  Key extends keyof Table & string,
>(
  key: Key,
  ...values: ValuesOf<NamesIn<Table[Key]>>
) => Because

/** The causes of a table by their keys; in texts `<name>` stands for a value. A code is `<id>/<key>`. */
export function causes<const Table extends Readonly<Record<string, string>>>(
  id: string,
  table: Table,
): Causes<Table> {
  return (key, ...[values]) => ({
    code: `${id}/${key}`,
    text: fillIn(table[key] as string, values),
  })
}
