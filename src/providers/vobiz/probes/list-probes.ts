import type { ProviderResponse } from '../../adapter-port.ts'
import { isFine, type Probe, type Said } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'
import { unnoted } from '../../reading/drift.ts'
import { isForeign } from '../../reading/foreign-answer.ts'
import { readVobizFailure } from '../failures.ts'
import { readPage } from '../wire.ts'
import { foundAt, moments } from './look-steps.ts'
import { firstOf, idFrom, isFound, itemsOf, shownIn, takesCalls } from './test-contact.ts'

/** What is open of `GET /contacts` (docs/providers.md, "Vobiz: listing and reading"). */
export const listProbes: readonly Probe[] = [
  {
    id: 'VOB-HEADER-CASE',
    question: 'Do header names count in any case?',
    answers: { any: 'They do.', documented: 'Only as the documents write them.' },
    assumes: ['any', 'documented'],
    read: (said) => {
      if (!takesCalls(said)) return undefined
      const { status } = said.answer('other-case') ?? {}
      if (status === said.answer('page')?.status) return 'any'
      return status === 401 || status === 403 ? 'documented' : undefined
    },
  },
  {
    id: 'VOB-LIST-SHAPE',
    question: 'Which form does a list have?',
    answers: { current: 'That of the present page: `items`.', old: 'That of the older page: `data` and `meta`.' },
    assumes: ['current'],
    read: (said) => listShapeOf(said.answer('list') ?? said.answer('page')),
  },
  {
    id: 'VOB-PAGE-LIMIT',
    question: 'May a page have more than 100 contacts?',
    answers: {
      cut: 'It is cut to 100.',
      refused: 'A larger one is refused.',
      larger: 'It may.',
      other: 'It is cut to another number.',
    },
    assumes: ['cut', 'refused', 'larger'],
    read: (said) => {
      const response = said.answer('page-101')
      if (response === undefined || !takesCalls(said)) return undefined
      if (isRefused(response)) return 'refused'
      const limit = isFine(response) ? readPage(response, { page: 1, limit: 101 }, unnoted)?.limit : undefined
      if (limit === undefined) return undefined
      return limit === 101 ? 'larger' : limit === 100 ? 'cut' : 'other'
    },
  },
  {
    id: 'VOB-PAST-END',
    question: 'What is the answer to a page after the last one?',
    answers: {
      empty: 'An empty page.',
      again: 'A page that was not asked for.',
      'not-there': 'It is not there (404).',
      'lost-404': 'A 404 that is not the provider’s own.',
      refused: 'It is refused.',
    },
    assumes: ['empty', 'not-there'],
    read: readPastEnd,
  },
  {
    id: 'VOB-NOBODY',
    question: 'What is the answer to a search that finds nobody?',
    answers: {
      empty: 'A page with an empty list.',
      null: 'A page whose list is null.',
      '204': 'Nothing, with 204.',
      '404': 'It is not there (404).',
      'lost-404': 'A 404 that is not the provider’s own.',
    },
    assumes: ['empty', 'null', '204', '404'],
    read: readNobody,
  },
  {
    id: 'VOB-LAG',
    question: 'How soon is a new contact found?',
    answers: {
      '0': 'At once.',
      '1000': 'Within a second.',
      '3000': 'Within three seconds.',
      '10000': 'Within ten seconds.',
    },
    assumes: ['0', '1000', '3000'],
    settings: {
      '1000': { name: 'settleAfterMs', atLeast: 1_000 },
      '3000': { name: 'settleAfterMs', atLeast: 3_000 },
      '10000': { name: 'settleAfterMs', atLeast: 10_000 },
    },
    read: (said) => {
      const id = idFrom(said, 'create')
      if (id === undefined || isFound(said, 'find-nobody', id) !== false) return undefined
      return moments.find((ms) => foundAt(said, ms, id))?.toString()
    },
  },
  {
    id: 'VOB-SEARCH',
    question: 'What does a search look at?',
    answers: {
      'names-and-numbers': 'At parts of names and numbers.',
      'not-with-plus': 'At names and numbers; one that begins with + finds nobody.',
      whole: 'At names and numbers as a whole: a part of one finds nobody.',
      names: 'At names alone.',
      numbers: 'At numbers alone.',
      nothing: 'At neither: a contact that is there was not found.',
      ignored: 'It is ignored, and everybody is found.',
    },
    assumes: ['names-and-numbers', 'not-with-plus', 'whole', 'numbers'],
    read: readSearch,
  },
  {
    id: 'VOB-TAG-FILTER',
    question: 'What does a list of one tag hold?',
    answers: {
      exact: 'Those with exactly this tag.',
      'any-case': 'Those with this tag in any case.',
      beginning: 'Those with a tag that begins so.',
      ignored: 'Everybody.',
    },
    assumes: ['exact', 'any-case', 'beginning', 'ignored'],
    read: readTagFilter,
  },
]

function listShapeOf(response: ProviderResponse | undefined): string | undefined {
  if (!isFine(response) || !isRecord(response.body)) return undefined
  if (Array.isArray(response.body.items)) return 'current'
  return Array.isArray(response.body.data) && isRecord(response.body.meta) ? 'old' : undefined
}

export function isRefused(response: ProviderResponse): boolean {
  return response.status >= 400 && !isForeign(response) && readVobizFailure(response).failure.kind === 'invalid'
}

/** A page after the last one of nobody says nothing. */
function readPastEnd(said: Said): string | undefined {
  const isAfterwards = said.answer('list-past-end') !== undefined
  const response = said.answer(isAfterwards ? 'list-past-end' : 'past-end')
  const before = itemsOf(said, isAfterwards ? 'list' : 'page')
  if (response === undefined || before === undefined || before.length === 0) return undefined
  if (response.status === 404) return isForeign(response) ? 'lost-404' : 'not-there'
  if (isRefused(response)) return 'refused'
  const items = itemsOf(said, isAfterwards ? 'list-past-end' : 'past-end')
  return items && (items.length === 0 ? 'empty' : 'again')
}

function readNobody(said: Said): string | undefined {
  const response = said.answer('nobody')
  // Something has to show that it is the search that is answered so, and not every call.
  const other = said.answer('no-id')
  const isOwn = takesCalls(said) || (other !== undefined && (other.status !== 404 || !isForeign(other)))
  if (response === undefined || !isOwn) return undefined
  if (response.status === 404) return isForeign(response) ? 'lost-404' : '404'
  if (response.status === 204) return '204'
  if (!isFine(response) || (itemsOf(said, 'nobody')?.length ?? 0) > 0) return undefined
  const shape = listShapeOf(response)
  if (shape !== undefined) return 'empty'
  return isRecord(response.body) && (response.body.items === null || response.body.data === null) ? 'null' : undefined
}

function readSearch(said: Said): string | undefined {
  const id = idFrom(said, 'create')
  if (id === undefined) return undefined
  const found = (step: string) => isFound(said, step, id)
  const shown = shownIn(said, 'get')?.phone_number
  if (shown === undefined) return undefined
  const isPlus = shown === firstOf(said)
  const asShown = isPlus ? found('find-number') : found('find-other-form')
  const digits = isPlus ? found('find-other-form') : asShown
  const [name, part] = [found('find-name'), found('find-part')]
  if (asShown === undefined || digits === undefined || name === undefined || part === undefined) return undefined
  if (found('find-nobody')) return 'ignored'
  if (!asShown && !digits) return name ? 'names' : 'nothing'
  if (!name) return 'numbers'
  if (!asShown) return 'not-with-plus'
  return digits && part ? 'names-and-numbers' : 'whole'
}

function readTagFilter(said: Said): string | undefined {
  const id = idFrom(said, 'create')
  const unknown = itemsOf(said, 'tag-unknown')
  if (id === undefined || isFound(said, 'tag', id) !== true || unknown === undefined) {
    return undefined
  }
  if (unknown.length > 0) return 'ignored'
  if (isFound(said, 'tag-part', id)) return 'beginning'
  return isFound(said, 'tag-case', id) ? 'any-case' : 'exact'
}
