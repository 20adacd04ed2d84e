import { type Contact, type ContactDraft, identityOf } from '../domain/contact.ts'
import type { OutcomeError } from '../domain/outcome.ts'
import { type ReadContact, readContact } from '../domain/read-contact.ts'
import type { ImportDraft } from '../services/import-ports.ts'
import { canonicalCell } from './canonical-cells.ts'
import type { CellRules } from './cell-rules.ts'
import { columnOfPointer, type ImportColumns } from './match-header.ts'
import type { CsvRow } from './read-csv.ts'
import { BlockEncoder } from './row-block.ts'
import { type RowRefusal, rowsPerPiece } from './row-piece.ts'
import { SeenPeople } from './seen-people.ts'
import { type DraftRow, type RowError, toDraft } from './to-draft.ts'
import type { Turns } from './turns.ts'

/** Where rows go. */
export type PlanTarget = {
  readonly draft: ImportDraft
  readonly turns: Turns
  /** The accounts of the list. */
  readonly accounts: readonly string[]
  readonly defaultCountry: string | undefined
  readonly cellRules: CellRules
}

/**
 * Reads rows into the blocks of an import: each is checked once, and a row that repeats an earlier one of the file
 * (same phone, else e-mail) is marked. Memory holds one block.
 * @throws what the rows throw
 */
export async function planRows(
  batches: AsyncIterable<readonly CsvRow[]>,
  columns: ImportColumns,
  { defaultCountry, cellRules, ...target }: PlanTarget,
): Promise<void> {
  const blocks = new BlockWriter(target)
  for await (const batch of batches) {
    for (const row of batch) {
      const read = toDraft(row, columns, cellRules)
      blocks.add(
        row,
        columns,
        withWarnings(readContact(read.draft, defaultCountry), read),
        read.errors[0],
        read.accounts,
      )
      if (blocks.isDue) await blocks.giveWay()
    }
  }
  await blocks.end()
}

/** Those of the cells, and those of the values that stood in them. */
function withWarnings(contact: ReadContact, { warnings }: DraftRow): ReadContact {
  return warnings.length === 0 ? contact : { ...contact, warnings: [...warnings, ...contact.warnings] }
}

/** The same for contacts that came as JSON; their cells are made for the reports. */
export async function planContacts(
  contacts: readonly ContactDraft[],
  columns: ImportColumns,
  { defaultCountry, ...target }: PlanTarget,
): Promise<void> {
  const blocks = new BlockWriter(target)
  for (const [index, contact] of contacts.entries()) {
    const row = { row: index + 1, line: index + 2, cells: columns.header.map((name) => canonicalCell(contact, name)) }
    blocks.add(row, columns, readContact(contact, defaultCountry), undefined, undefined)
    if (blocks.isDue) await blocks.giveWay()
  }
  await blocks.end()
}

/** Collects rows into blocks and remembers who was there. */
class BlockWriter {
  readonly #draft: ImportDraft
  readonly #turns: Turns
  readonly #accounts: ReadonlySet<string>
  readonly #seen = new SeenPeople()
  readonly #block = new BlockEncoder()

  constructor({ draft, turns, accounts }: Omit<PlanTarget, 'defaultCountry' | 'cellRules'>) {
    this.#draft = draft
    this.#turns = turns
    this.#accounts = new Set(accounts)
  }

  /** It is time to `giveWay`. */
  get isDue(): boolean {
    return this.#block.length % rowsPerPiece === 0
  }

  add(
    uploaded: CsvRow,
    columns: ImportColumns,
    { contact, warnings, error }: ReadContact,
    rowError: RowError | undefined,
    accounts: readonly string[] | undefined,
  ): void {
    const unknown = accounts?.find((account) => !this.#accounts.has(account))
    const foreign = unknown === undefined ? undefined : unknownAccount(unknown, columns)
    const refusal = foreign ?? rowError ?? (error && refusalOf(error, uploaded, columns))
    const duplicateOf = refusal === undefined ? this.#firstRowOf(contact, accounts, uploaded.row) : undefined
    const target = foreign === undefined ? accounts : undefined
    this.#block.add({ contact, warnings, error: undefined, refusal, duplicateOf, accounts: target }, uploaded)
  }

  /** Others get their turn, and a block that is full is stored. */
  async giveWay(): Promise<void> {
    await this.#turns.own()
    if (this.#block.isFull) await this.#write()
  }

  async end(): Promise<void> {
    if (this.#block.length > 0) await this.#write()
  }

  /** The earlier row that is the same person; a row for some accounts only does not repeat one for others. */
  #firstRowOf(contact: Contact, accounts: readonly string[] | undefined, row: number): number | undefined {
    const identity = identityOf(contact)
    if (identity === undefined) return undefined
    return this.#seen.firstRowOf(accounts === undefined ? identity : [identity, ...accounts].join(' '), row)
  }

  async #write(): Promise<void> {
    const rows = this.#block.length
    await this.#draft.appendBlock(await this.#block.encode(), rows)
  }
}

function unknownAccount(account: string, { header, accountIndex = -1 }: ImportColumns): RowRefusal {
  const detail = 'The list has no such account. Leave the cell empty for all of its accounts.'
  return { code: 'unknown_account', detail, column: header[accountIndex] ?? '', value: account.slice(0, 200) }
}

function refusalOf(error: OutcomeError, { cells }: CsvRow, columns: ImportColumns): RowRefusal {
  const { name = '', index = -1 } = columnOfPointer(columns, error.pointer ?? '') ?? {}
  return { code: error.code, detail: error.detail, column: name, value: cells[index] ?? '' }
}
