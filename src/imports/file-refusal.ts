/** Why a file, or what came with it, is not taken. Nothing of it is sent. The codes are problem slugs. */
export type FileRefusal = {
  readonly code: 'file-unreadable' | 'unsupported-media-type' | 'payload-too-large' | 'validation-failed'
  /** For the caller: what it is, and what mends it. Holds names of columns, never a cell. */
  readonly detail: string
  /** The line of the file, from 1, as an editor counts them. */
  readonly line?: number
  /** With `validation-failed`: each place of the options that is wrong, as JSON Pointer into them. */
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[]
}

/** Ends the reading of a stream whose file is refused on the way. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
  readonly refusal: FileRefusal
  constructor(refusal: FileRefusal) {
    super(refusal.detail)
    this.refusal = refusal
  }
}

const longestQuotation = 60

/** A caller's own words for an error text: on one line, cut to a length. */
export function quoted(words: string): string {
  const line = words.replace(/\p{Cc}+/gu, ' ').trim()
  const characters = line.length <= longestQuotation ? line : `${[...line].slice(0, longestQuotation).join('')}…`
  return `“${characters}”`
}
