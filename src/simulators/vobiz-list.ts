import type { Answer } from './answer.ts'
import { lost404 } from './deletions.ts'
import type { Call } from './provider.ts'
import type { VobizContact } from './vobiz-contacts.ts'
import { errorAnswer, type VobizQuirks, vobizErrors } from './vobiz-errors.ts'
import type { createVobizSearch, Wanted } from './vobiz-search.ts'
import { showContact } from './vobiz-show.ts'

/**
 * `GET /contacts` (docs/providers.md, "Vobiz: listing and reading"); newest first, and past the last page an empty one.
 */
export function contactList(search: ReturnType<typeof createVobizSearch>) {
  return ({ query, quirks }: Call<VobizQuirks>): Answer => {
    const page = readRange(query.page, 1, Number.MAX_SAFE_INTEGER, quirks)
    const limit = readRange(query.limit, 25, 100, quirks)
    if (page === undefined || limit === undefined)
      return errorAnswer(400, vobizErrors.badRequest('page and limit must be numbers in range'), quirks)
    const found = search.find(readWanted(query), quirks)
    if (found.length === 0 && quirks.nobodyFound !== 'empty') return answerToNobody(page, limit, quirks)
    const isPastEnd = page > 1 && (page - 1) * limit >= found.length
    if (!isPastEnd || quirks.pastEnd === 'empty') return pageOf(found, page, limit, quirks)
    return answerPastEnd(found, limit, quirks)
  }
}

function pageOf(found: readonly VobizContact[], page: number, limit: number, quirks: VobizQuirks): Answer {
  const total = found.length
  const items = found.slice((page - 1) * limit, page * limit).map((contact) => showContact(contact, quirks))
  if (quirks.listShape === 'old') return { status: 200, body: { data: items, meta: { total, page, limit } } }
  return { status: 200, body: { items, total, page, limit, has_more: page * limit < total } }
}

function answerToNobody(page: number, limit: number, quirks: VobizQuirks): Answer {
  switch (quirks.nobodyFound) {
    case '204':
      return { status: 204 }
    case '404':
      return errorAnswer(404, vobizErrors.contactNotFound, quirks)
    case '404-page':
      return lost404['page-404']
    default:
      return { status: 200, body: { items: null, total: 0, page, limit, has_more: false } }
  }
}

function answerPastEnd(found: readonly VobizContact[], limit: number, quirks: VobizQuirks): Answer {
  switch (quirks.pastEnd) {
    case '404-page':
      return lost404['page-404']
    case '404':
      return errorAnswer(404, { code: 'PAGE_NOT_FOUND', message: 'Invalid page.' }, quirks)
    case '400':
      return errorAnswer(400, vobizErrors.badRequest('page is out of range'), quirks)
    default: {
      const last = Math.max(1, Math.ceil(found.length / limit))
      return pageOf(found, quirks.pastEnd === 'last' ? last : 1, limit, quirks)
    }
  }
}

/** A number of at least 1 and at most `max`, or undefined when it is to be refused. */
function readRange(value: unknown, preset: number, max: number, { outOfRange }: VobizQuirks): number | undefined {
  if (value === undefined) return preset
  if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value)) return undefined
  const clamped = Math.min(max, Math.max(1, Number(value)))
  return outOfRange === 'refused' && clamped !== Number(value) ? undefined : clamped
}

function readWanted({ search, tag }: Call<VobizQuirks>['query']): Wanted {
  return {
    ...(typeof search === 'string' && search !== '' && { search }),
    ...(typeof tag === 'string' && tag !== '' && { tag }),
  }
}
