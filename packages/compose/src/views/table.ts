/** Rows in columns at least twenty characters wide and three apart; the last column is not filled up. */
export function printTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(20, ...rows.map((row) => [...(row[column] ?? '')].length + 3)),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1
          ? cell
          : cell + ' '.repeat((widths[column] as number) - [...cell].length),
      )
      .join(''),
  )
  return `${lines.join('\n')}\n`
}
