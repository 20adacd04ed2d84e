/** A column of a table: its title, and the width that its cells are cut to. */
export type TableColumn = { readonly title: string; readonly most: number; readonly isNumber?: boolean }

/** A table as lines, with two blanks between columns, as wide as its cells need. */
export function textTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const cut = [columns.map(({ title }) => title), ...rows].map((row) =>
    row.map((cell, index) => shorten(cell, columns[index]?.most ?? 0)),
  )
  const widths = columns.map((_, index) => Math.max(...cut.map((row) => lengthOf(row[index] ?? ''))))
  const lines = cut.map((row) =>
    row
      .map((cell, index) => {
        const pad = ' '.repeat((widths[index] ?? 0) - lengthOf(cell))
        return columns[index]?.isNumber === true ? pad + cell : cell + pad
      })
      .join('  ')
      .trimEnd(),
  )
  return lines.map((line) => `  ${line}\n`).join('')
}

function lengthOf(cell: string): number {
  return [...cell].length
}

/** On one line: a name in a file may hold what a terminal obeys. */
function shorten(cell: string, most: number): string {
  const line = [...cell.replace(/\p{Cc}|\p{Cf}/gu, ' ')]
  return line.length > most ? `${line.slice(0, most - 1).join('')}…` : line.join('')
}
