import { isFine, type Probe, type Said } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'
import { openEnvelope } from '../../reading/open-envelope.ts'
import { type ImportSummary, readImportSummary } from '../wire.ts'
import { importedTag } from './file-steps.ts'
import { badNumbers, hasTag, shownIn } from './test-contact.ts'

/** Of the first bad row: it is the second of the data, and stands on the fourth line of the file. */
const places: Readonly<Record<number, string>> = { 1: 'from-zero', 2: 'data', 3: 'data-and-header', 4: 'line' }

/** What is open of imports (docs/providers.md, "Vobiz: imports"). */
export const fileProbes: readonly Probe[] = [
  {
    id: 'VOB-IMPORT-BAD-ROW',
    question: 'What does a bad row do to a file?',
    answers: {
      'left-out': 'It alone is left out.',
      'file-refused': 'The file is refused, and nothing of it is kept.',
      'rows-before': 'The file is refused, and the rows before it are kept.',
    },
    assumes: ['left-out', 'file-refused', 'rows-before'],
    settings: { 'rows-before': { name: 'csvImport', oneOf: [false] } },
    read: (said) => {
      const response = said.answer('import')
      const first = shownIn(said, 'get-import')
      if (response === undefined || first === undefined || response.status >= 500) return undefined
      const isKept = hasTag(first, importedTag)
      if (summaryIn(said) !== undefined || response.status < 300) return isKept ? 'left-out' : undefined
      // Without the bad rows it is taken: it was they that were refused, and not the form of the request.
      if (!isFine(said.answer('import-good'))) return undefined
      return isKept ? 'rows-before' : 'file-refused'
    },
  },
  {
    id: 'VOB-IMPORT-STATUS',
    question: 'Which status has the answer to a file with bad rows?',
    answers: { '200': '200.', '201': '201.', '202': '202.', '207': '207.', '422': '422, with the summary.' },
    assumes: ['200', '201', '207', '422'],
    read: (said) => {
      const { status = 0 } = said.answer('import') ?? {}
      if (shownIn(said, 'create') === undefined) return undefined
      if (status === 422) return summaryIn(said) === undefined ? undefined : '422'
      return [200, 201, 202, 207].includes(status) ? String(status) : undefined
    },
  },
  {
    id: 'VOB-IMPORT-COUNTS',
    question: 'How are the rows counted?',
    answers: {
      documented: 'As documented.',
      texts: 'As texts.',
      nested: 'As documented, in an envelope.',
      'created-only': 'Whoever was there is counted as created.',
      other: 'Under other names, or not at all.',
    },
    assumes: ['documented', 'texts', 'nested'],
    settings: { other: { name: 'csvImport', oneOf: [false] } },
    read: readCounts,
  },
  {
    id: 'VOB-IMPORT-ERRORS',
    question: 'How does the answer tell of bad rows?',
    answers: {
      objects: 'As documented: an object for each, with its reason.',
      'other-names': 'An object for each, with the reason under another name.',
      texts: 'A text for each.',
      'by-row': 'An object with a member for each.',
      fewer: 'Not of all of them.',
      none: 'Not at all.',
    },
    assumes: ['objects', 'other-names', 'texts', 'by-row'],
    read: readErrors,
  },
  {
    id: 'VOB-IMPORT-ROW',
    question: 'What does `row` count?',
    answers: {
      data: 'Rows of data, from 1.',
      'from-zero': 'Rows of data, from 0.',
      'data-and-header': 'Rows, the header included.',
      line: 'Lines of the file.',
      text: 'Rows of data, as a text.',
      absent: 'It is not there.',
      other: 'Something else.',
    },
    assumes: ['data', 'from-zero', 'data-and-header', 'line', 'text', 'absent'],
    read: (said) => {
      const error = firstError(said)
      if (error === undefined) return undefined
      const { row } = error
      if (row === undefined || row === null) return 'absent'
      if (typeof row === 'string') return row === '2' ? 'text' : 'other'
      return typeof row === 'number' ? (places[row] ?? 'other') : 'other'
    },
  },
  {
    id: 'VOB-IMPORT-NUMBER',
    question: 'Which number do the errors show?',
    answers: {
      shown: 'The one that was sent.',
      masked: 'It is masked.',
      digits: 'Its digits.',
      absent: 'None.',
    },
    assumes: ['shown', 'masked', 'digits', 'absent'],
    read: (said) => {
      const error = firstError(said)
      if (error === undefined) return undefined
      const { phone_number: number } = error
      if (typeof number !== 'string' || number === '') return 'absent'
      if (number === badNumbers[0]) return 'shown'
      return number === badNumbers[0].slice(1) ? 'digits' : 'masked'
    },
  },
  {
    id: 'VOB-IMPORT-TAGS',
    question: 'What do the tags of a row do to those that are there?',
    answers: { replaced: 'They take their place.', merged: 'They are added to them.' },
    assumes: ['replaced', 'merged'],
    read: (said) => {
      const [before, after] = [shownIn(said, 'get-attributes'), shownIn(said, 'get-import')]
      if (!hasTag(before, 'cgw-third') || !hasTag(after, importedTag)) return undefined
      return hasTag(after, 'cgw-third') ? 'merged' : 'replaced'
    },
  },
]

function summaryIn(said: Said): ImportSummary | undefined {
  return readImportSummary(said.answer('import')?.body)
}

function readCounts(said: Said): string | undefined {
  const response = said.answer('import')
  const isImported = hasTag(shownIn(said, 'get-import'), importedTag)
  if (response === undefined || !isImported) return undefined
  const summary = summaryIn(said)
  if (summary === undefined) return response.status < 300 ? 'other' : undefined
  if (summary.updated === 0 && summary.created === 2) return 'created-only'
  if (summary.updated !== 1 || summary.created !== 1) return 'other'
  if (!isRecord(response.body) || response.body.created === undefined) return 'nested'
  return typeof response.body.created === 'number' ? 'documented' : 'texts'
}

/** The list of errors, where the import was done. */
function errorsIn(said: Said): unknown {
  const response = said.answer('import')
  if (response === undefined || !hasTag(shownIn(said, 'get-import'), importedTag)) return undefined
  const holder = openEnvelope(response.body, ['summary']).find((value) => isRecord(value) && 'errors' in value)
  return response.status < 300 || summaryIn(said) !== undefined
    ? ((holder as { readonly errors?: unknown } | undefined)?.errors ?? null)
    : undefined
}

function readErrors(said: Said): string | undefined {
  const errors = errorsIn(said)
  if (errors === undefined) return undefined
  if (isRecord(errors)) return 'by-row'
  if (!Array.isArray(errors) || errors.length === 0) return 'none'
  if (errors.length < badNumbers.length) return 'fewer'
  const [first] = errors as unknown[]
  if (!isRecord(first)) return 'texts'
  return 'reason' in first ? 'objects' : 'other-names'
}

function firstError(said: Said): Record<string, unknown> | undefined {
  const errors = errorsIn(said)
  const first = Array.isArray(errors) ? (errors[0] as unknown) : undefined
  return isRecord(first) ? first : undefined
}
