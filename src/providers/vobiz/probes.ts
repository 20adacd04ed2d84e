import type { Probe, ProviderResponse } from '../adapter-port.ts'
import { unnoted } from '../reading/drift.ts'
import { isForeign } from '../reading/foreign-answer.ts'
import { get } from '../requests.ts'
import { readVobizFailure } from './failures.ts'
import { isGood } from './read-contacts.ts'
import { readPage } from './wire.ts'

const farPage = { page: 999_999, limit: 1 }
const largePage = { page: 1, limit: 101 }

/** What docs/providers.md assumes under "Vobiz: listing and reading", and a look can tell. */
export const probes: readonly Probe[] = [
  {
    id: 'vobiz-page-limit',
    question: 'May a page have more than 100 contacts?',
    request: get(`/contacts?page=${largePage.page}&limit=${largePage.limit}`),
    read: (response) => {
      const limit = pageOf(response, largePage)?.limit
      if (limit === undefined) return refusalOf(response)
      return limit < largePage.limit ? `It is cut to ${limit}.` : 'It may.'
    },
  },
  {
    id: 'vobiz-past-the-end',
    question: 'What is the answer to a page after the last one?',
    request: get(`/contacts?page=${farPage.page}&limit=${farPage.limit}`),
    read: (response) => {
      const items = pageOf(response, farPage)?.items
      if (items === undefined) return refusalOf(response)
      return items.length === 0 ? 'An empty page.' : 'A page that was not asked for.'
    },
  },
  {
    id: 'vobiz-not-there',
    question: 'What is the answer for an id that is not there?',
    request: get('/contacts/00000000-0000-4000-8000-000000000000'),
    read: refusalOf,
  },
]

function pageOf(response: ProviderResponse, asked: typeof farPage) {
  return isGood(response) ? readPage(response, asked, unnoted) : undefined
}

/** What another answer says of it; a page of some proxy, refused credentials and failures say nothing. */
function refusalOf(response: ProviderResponse): string | undefined {
  if (response.status < 400 || isForeign(response)) return undefined
  const { kind } = readVobizFailure(response).failure
  if (kind === 'notFound') return `It is not there (${response.status}).`
  return kind === 'invalid' ? `It is refused (${response.status}).` : undefined
}
