import { ExactNumber } from '../../../domain/exact-number.ts'
import type { ProviderResponse } from '../../adapter-port.ts'
import { isFine, type Said } from '../../probing.ts'
import { unnoted } from '../../reading/drift.ts'
import { isForeign } from '../../reading/foreign-answer.ts'
import { readPage, readStored, type Stored } from '../wire.ts'

/** What the first test person is made with, and how answers are looked at for it. */

/** With blanks that some programs tidy. */
export const firstName = 'Cgw  Verify, whose name is longer than most '
export const secondName = 'Cgw Verify again'
export const mixedTag = 'Cgw Verify Mixed'
/** Texts, numbers, one that a double would change, yes, nothing and an object: which come back as they were sent? */
export const attributes = {
  cgw_text: 'text',
  cgw_number: 42,
  cgw_yes: true,
  cgw_exact: new ExactNumber('9007199254740993'),
  cgw_nothing: null,
  cgw_nested: { within: 1 },
}

/** No number at all: a provider that takes them is tidied up all the same. */
export const badNumbers = ['+98765', '+98764'] as const

export const firstOf = ({ phones: [first = ''] }: Said): string => first
export const secondOf = ({ phones: [, second = ''] }: Said): string => second

/** The contact that an answer shows. */
export function shownIn(said: Said, step: string): Stored | undefined {
  const response = said.answer(step)
  return isFine(response) ? readStored(response.body, unnoted) : undefined
}

export function plainBlanks(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

/** Older than this, by the provider's own clock, a contact was not made by this call. */
const newestMs = 120_000

/** Whether an answer to a create shows somebody who had been there before. */
export function isOld(response: ProviderResponse | undefined): boolean {
  if (!isFine(response)) return false
  const created = Date.parse(readStored(response.body, unnoted)?.created_at ?? '')
  const now = Date.parse(String(response.headers?.date))
  return now - created > newestMs
}

/** Whether a search has found the first test person: only then does it prove that the second one is not there. */
export function searchFindsPeople(said: Said): boolean {
  const id = idFrom(said, 'create')
  return id !== undefined && ['find-number', 'find-other-form'].some((step) => isFound(said, step, id) === true)
}

export function idFrom(said: Said, step: string): string | undefined {
  return shownIn(said, step)?.id
}

/** Of somebody new. */
export function keysOf(response: ProviderResponse): readonly string[] {
  const id = isFine(response) && !isOld(response) ? readStored(response.body, unnoted)?.id : undefined
  return id === undefined ? [] : [id]
}

/** Whether there is anybody to ask: the first call was answered by a page, or by the provider's own "not there". */
export function takesCalls(said: Said): boolean {
  const response = said.answer('page')
  if (response === undefined) return false
  return itemsOf(said, 'page') !== undefined || (response.status === 404 && !isForeign(response))
}

/** The contacts of a page; `undefined`: no page came. */
export function itemsOf(said: Said, step: string): readonly Stored[] | undefined {
  const response = said.answer(step)
  return isFine(response) ? readPage(response, { page: 1, limit: 100 }, unnoted)?.items : undefined
}

/** Whether a page shows this contact; `undefined`: no page came. */
export function isFound(said: Said, step: string, id: string): boolean | undefined {
  return itemsOf(said, step)?.some((item) => item.id === id)
}

/** Tags without what a provider may make of their case and blanks. */
export function plainTag(tag: string): string {
  return tag.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}

export function hasTag(stored: Stored | undefined, tag: string): boolean {
  return stored?.tags?.some((own) => plainTag(own) === plainTag(tag)) === true
}

export function swapCase(text: string): string {
  const upper = text.toUpperCase()
  return upper === text ? text.toLowerCase() : upper
}

/** The new contact as it is expected; its id says what stands in its place. */
export const expectedContact = (said: Said) => ({ status: 201, body: bodyOfFirst(said) })

const bodyOfFirst = (said: Said) => ({
  id: 'id-of-the-first',
  phone_number: firstOf(said),
  name: firstName,
  tags: [said.mark, mixedTag],
})

/** A page of contacts as it is documented. */
export const expectedPage = (items: (said: Said) => readonly unknown[]) => (said: Said) => ({
  status: 200,
  body: { items: items(said), total: items(said).length, page: 1, limit: 25, has_more: false },
})

export const pageOfFirst = expectedPage((said) => [bodyOfFirst(said)])
