import type { AttributeValue, Contact } from '../../domain/contact.ts'
import { ExactNumber, parseExactly } from '../../domain/exact-number.ts'
import type { ParsedContact } from '../../domain/parse-contact.ts'

/** Why a row cannot be sent to any account. */
export type RowRefusal = {
  readonly code: string
  readonly detail: string
  /** The column's name in the file; empty when no single one is to blame. */
  readonly column: string
  readonly value: string
}

/** An earlier row that is the same person for these accounts, `undefined` for all. `differs`: not in all of its values. */
export type Repeat = {
  readonly of: number
  readonly differs: boolean
  readonly accounts: readonly string[] | undefined
}

/** One row of an import, read and checked once, for all accounts. With a `refusal` it is sent to none. */
export type BlockRow = ParsedContact & {
  readonly refusal: RowRefusal | undefined
  /** For each account one at most. */
  readonly repeats: readonly Repeat[]
  /** Rows for some accounts only were compared with the others too. Version 0.1.0 did not. */
  readonly isCompared: boolean
  /** The only accounts that are to get it; `undefined` for all of the list. */
  readonly accounts: readonly string[] | undefined
  /** Its person was erased, by the erasure of this id: nothing of the row is left, and nothing is sent. */
  readonly erased?: string
}

/** Rows that are written and read together. */
export const rowsPerPiece = 100

const texts = ['ref', 'name', 'firstName', 'lastName', 'email', 'phone', 'whatsapp'] as const

/** Where a row lacks the field there is a hole, which JSON writes as null; a field that all rows lack is absent. */
type Columns = { [Field in (typeof texts)[number]]?: (string | null)[] } & {
  tags?: (readonly string[] | null)[]
  attributes?: (Readonly<Record<string, AttributeValue>> | null)[]
}

/** The members that most rows do not have. */
type Note = Partial<Pick<BlockRow, 'warnings' | 'refusal' | 'repeats' | 'accounts' | 'erased'>> & {
  /** In pieces without a `form`: the earlier row that is the same person for all accounts. */
  readonly duplicateOf?: number
}

/**
 * A piece as JSON, by columns: so it is short, and quick to write and to read. Pieces of version 0.1.0, which may be in a
 * queue still, have no `form`. `exact`: it holds an `ExactNumber`.
 */
type Piece = {
  readonly form?: 2
  readonly rows: number
  readonly columns: Columns
  readonly notes: readonly (readonly [number, Note])[]
  readonly exact?: true
}

/** Rows that are read now have all been compared. */
export type NewRow = Omit<BlockRow, 'isCompared'> & Partial<Pick<BlockRow, 'isCompared'>>

/** Collects the rows of one piece after the other. */
export class PieceCollector {
  #rows = 0
  #columns: Columns = {}
  #exact = false
  #isCompared = true
  #notes: [number, Note][] = []

  add({ contact, warnings, refusal, repeats, accounts, erased, isCompared = true }: NewRow): void {
    const at = this.#rows++
    this.#isCompared &&= isCompared
    const columns = this.#columns
    for (const field of texts) {
      const value = contact[field]
      if (value === undefined) continue
      columns[field] ??= []
      columns[field][at] = value
    }
    if (contact.tags.length > 0) {
      columns.tags ??= []
      columns.tags[at] = contact.tags
    }
    for (const name in contact.attributes) {
      columns.attributes ??= []
      columns.attributes[at] = contact.attributes
      this.#exact ||= contact.attributes[name] instanceof ExactNumber
    }
    const isPlain = warnings.length === 0 && refusal === undefined && repeats.length === 0 && accounts === undefined
    if (isPlain && erased === undefined) return
    const lists = { ...(warnings.length > 0 && { warnings }), ...(repeats.length > 0 && { repeats }) }
    this.#notes.push([at, { ...lists, refusal, accounts, ...(erased !== undefined && { erased }) }])
  }

  /** What was collected, as JSON. */
  take(): string {
    const exact = this.#exact ? { exact: true as const } : undefined
    const form = this.#isCompared ? { form: 2 as const } : undefined
    const piece: Piece = { ...form, rows: this.#rows, columns: this.#columns, notes: this.#notes, ...exact }
    this.#rows = 0
    this.#columns = {}
    this.#exact = false
    this.#isCompared = true
    this.#notes = []
    return JSON.stringify(piece)
  }
}

const none: readonly never[] = []
const noAttributes = Object.freeze({})
const noNote: Note = {}

export function readPiece(json: string): readonly BlockRow[] {
  const piece = JSON.parse(json) as Piece
  const { form, rows, columns, notes } = piece.exact === true ? (parseExactly(json) as Piece) : piece
  const noteOf = new Map(notes)
  const read: BlockRow[] = []
  for (let at = 0; at < rows; at++) {
    const note = (notes.length === 0 ? undefined : noteOf.get(at)) ?? noNote
    read.push({
      contact: contactAt(columns, at),
      warnings: note.warnings ?? none,
      error: undefined,
      refusal: note.refusal,
      repeats: note.repeats ?? repeatsOfOld(note),
      isCompared: form !== undefined,
      accounts: note.accounts,
      ...(note.erased !== undefined && { erased: note.erased }),
    })
  }
  return read
}

function repeatsOfOld({ duplicateOf }: Note): readonly Repeat[] {
  return duplicateOf === undefined ? none : [{ of: duplicateOf, differs: false, accounts: undefined }]
}

function contactAt(columns: Columns, at: number): Contact {
  return {
    ref: columns.ref?.[at] ?? undefined,
    name: columns.name?.[at] ?? undefined,
    firstName: columns.firstName?.[at] ?? undefined,
    lastName: columns.lastName?.[at] ?? undefined,
    email: columns.email?.[at] ?? undefined,
    phone: columns.phone?.[at] ?? undefined,
    whatsapp: columns.whatsapp?.[at] ?? undefined,
    tags: columns.tags?.[at] ?? none,
    attributes: columns.attributes?.[at] ?? noAttributes,
  }
}
