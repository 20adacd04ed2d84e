import type { ImportWarning } from '../columns/column-target.ts'
import { cutCell } from '../file/file-refusal.ts'
import type { CsvFile } from '../file/table-of-records.ts'
import { suggestion } from './encoding-refusals.ts'

const beyondAscii = /[^\p{ASCII}]/u
/** Of all columns together as many characters are looked at: others wait meanwhile. */
const mostCharacters = 6_000

/**
 * Where texts of the first rows look as if they had been read in a wrong encoding, now or before they came here. It is a
 * warning, since a text may really say so.
 */
export async function warnOfEncoding({ header, firstRows, format }: ReadFile): Promise<readonly ImportWarning[]> {
  const texts = header.map((name, index) =>
    [name, ...firstRows.map(({ cells }) => cells[index] ?? '')].filter((cell) => beyondAscii.test(cell)),
  )
  const telling = texts.filter(({ length }) => length > 0).length
  if (telling === 0) return []
  const { findDoubt } = await import('./doubtful-text.ts')
  return texts.flatMap((cells, index): ImportWarning[] => {
    const doubt = findDoubt(firstOf(cells, mostCharacters / telling), format.encoding)
    if (doubt === undefined) return []
    const column = header[index] as string
    const example = doubt.example.replace(/\p{Cc}|\p{Co}/gu, escaped)
    const detail = `Column ${index + 1} has texts that were read in a wrong encoding, it seems, such as “${example}”. ${howToMend(doubt.seemsToBe, format.encoding)}`
    const suggests = canBeSaid(format.encoding) ? suggestion(doubt.seemsToBe) : undefined
    return [{ code: 'encoding_doubtful', column, detail, ...(suggests !== undefined && { suggests }) }]
  })
}

/** Cells cut to the length that a report shows, until they have so many characters together. */
function firstOf(cells: readonly string[], characters: number): readonly string[] {
  const first: string[] = []
  for (let length = 0; length < characters && first.length < cells.length; ) {
    const cell = cutCell(cells[first.length] as string)
    first.push(cell)
    length += cell.length
  }
  return first
}

type ReadFile = Pick<CsvFile, 'header' | 'firstRows' | 'format'>

/** A character that is not seen, as JSON writes it. */
function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** A file that is in Unicode was damaged before it came here: no option mends that. */
function canBeSaid(encoding: string | undefined): encoding is string {
  return encoding !== undefined && !encoding.startsWith('utf-16')
}

function howToMend(seemsToBe: string | undefined, encoding: string | undefined): string {
  if (!canBeSaid(encoding))
    return 'If so they were damaged before the file was made: export it anew from where they are right.'
  if (seemsToBe === undefined) return `If so the file is not in ${encoding}, or it was damaged before.`
  const right = seemsToBe === 'utf-8' ? 'leave encoding out' : `send \`encoding: "${seemsToBe}"\``
  return `If so ${right}: the file was read in ${encoding}, and seems to be in ${seemsToBe}.`
}
