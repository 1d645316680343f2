/** A stream that text is written to. */
export interface Writer {
  /** What a terminal would obey is shown, but for colours of Landfall. */
  write(text: string): void
  /** Resolves when the reader of the stream has taken what was written: it may be slower than what is printed. */
  taken?(): Promise<unknown>
  /** Width in characters; undefined: not a terminal. */
  readonly columns: number | undefined
  /** Height in lines; undefined: not a terminal. */
  readonly rows: number | undefined
}
