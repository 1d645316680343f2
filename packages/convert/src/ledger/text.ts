/** The names between `<` and `>` in a text. */
export type NamesIn<Text> = Text extends `${string}<${infer Name}>${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

/** What stands for the names of a text: nothing where it has none. */
export type ValuesOf<Names extends string> = [Names] extends [never]
  ? []
  : [values: Readonly<Record<Names, string | number>>]

/** A text with its names replaced: `<count> at a time` with `{ count: 2 }` is `2 at a time`. */
export function fillIn(
  text: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return text.replace(/<([a-z]\w*)>/gi, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for <${name}> in "${text}"`)
    return String(value)
  })
}
