import { type ContactDraft, identityOf } from '../domain/contact.ts'
import type { OutcomeError } from '../domain/outcome.ts'
import { type ReadContact, readContact } from '../domain/read-contact.ts'
import type { ImportDraft } from '../services/import-ports.ts'
import { columnOfPointer, type ImportColumns } from './match-header.ts'
import type { CsvRow } from './read-csv.ts'
import { BlockEncoder, type RowRefusal, rowsPerBlock } from './row-block.ts'
import { SeenPeople } from './seen-people.ts'
import { type RowError, toDraft } from './to-draft.ts'
import { ownTurn } from './turns.ts'

/** Where rows go. */
export type PlanTarget = {
  readonly draft: ImportDraft
  /** The accounts of the list. */
  readonly accounts: readonly string[]
  readonly defaultCountry: string | undefined
}

/** So many rows are read in one go; then others get their turn. */
const rowsPerTurn = 25

/**
 * Reads rows into the blocks of an import: each is checked once, and a row that repeats an earlier one of the file
 * (same phone, else e-mail) is marked. Memory holds one block.
 * @throws what the rows throw
 */
export async function planRows(
  batches: AsyncIterable<readonly CsvRow[]>,
  columns: ImportColumns,
  { defaultCountry, accounts, draft }: PlanTarget,
): Promise<void> {
  const blocks = new BlockWriter(draft, accounts)
  for await (const batch of batches) {
    for (const row of batch) {
      const read = toDraft(row, columns)
      await blocks.add(row, columns, readContact(read.draft, defaultCountry), read.errors[0], read.accounts)
    }
  }
  await blocks.end()
}

/** The same for contacts that came as JSON; their cells are made for the reports. */
export async function planContacts(
  contacts: readonly ContactDraft[],
  columns: ImportColumns,
  { defaultCountry, accounts, draft }: PlanTarget,
): Promise<void> {
  const blocks = new BlockWriter(draft, accounts)
  for (const [index, contact] of contacts.entries()) {
    const row = { row: index + 1, line: index + 2, cells: columns.header.map((name) => cellOf(contact, name)) }
    await blocks.add(row, columns, readContact(contact, defaultCountry), undefined, undefined)
  }
  await blocks.end()
}

function cellOf(contact: ContactDraft, column: string): string {
  if (column === 'tags') return (contact.tags ?? []).join(',')
  const value = column.startsWith('attributes.')
    ? contact.attributes?.[column.slice('attributes.'.length)]
    : contact[column as Exclude<keyof ContactDraft, 'tags' | 'attributes'>]
  return value === undefined || value === null ? '' : String(value)
}

/** Collects rows into blocks and remembers who was there. */
class BlockWriter {
  readonly #draft: ImportDraft
  readonly #accounts: ReadonlySet<string>
  readonly #seen = new SeenPeople()
  readonly #block = new BlockEncoder()
  #rows = 0

  constructor(draft: ImportDraft, accounts: readonly string[]) {
    this.#draft = draft
    this.#accounts = new Set(accounts)
  }

  async add(
    read: CsvRow,
    columns: ImportColumns,
    { contact, warnings, error }: ReadContact,
    rowError: RowError | undefined,
    accounts: readonly string[] | undefined,
  ): Promise<void> {
    const unknown = accounts?.find((account) => !this.#accounts.has(account))
    const foreign = unknown === undefined ? undefined : unknownAccount(unknown, columns)
    const refusal = foreign ?? rowError ?? (error && refusalOf(error, read, columns))
    const identity = refusal === undefined ? identityOf(contact) : undefined
    // A row for some accounts only does not repeat one for others.
    const duplicateOf =
      identity === undefined ? undefined : this.#seen.firstRowOf([identity, ...(accounts ?? [])].join(' '), read.row)
    const { cells, ...row } = read
    this.#block.add(
      {
        ...row,
        contact,
        warnings,
        ...(refusal !== undefined && { refusal }),
        ...(duplicateOf !== undefined && { duplicateOf }),
        ...(accounts !== undefined && foreign === undefined && { accounts }),
      },
      cells,
    )
    if (++this.#rows % rowsPerTurn === 0) await ownTurn()
    if (this.#block.length === rowsPerBlock) await this.#write()
  }

  async end(): Promise<void> {
    if (this.#block.length > 0) await this.#write()
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
  const column = columnOfPointer(columns, error.pointer ?? '') ?? ''
  return { code: error.code, detail: error.detail, column, value: cells[columns.header.indexOf(column)] ?? '' }
}
