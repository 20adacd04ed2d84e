import { asCount, asFlag, asList, isRecord, parseText } from './coercions.ts'
import type { NoteDrift } from './drift.ts'
import { wrappers } from './open-envelope.ts'

/** The page that was asked for. */
export type AskedPage = { readonly page: number; readonly limit: number }

/** A page of a list before its items are looked at. `limit` is what the provider made of the one that was asked for. */
export type OpenPage = {
  readonly items: readonly unknown[]
  readonly total: number | undefined
  readonly limit: number | undefined
  readonly hasMore: boolean | undefined
}

type Marks = Omit<OpenPage, 'items'>

const listNames = ['items', 'data', 'results', 'contacts', 'records', 'rows', 'list'] as const
const wrapperNames = [...wrappers, 'results', 'contacts', 'items', '_embedded'] as const
const markNames = ['meta', 'pagination', 'paging', 'page_info', 'pageInfo'] as const
const totalNames = ['total', 'total_count', 'totalCount', 'total_items', 'totalItems'] as const
const limitNames = ['limit', 'per_page', 'perPage', 'page_size', 'pageSize'] as const
const moreNames = ['has_more', 'hasMore', 'has_next', 'hasNext', 'has_next_page', 'hasNextPage', 'more'] as const
const nextNames = ['next_page_url', 'next', 'next_page', 'nextPage', 'next_cursor', 'nextCursor'] as const
const lastNames = ['last_page', 'lastPage', 'total_pages', 'totalPages', 'page_count', 'pages'] as const

/**
 * Finds the list in an answer, and what is said of its end, in any form that is known of pages: bare, under one or two
 * names, with its marks beside it, in `meta`, or as links. `null` is an empty list, unless the marks say that there are
 * contacts on this page. `undefined` where there is no list.
 */
export function openPage(body: unknown, asked: AskedPage, drift: NoteDrift): OpenPage | undefined {
  if (typeof body === 'string') {
    const inner = parseText(body)
    if (inner === undefined) return undefined
    drift('json_text')
    return openPage(inner, asked, drift)
  }
  if (Array.isArray(body)) {
    drift('envelope')
    return { items: body, total: undefined, limit: undefined, hasMore: undefined }
  }
  return isRecord(body) ? openRecord(body, asked, drift, 0) : undefined
}

function openRecord(
  body: Record<string, unknown>,
  asked: AskedPage,
  drift: NoteDrift,
  depth: number,
): OpenPage | undefined {
  const marks = readMarks(body, drift)
  for (const name of listNames) {
    const items = Object.hasOwn(body, name) ? asList(body[name], drift) : undefined
    if (items === undefined) continue
    if (name !== 'items' || depth > 0) drift('envelope')
    return { items, ...marks }
  }
  for (const name of wrapperNames) {
    const inner = Object.hasOwn(body, name) ? body[name] : undefined
    const opened = depth < 1 && isRecord(inner) ? openRecord(inner, asked, drift, depth + 1) : undefined
    if (opened !== undefined) return { ...opened, ...withoutGaps(marks) }
  }
  const isNull = listNames.some((name) => Object.hasOwn(body, name) && body[name] === null)
  if (!isNull || marks.hasMore === true || (marks.total ?? 0) > offsetOf(asked, marks.limit)) return undefined
  drift('null_list')
  return { items: [], ...marks }
}

function readMarks(body: Record<string, unknown>, drift: NoteDrift): Marks {
  const places = [body, ...markNames.map((name) => body[name]), body.links].filter(isRecord)
  const find = <Value>(names: readonly string[], read: (value: unknown, drift: NoteDrift) => Value | undefined) => {
    for (const place of places)
      for (const name of names) {
        const value = Object.hasOwn(place, name) ? read(place[name], drift) : undefined
        if (value !== undefined) return value
      }
    return undefined
  }
  const current = find(['current_page', 'currentPage', 'page'], asCount)
  const last = find(lastNames, asCount)
  const byPages = current !== undefined && last !== undefined ? current < last : undefined
  return {
    total: find(totalNames, asCount),
    limit: find(limitNames, asCount) || undefined,
    hasMore: find(moreNames, asFlag) ?? byPages ?? find(nextNames, (value) => leadsOn(value)),
  }
}

/** A link, a number or a cursor leads to the next page; `null` and nothing end the list. */
function leadsOn(value: unknown): boolean | undefined {
  if (value === null || value === '' || value === false) return false
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? true : undefined
}

function withoutGaps(marks: Marks): Partial<Marks> {
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined))
}

function offsetOf({ page, limit }: AskedPage, shownLimit: number | undefined): number {
  return (page - 1) * (shownLimit ?? limit)
}

/** What a page says of the rest of its list: whether there is more, and how many contacts it should have shown and did not. */
export function readEnd(
  { items, total, limit, hasMore }: OpenPage,
  asked: AskedPage,
  drift: NoteDrift,
): { readonly more: boolean; readonly missing: number } {
  if (hasMore === undefined) drift('page_marks')
  const offset = offsetOf(asked, limit)
  // Without a word on it, only an empty page is certainly past the end.
  const saysMore = hasMore ?? (total === undefined || offset + (limit ?? asked.limit) < total)
  const more = saysMore && items.length > 0
  const expected = more ? (limit === asked.limit && total !== undefined ? limit : 0) : (total ?? 0) - offset
  return { more, missing: Math.max(0, expected - items.length) }
}

/** True when a first page holds all that there is: who is not on it is not there. One that is empty may have lost its items. */
export function isAll({ items, total, hasMore }: OpenPage): boolean {
  if (total !== undefined && total > items.length) return false
  if (items.length === 0) return hasMore !== true
  return hasMore === undefined ? total !== undefined : !hasMore
}
