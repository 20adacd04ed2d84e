/** Options by which a file would be read, most likely. `encoding: null`: without one. */
export type SuggestedOptions = { readonly encoding?: string | null; readonly headerRow?: number }

/** Why a file, or what came with it, is not taken. Nothing of it is sent. The codes are problem slugs. */
export type FileRefusal = {
  readonly code: 'file-unreadable' | 'unsupported-media-type' | 'payload-too-large' | 'validation-failed'
  /** For the caller: what it is, and what mends it. Holds names of columns, never a cell. */
  readonly detail: string
  /** The line of the file, from 1, as an editor counts them. */
  readonly line?: number
  readonly suggests?: SuggestedOptions
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

/** `, for example {"Phone": "email"}`, where the column has a name that is not too long to be repeated. */
export function mappingExample(column: string, target: string | null): string {
  if (column.trim() === '' || column.length > longestQuotation) return ''
  return `, for example {${JSON.stringify(column)}: ${JSON.stringify(target)}}`
}

const reportedCharacters = 200

/** A cell for a report, cut to 200 characters. */
export function cutCell(value: string): string {
  return value.length <= reportedCharacters ? value : value.slice(0, reportedCharacters).replace(/[\ud800-\udbff]$/, '')
}
