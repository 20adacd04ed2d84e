import type { FileRefusal, SuggestedOptions } from '../file/file-refusal.ts'

/** The option `encoding` cannot be right. */
export function encodingRefusal(code: string, detail: string): FileRefusal {
  return { code: 'validation-failed', detail, errors: [{ pointer: '#/encoding', code, detail }] }
}

/** A line holds bytes that are no text in UTF-8; `guess` is the encoding that the file seems to be in, if that can be told. */
export function notUtf8(line: number, guess: string | undefined): FileRefusal {
  const what = 'There are bytes that are not UTF-8.'
  if (guess === 'utf-8') return unreadable(line, `${what} ${damaged}`)
  return unreadable(line, `${what} ${seemsToBe(guess)}`, suggestion(guess))
}

/** A line holds bytes that are no text in the encoding that was declared. */
export function notInEncoding(line: number, encoding: string, guess: string | undefined): FileRefusal {
  const what = `There are bytes that are no text in ${encoding}.`
  if (guess === encoding) return unreadable(line, `${what} ${damaged}`)
  if (guess === 'utf-8')
    return unreadable(line, `${what} The file seems to be in UTF-8: leave encoding out.`, suggestion(guess))
  return unreadable(line, `${what} ${seemsToBe(guess)}`, suggestion(guess))
}

const damaged = 'The file seems to be damaged or cut off there. Export it again.'

/** The whole file is UTF-8, and that is no chance. */
export function isUtf8Instead(encoding: string): FileRefusal {
  const refusal = encodingRefusal(
    'wrong_encoding',
    `The file is UTF-8 from its first to its last byte, so it is not in ${encoding}: its names would be damaged. Leave encoding out.`,
  )
  return { ...refusal, suggests: { encoding: null } }
}

/** What it seems to be, and what mends it. */
export function seemsToBe(guess: string | undefined): string {
  if (guess === undefined)
    return 'Name its encoding in the options, for example `encoding: "windows-1252"`, or export it as CSV in UTF-8 (in Excel “CSV UTF-8”).'
  return `The file seems to be in ${guess}: if so, send \`encoding: "${guess}"\` in the options, or export it as CSV in UTF-8 (in Excel “CSV UTF-8”).`
}

/** The option that is right where the file is in this encoding. */
export function suggestion(encoding: string | undefined): SuggestedOptions | undefined {
  if (encoding === undefined) return undefined
  return { encoding: encoding === 'utf-8' ? null : encoding }
}

function unreadable(line: number, detail: string, suggests?: SuggestedOptions): FileRefusal {
  return { code: 'file-unreadable', detail, line, ...(suggests !== undefined && { suggests }) }
}
