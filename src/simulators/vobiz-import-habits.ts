import type { QuirkTable } from './quirk-table.ts'

const operations = ['import']

/** How the import of Vobiz may really answer; assumed, all of it. */
export const vobizImportHabits = {
  importRowForm: {
    values: ['as-quirk', 'zero-based', 'line', 'text', 'absent', 'shifted'],
    operations,
    does:
      '`errors[].row`. `as-quirk`: as `importRow` says; `zero-based`: the first row is 0; `line`: the line of the file, ' +
      'where a name may span several; `text`: "3"; `shifted`: one that names another row.',
    plays: 'false claim: the refused person is "created", the next one "rejected"',
  },
  importNumber: {
    values: ['shown', 'masked', 'absent', 'null', 'digits', 'empty'],
    operations,
    does: '`errors[].phone_number`: as sent, `+91******3210`, left out, null, its digits, or an empty text.',
    plays: 'false claim: the refused person is "created", the next one "rejected"',
  },
  importErrors: {
    values: ['objects', 'texts', 'null', 'none', 'first', 'by-row', 'details'],
    operations,
    does:
      '`errors`: as documented, texts ("Row 3: …"), null, an empty list though some failed, the first one only, an ' +
      'object by row, or with `message` and `field` in place of `reason`.',
    plays: 'false claim: what cannot be matched',
  },
  importCounts: {
    values: ['numbers', 'texts', 'absent', 'other-names', 'nested', 'created-only'],
    operations,
    does:
      'The counts: as texts, left out, `imported`/`skipped`, inside `summary`, or with updated contacts counted as ' +
      'created.',
    plays: 'any 2xx whose body says so',
  },
  importStatus: {
    values: [200, 201, 202, 207, 422],
    operations,
    does: 'The status of an import that was done; 422 only where a row failed, with the summary as its body.',
    plays: 'any 2xx whose body says so',
  },
  importBadRow: {
    values: ['left-out', 'file-refused', 'rows-before-stored'],
    operations,
    does:
      'What a bad row does: it alone fails; the file is refused (422, with the errors) and nothing is stored; or it is ' +
      'refused in the middle and the rows before are stored.',
    plays: 'sends twice: half-applied refusals',
  },
} as const satisfies QuirkTable
