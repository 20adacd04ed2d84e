/**
 * Reads RFC 4180 CSV: comma-separated, CRLF or LF, fields in double quotes may hold commas, line breaks and doubled quotes.
 * Nothing is trimmed and a byte order mark is part of the first field. Empty lines are left out.
 * @throws Error for a quote that is not closed or stands inside or after an otherwise bare field.
 */
export function readCsvRecords(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let position = 0
  while (position < text.length) {
    const field = text[position] === '"' ? readQuoted(text, position) : readBare(text, position)
    record.push(field.value)
    position = field.end
    if (text[position] === ',') {
      position += 1
      if (position === text.length) record.push('')
      else if (text[position] !== '\r' && text[position] !== '\n') continue
      else record.push('')
    }
    position = skipLineBreak(text, position)
    if (record.length > 1 || record[0] !== '') records.push(record)
    record = []
  }
  return records
}

interface Field {
  value: string
  /** Where the separator or line break after the field stands. */
  end: number
}

function readBare(text: string, start: number): Field {
  let end = start
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') {
    if (text[end] === '"') throw new Error('a quote inside a field that is not quoted')
    end += 1
  }
  return { value: text.slice(start, end), end }
}

function readQuoted(text: string, start: number): Field {
  let close = text.indexOf('"', start + 1)
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close < 0) throw new Error('a quoted field that is not closed')
  const next = text[close + 1]
  if (next !== undefined && next !== ',' && next !== '\n' && next !== '\r')
    throw new Error('text after a closing quote')
  return { value: text.slice(start + 1, close).replaceAll('""', '"'), end: close + 1 }
}

function skipLineBreak(text: string, position: number): number {
  const afterReturn = text[position] === '\r' ? position + 1 : position
  return text[afterReturn] === '\n' ? afterReturn + 1 : afterReturn
}
