/**
 * Reads CSV as it comes: only as many records as are wanted, for a report may have half a million.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {object} how
 * @param {string} how.encoding
 * @param {string} how.delimiter
 * @param {number} how.most records, with the header
 * @returns {Promise<{ records: string[][], isAll: boolean }>}
 */
export async function readRecords(body, { encoding, delimiter, most }) {
  const reader = body.pipeThrough(/** @type {any} */ (new TextDecoderStream(encoding))).getReader()
  const parser = recordParser(delimiter)
  /** @type {string[][]} */
  const records = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      records.push(...parser(done ? undefined : value))
      if (records.length > most) return { records: records.slice(0, most), isAll: false }
      if (done) return { records, isAll: true }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/**
 * Takes text piece by piece, `undefined` for the end, and gives the records that are whole. Lines without anything are none.
 * @param {string} delimiter
 */
function recordParser(delimiter) {
  let cell = ''
  /** @type {string[]} */
  let record = []
  let isQuoted = false
  let wasQuote = false
  let isStart = true
  /** @param {string | undefined} text */
  return (text) => {
    /** @type {string[][]} */
    const done = []
    const endRecord = () => {
      record.push(cell)
      if (record.length > 1 || cell !== '') done.push(record)
      record = []
      cell = ''
      isStart = true
      wasQuote = false
    }
    if (text === undefined) {
      if (record.length > 0 || cell !== '') endRecord()
      return done
    }
    for (const sign of text) {
      if (isQuoted) {
        if (sign === '"') {
          isQuoted = false
          wasQuote = true
        } else cell += sign
      } else if (sign === '"' && (isStart || wasQuote)) {
        // A second one within quotes is a quotation mark; the first of a cell opens it.
        if (wasQuote) cell += sign
        isQuoted = true
        isStart = false
        wasQuote = false
      } else if (sign === delimiter) {
        record.push(cell)
        cell = ''
        isStart = true
        wasQuote = false
      } else if (sign === '\n' || sign === '\r') endRecord()
      else {
        cell += sign
        isStart = false
        wasQuote = false
      }
    }
    return done
  }
}

/**
 * @param {readonly (readonly string[])[]} records
 * @returns {string} with commas, in the form that every program reads
 */
export function writeRecords(records) {
  const cellText = (/** @type {string} */ cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  return records.map((record) => `${record.map(cellText).join(',')}\r\n`).join('')
}
