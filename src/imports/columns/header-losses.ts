import type { Contact } from '../../domain/contact.ts'
import type { WarningCode } from '../../domain/outcome.ts'
import { lossesOf } from '../../providers/check-fields.ts'
import { type FieldRules, isDropped } from '../../providers/fields.ts'
import type { Destination } from '../../services/catalog/catalog.ts'
import { quoted } from '../file/file-refusal.ts'
import { carriers, columnsOfPointer, type ImportColumns, type MappedColumn } from './import-columns.ts'

/** That a column is not sent to some accounts, as the header and the accounts' rules tell before any row is read. */
export type LossWarning = {
  readonly code: WarningCode
  readonly column: string
  readonly accounts: readonly string[]
  readonly detail: string
}

type Loss = {
  readonly column: MappedColumn
  readonly code: WarningCode
  readonly account: string
  readonly detail: string
}

/** In the order of the columns: what is not sent of each, and where. What is sent in another form is told with the rows. */
export function headerLosses(columns: ImportColumns, targets: readonly Destination[]): readonly LossWarning[] {
  const losses = targets
    .flatMap((at) => lossesAt(at, columns))
    .sort((one, other) => one.column.index - other.column.index)
  const alike = Map.groupBy(losses, ({ column, code, detail }) => [column.index, code, detail].join(' '))
  return [...alike.values()].map((group) => {
    const { column, code, detail } = group[0] as Loss
    const accounts = group.map(({ account }) => account)
    const text = `Column ${column.index + 1} ${quoted(column.name)} at ${accounts.join(', ')}: ${detail}.`
    return { code, column: column.name, accounts, detail: text }
  })
}

/** What a contact loses that has a value in each column, no two of which are the same. */
function lossesAt({ account, fields }: Destination, columns: ImportColumns): Loss[] {
  const { id, adapter } = account
  return lossesOf(fields, sampleOf(columns), adapter.title).flatMap(({ code, pointer }) => {
    const notSent = saysNotSent(code) ? columnsOfPointer(columns, pointer) : []
    return notSent.map((column) => ({ column, code, account: id, detail: describe(code, column, fields, columns) }))
  })
}

function saysNotSent(code: WarningCode): boolean {
  return code === 'field_dropped' || code === 'tag_dropped' || code === 'attribute_dropped'
}

function sampleOf(columns: ImportColumns): Contact {
  const values = Object.fromEntries(carriers(columns).map(({ target }) => [target, target]))
  const attributes = Object.entries(values).filter(([target]) => target.startsWith('attributes.'))
  return {
    ref: undefined,
    name: values.name,
    firstName: values.firstName,
    lastName: values.lastName,
    email: values.email,
    phone: values.phone,
    whatsapp: values.whatsapp,
    tags: values.tags === undefined ? [] : [values.tags],
    attributes: Object.fromEntries(
      attributes.map(([target, value]) => [target.slice('attributes.'.length), value ?? null]),
    ),
  }
}

/** As the end of a sentence that begins with the column and the accounts. */
function describe(code: WarningCode, { target }: MappedColumn, fields: FieldRules, columns: ImportColumns): string {
  if (code === 'tag_dropped') return 'it is not sent, since no tags are taken there'
  if (code === 'attribute_dropped') {
    if (isDropped(fields, 'attributes')) return 'it is not sent, since no attributes are taken there'
    if (fields.attributes.kind === 'mapped')
      return "it is not sent, unless the attribute is mapped in the list's target there"
    return 'it is not sent, since another field is kept under the name of the attribute there'
  }
  if (target === 'name' || target === 'firstName' || target === 'lastName')
    return 'it is not sent of rows whose name and parts of a name differ, since there is no place for both'
  if (
    target === 'whatsapp' &&
    !isDropped(fields, 'whatsapp') &&
    carriers(columns).some((other) => other.target === 'phone')
  )
    return 'it is sent only of rows that have no phone'
  return 'it is not sent, since there is no place for it'
}
