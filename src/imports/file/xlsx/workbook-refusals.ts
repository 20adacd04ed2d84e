import { type FileRefusal, FileRefused } from '../file-refusal.ts'
import { UploadNotKept } from '../nameless-file.ts'

/** `mend` begins a sentence of its own. */
function refusal(code: FileRefusal['code'], what: string, mend: string): FileRefused {
  return new FileRefused({ code, detail: `${what}. ${mend}.` })
}

/** The refusal of another kind of file, for example `a zip file`. */
export function noWorkbook(what: string, mend = saveAs): FileRefused {
  return refusal(
    'unsupported-media-type',
    `This is ${what}, not an Excel workbook (.xlsx), whatever its name says`,
    mend,
  )
}

const saveAs = 'Open it in the program that it belongs to and save it as .xlsx, or as CSV in UTF-8'

export function protectedByPassword(): FileRefused {
  const mend = 'Open it, take the password away (File, Info, Protect Workbook), save it and upload it again'
  return refusal('file-unreadable', 'The workbook is protected by a password, so it cannot be read', mend)
}

/** The refusal of a workbook that is not whole, or not as one is written. `what`: a sentence without its stop. */
export function brokenWorkbook(what: string): FileRefused {
  const mend = 'Open it in a spreadsheet program, save it as a new .xlsx and upload that'
  return refusal('file-unreadable', `The workbook is broken: ${what}`, mend)
}

export function unreadableWorkbook(what: string, mend: string): FileRefused {
  return refusal('file-unreadable', what, mend)
}

/** The refusal of a workbook that would come to more than it may. */
export function workbookTooLarge(what: string): FileRefused {
  const mend = 'Save the sheet with the people alone in a new workbook, or as CSV in UTF-8, or split it'
  return refusal('payload-too-large', what, mend)
}

/**
 * What a library says of a file, as the refusal of the file: which of its words mean what is not known, and its bytes come
 * from a caller.
 */
export function asBroken(error: unknown, what: string): unknown {
  return error instanceof FileRefused || error instanceof UploadNotKept ? error : brokenWorkbook(what)
}
