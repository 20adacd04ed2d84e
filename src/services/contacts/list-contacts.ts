import type { CallContext } from '../../domain/call-context.ts'
import type { StoredContact } from '../../domain/contact.ts'
import type { Failure, Result } from '../../domain/failure.ts'
import { isSameText } from '../../domain/same-text.ts'
import type { Account } from '../../providers/account.ts'
import type { ContactPage, ListFilter, ListTarget, PageStart } from '../../providers/adapter-port.ts'
import { execute } from '../../providers/execute.ts'
import { askedTarget } from '../delivery/list-keeper.ts'

export type ContactQuery = {
  /** The `next` of the page before; absent for the first. */
  readonly from?: PageStart | undefined
  /** 1..100 */
  readonly limit: number
  readonly search?: string | undefined
  readonly tag?: string | undefined
  /** Only contacts of this list. */
  readonly target?: ListTarget | undefined
}

/** Filters of the query that the account's provider lacks. They are refused, never ignored. */
export function missingFilters({ adapter }: Account, query: ContactQuery): ListFilter[] {
  const filters: readonly ListFilter[] = adapter.operations.listContacts?.filters ?? []
  return (['search', 'tag', 'target'] as const).filter(
    (filter) => query[filter] !== undefined && !filters.includes(filter),
  )
}

/** True for a search that the provider would answer with nobody, whoever is there: it does not look at e-mail addresses. */
export function searchesInVain({ adapter }: Account, { search }: ContactQuery): boolean {
  const places = adapter.operations.listContacts?.searchesIn
  return search?.includes('@') === true && places?.includes('email') === false
}

const emptyPage: ContactPage = { contacts: [] }

/**
 * One page of an account's contacts, as truthfully as the provider lets it be told: without people whom a filter should
 * have kept out, in smaller parts where the whole is too large, and with a number looked for in both of its forms.
 */
export async function listContacts(
  account: Account,
  query: ContactQuery,
  context: CallContext,
): Promise<Result<ContactPage>> {
  const first = await readPage(account, query, context)
  const digits = digitsOfNumber(query.search)
  const isEmpty = 'ok' in first && first.ok.contacts.length === 0 && first.ok.leftOut === undefined
  const listed =
    isEmpty && digits !== undefined ? await readPage(account, { ...query, search: digits }, context) : first
  if ('failure' in listed) return afterEnd(account, query, listed.failure, context)
  return canBeAskedFor(listed.ok.next)
    ? { ok: withinFilters(account, query, listed.ok, context) }
    : { failure: { kind: 'unreadable' } }
}

/** So many bytes of a provider's cursor fit into ours. */
const longestCursor = 1_400

function canBeAskedFor(next: PageStart | undefined): boolean {
  if (next === undefined) return true
  if (typeof next === 'string') return next !== '' && Buffer.byteLength(next) <= longestCursor
  return Number.isInteger(next) && next > 0 && next < 2 ** 32
}

/** Numbers are kept with a plus or without, and a plus may be lost on the way: digits are found in either. */
function digitsOfNumber(search: string | undefined): string | undefined {
  if (search === undefined || !/^\s*\+[\d\s().-]+$/.test(search)) return undefined
  const digits = search.replace(/\D/g, '')
  return digits.length >= 7 && digits.length <= 15 ? digits : undefined
}

/**
 * Some providers answer "not there" past the end of a numbered list. On a first page that is no answer: nothing is known
 * then. A cursor that is refused says nothing of the end.
 */
function afterEnd(
  { policies }: Account,
  { from }: ContactQuery,
  failure: Failure,
  { log }: CallContext,
): Result<ContactPage> {
  if (from === undefined) return { failure: failure.kind === 'notFound' ? { ...failure, kind: 'unreadable' } : failure }
  if (typeof from === 'string' || (failure.kind !== 'notFound' && !saysPastEnd(failure))) return { failure }
  policies.drift.note('listContacts', ['page_marks'], '', log)
  return { ok: emptyPage }
}

/**
 * True when the cursor of a page was refused: only the cursor differs from the call before, so a refusal, or "not there", is
 * about the cursor.
 */
export function isCursorRefused({ from }: ContactQuery, { kind }: Failure): boolean {
  return typeof from === 'string' && (kind === 'invalid' || kind === 'notFound')
}

/** Only the page differs from the call before, so a refusal in words of pages is about this page. */
function saysPastEnd({ kind, provider }: Failure): boolean {
  if (provider?.status === 416) return true
  return kind === 'invalid' && wordsOfEnd.test(`${provider?.code ?? ''} ${provider?.message ?? ''}`)
}

const wordsOfEnd = /(?:\b|_)(?:page|offset|range|cursor)(?:\b|_)/i

/** Reads a page; one that is larger than what is taken, in equal parts. */
async function readPage(account: Account, query: ContactQuery, context: CallContext): Promise<Result<ContactPage>> {
  const whole = await readWhole(account, query, context)
  const isTooLarge = 'failure' in whole && whole.failure.because === 'oversized'
  if (!isTooLarge || query.limit === 1) return whole
  const parts = smallestFactor(query.limit)
  const limit = query.limit / parts
  const { from } = query
  let start = typeof from === 'number' ? (from - 1) * parts + 1 : from
  const contacts: StoredContact[] = []
  let last: ContactPage = emptyPage
  let leftOut = 0
  for (let part = 1; part <= parts; part++) {
    const read = await readPage(account, { ...query, limit, from: start }, context)
    if ('failure' in read) {
      const isPastEnd = read.failure.kind === 'notFound' || saysPastEnd(read.failure)
      if (isPastEnd && part > 1 && typeof start === 'number') break
      return read
    }
    last = read.ok
    leftOut += last.leftOut ?? 0
    contacts.push(...last.contacts)
    if (last.next === undefined) break
    start = last.next
  }
  // Numbers are those of pages of this size.
  const next = typeof last.next === 'number' ? (typeof from === 'number' ? from : 1) + 1 : last.next
  return { ok: { contacts, ...(next !== undefined && { next }), ...(leftOut > 0 && { leftOut }) } }
}

/** The smallest number, above one, of equal parts that a page divides into. */
function smallestFactor(limit: number): number {
  for (let factor = 2; factor * factor <= limit; factor++) if (limit % factor === 0) return factor
  return limit
}

async function readWhole(
  account: Account,
  { from, limit, search, tag, target: list }: ContactQuery,
  context: CallContext,
): Promise<Result<ContactPage>> {
  const operation = account.adapter.operations.listContacts
  if (operation === undefined) throw new Error(`${account.adapter.id} cannot list contacts`)
  const asked = list && (await askedTarget({ account, target: list }, context))
  if (asked !== undefined && 'failure' in asked) return asked
  const target = asked?.ok
  const input = {
    limit,
    settings: account.settings,
    ...(from !== undefined && { from }),
    ...(search !== undefined && { search }),
    ...(tag !== undefined && { tag }),
    ...(target !== undefined && { target }),
  }
  return execute(account, 'listContacts', operation, input, context)
}

/**
 * Filtered again by what the contacts show: a provider may not know a filter, and ignore it. One whose tags are not
 * shown is believed to belong there, unless others show that the filter was ignored. A contact that is left out and
 * shows no tag at all is counted: perhaps its tags were not told.
 */
function withinFilters(
  { adapter: { membership }, policies }: Account,
  { tag, target }: ContactQuery,
  page: ContactPage,
  { log }: CallContext,
): ContactPage {
  if (tag === undefined && (target === undefined || membership === undefined)) return page
  const { contacts } = page
  const belongs = (contact: StoredContact) =>
    (tag === undefined || contact.tags.some((one) => isSameText(one, tag))) &&
    (target === undefined || membership === undefined || membership.has(contact, target))
  const isUntold = ({ untold }: StoredContact) => untold?.has('tags') === true
  if (contacts.every((contact) => belongs(contact) || isUntold(contact))) return page
  policies.drift.note('listContacts', ['filter_ignored'], '', log)
  const tagless = contacts.filter((contact) => !belongs(contact) && contact.tags.length === 0).length
  const leftOut = (page.leftOut ?? 0) + tagless
  return { ...page, contacts: contacts.filter(belongs), ...(leftOut > 0 && { leftOut }) }
}
