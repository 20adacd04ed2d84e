import { type FileRefusal, quoted } from '../file/file-refusal.ts'
import { encodingRefusal, seemsToBe } from './encoding-refusals.ts'

/** How the bytes of a file are to be read: the name of the encoding in lower case, and whether it begins with its mark. */
export type FileEncoding = { readonly encoding: string; readonly hasMark: boolean }

/**
 * Tells the encoding of a file from its first bytes: what the caller says, else what its byte order mark says, else UTF-8.
 * Nothing else is taken for it; what it seems to be is for the words of refusals.
 */
export async function identifyEncoding(head: Uint8Array, declared?: string): Promise<FileEncoding | FileRefusal> {
  const mark = marks.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))?.encoding
  const wide = mark === undefined ? wideWithoutMark(head) : undefined
  if (declared === undefined) {
    if (wide !== undefined) return unmarked(wide)
    return { encoding: mark ?? 'utf-8', hasMark: mark !== undefined }
  }
  const { encodingOf } = await import('./text-encoding.ts')
  const encoding = encodingOf(declared)
  if (encoding === undefined) return unknownEncoding(declared)
  const found = mark ?? wide
  if (found === undefined && isWide(encoding)) return isNotWide(encoding)
  // Which of the two UTF-16 it is a mark says better than a label such as utf-16.
  if (found !== undefined && found !== encoding && !(mark !== undefined && isWide(mark) && isWide(encoding)))
    return contradicts(encoding, found)
  return { encoding: found ?? encoding, hasMark: mark !== undefined }
}

const marks = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const

type Wide = 'utf-16le' | 'utf-16be'

function isWide(encoding: string): encoding is Wide {
  return encoding === 'utf-16le' || encoding === 'utf-16be'
}

/** Separators and line breaks, in every language, have a NUL beside them in UTF-16: behind them, or before them. */
function wideWithoutMark(head: Uint8Array): Wide | undefined {
  let before = 0
  let behind = 0
  for (let index = head.indexOf(0); index >= 0; index = head.indexOf(0, index + 1)) {
    if (index % 2 === 0) before++
    else behind++
  }
  if (behind > before && hasWideBreak(head, 0)) return 'utf-16le'
  return before > behind && hasWideBreak(head, 1) ? 'utf-16be' : undefined
}

function hasWideBreak(head: Uint8Array, at: 0 | 1): boolean {
  for (let index = at; index < head.length; index += 2) {
    const isBreak = head[index] === 0x0a || head[index] === 0x0d
    if (isBreak && head[at === 0 ? index + 1 : index - 1] === 0) return true
  }
  return false
}

function unmarked(encoding: Wide): FileRefusal {
  return { code: 'file-unreadable', detail: `The file is not UTF-8. ${seemsToBe(encoding)}`, suggests: { encoding } }
}

function unknownEncoding(declared: string): FileRefusal {
  return encodingRefusal(
    'unknown_encoding',
    `There is no encoding ${quoted(declared)}. Known are those of the Encoding Standard (encoding.spec.whatwg.org), for example windows-1252, iso-8859-2, macintosh, shift_jis, gb18030, utf-16le. Without encoding the file is read as UTF-8.`,
  )
}

function contradicts(encoding: string, found: string): FileRefusal {
  const mend = found === 'utf-8' ? 'Leave encoding out' : `Send \`encoding: "${found}"\``
  return encodingRefusal('wrong_encoding', `The file is not in ${encoding}: it is in ${found}. ${mend}.`)
}

function isNotWide(encoding: Wide): FileRefusal {
  const mend = 'Leave encoding out, or send the one that it is in'
  return encodingRefusal('wrong_encoding', `The file is not in ${encoding}: no line of it ends as in UTF-16. ${mend}.`)
}
