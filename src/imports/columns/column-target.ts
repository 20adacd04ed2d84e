import type { ContactField } from './header-names.ts'

/** What a column is to become: a field, or an attribute by its name. */
export type ColumnTarget = ContactField | `attributes.${string}`

/** Something that the import as a whole should be told. */
export type ImportWarning = {
  readonly code:
    | 'column_ignored'
    | 'name_is_first_name'
    | 'name_is_last_name'
    | 'placeholder_ignored'
    | 'group_ignored'
    | 'formula_without_value'
  readonly column: string
  readonly detail: string
}
