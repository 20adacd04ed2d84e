import type { ContactDraft } from '../../domain/contact.ts'
import type { OutcomeError } from '../../domain/outcome.ts'
import { type ParsedContact, parseContact } from '../../domain/parse-contact.ts'
import type { NumbersFrom } from '../../domain/phone.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import type { ImportDraft } from '../../services/import-store-port.ts'
import type { ImportColumns } from '../columns/import-columns.ts'
import type { CsvRow } from '../file/csv-row.ts'
import { canonicalCell } from './canonical-cells.ts'
import { type CellRules, columnOfPointer } from './cell-rules.ts'
import { parseRow } from './parse-row.ts'
import type { RowError } from './read-row.ts'
import { BlockEncoder } from './row-block.ts'
import { type RowRefusal, rowsPerPiece } from './row-piece.ts'
import { SeenPeople } from './seen-people.ts'
import type { YieldToCallers } from './yield-to-callers.ts'

/** Where rows go. */
export type PlanTarget = {
  readonly draft: ImportDraft
  readonly yielding: YieldToCallers
  /** Of the list. */
  readonly targets: readonly Destination[]
  readonly from: NumbersFrom
  readonly cellRules: CellRules
}

/**
 * Reads rows into the blocks of an import: each is checked once, and a row that repeats an earlier one of the file is
 * marked (seen-people.ts). Memory holds one block. A file that needs many tables for that waits until no other does.
 * @throws what the rows throw
 */
export async function planRows(
  batches: AsyncIterable<readonly CsvRow[]>,
  columns: ImportColumns,
  { from, ...target }: PlanTarget,
): Promise<void> {
  await writeBlocks(target, columns, async (blocks) => {
    for await (const batch of batches) {
      for (const row of batch) {
        const { contact, error, accounts } = parseRow(row, columns, target.cellRules, from)
        blocks.add(row, contact, error, accounts)
        if (blocks.isDue) await blocks.giveWay()
      }
    }
  })
}

/** The same for contacts that came as JSON; their cells are made for the reports. */
export async function planContacts(
  contacts: readonly ContactDraft[],
  columns: ImportColumns,
  { from, ...target }: PlanTarget,
): Promise<void> {
  await writeBlocks(target, columns, async (blocks) => {
    for (const [index, contact] of contacts.entries()) {
      const row = { row: index + 1, line: index + 2, cells: columns.header.map((name) => canonicalCell(contact, name)) }
      blocks.add(row, parseContact(contact, from), undefined, undefined)
      if (blocks.isDue) await blocks.giveWay()
    }
  })
}

async function writeBlocks(
  target: BlockTarget,
  columns: ImportColumns,
  addAll: (blocks: BlockWriter) => Promise<void>,
): Promise<void> {
  const seen = new SeenPeople(target.targets, columns.accountIndex !== undefined)
  const work = async () => {
    const blocks = new BlockWriter(target, columns, seen)
    await addAll(blocks)
    await blocks.end()
  }
  await (seen.isWide ? target.yielding.alone(work) : work())
}

type BlockTarget = Omit<PlanTarget, 'from'>

/** Collects rows into blocks and marks those that repeat others. */
class BlockWriter {
  readonly #draft: ImportDraft
  readonly #yielding: YieldToCallers
  readonly #columns: ImportColumns
  readonly #accounts: ReadonlySet<string>
  readonly #seen: SeenPeople
  readonly #rules: CellRules
  readonly #block = new BlockEncoder()

  constructor({ draft, yielding, targets, cellRules }: BlockTarget, columns: ImportColumns, seen: SeenPeople) {
    this.#draft = draft
    this.#yielding = yielding
    this.#columns = columns
    this.#accounts = new Set(targets.map(({ account }) => account.id))
    this.#seen = seen
    this.#rules = cellRules
  }

  /** It is time to `giveWay`. */
  get isDue(): boolean {
    return this.#block.length % rowsPerPiece === 0
  }

  add(
    uploaded: CsvRow,
    { contact, warnings, error }: ParsedContact,
    rowError: RowError | undefined,
    accounts: readonly string[] | undefined,
  ): void {
    const unknown = accounts?.find((account) => !this.#accounts.has(account))
    const foreign = unknown === undefined ? undefined : unknownAccount(unknown, this.#columns)
    const refusal = foreign ?? rowError ?? (error && refusalOf(error, uploaded, this.#columns, this.#rules))
    const repeats = refusal === undefined ? this.#seen.repeatsOf(contact, accounts, uploaded.row) : none
    const target = foreign === undefined ? accounts : undefined
    this.#block.add({ contact, warnings, error: undefined, refusal, repeats, accounts: target }, uploaded)
  }

  /** Others get their turn, and a block that is full is stored. */
  async giveWay(): Promise<void> {
    await this.#yielding.own()
    if (this.#block.isFull) await this.#write()
  }

  async end(): Promise<void> {
    if (this.#block.length > 0) await this.#write()
  }

  async #write(): Promise<void> {
    const rows = this.#block.length
    await this.#draft.appendBlock(await this.#block.encode(), rows)
  }
}

const none: readonly never[] = []

function unknownAccount(account: string, { header, accountIndex = -1 }: ImportColumns): RowRefusal {
  const detail = 'The list has no such account. Leave the cell empty for all of its accounts.'
  return { code: 'unknown_account', detail, column: header[accountIndex] ?? '', value: account.slice(0, 200) }
}

function refusalOf(error: OutcomeError, { cells }: CsvRow, columns: ImportColumns, rules: CellRules): RowRefusal {
  const { name = '', index = -1 } = columnOfPointer(columns, error.pointer ?? '', cells, rules) ?? {}
  return { code: error.code, detail: error.detail, column: name, value: cells[index] ?? '' }
}
