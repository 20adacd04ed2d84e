import type { ProviderResponse } from '../../adapter-port.ts'
import { isFine, type Said, type Step } from '../../probing.ts'
import { unnoted } from '../../reading/drift.ts'
import { isForeign } from '../../reading/foreign-answer.ts'
import { endsAlike } from '../../reading/written-form.ts'
import { del, get } from '../../requests.ts'
import { readPage, type Stored } from '../wire.ts'
import { badNumbers, hasTag, idFrom, itemsOf, plainBlanks, shownIn } from './test-contact.ts'

/** Deleting what a run has made: by the keys that were noted, and whoever has the mark and one of its numbers. */

export function idsFound(response: ProviderResponse, said: Said): readonly string[] {
  return oursIn(response, said).map(({ id }) => id)
}

function oursIn(response: ProviderResponse | undefined, said: Said): readonly Stored[] {
  const items = isFine(response) ? (readPage(response, { page: 1, limit: 100 }, unnoted)?.items ?? []) : []
  const numbers = [...said.phones, ...badNumbers]
  return items.filter((item) => isMarked(item, said) && numbers.some((number) => endsAlike(item.phone_number, number)))
}

function isMarked(stored: Stored, { mark }: Said): boolean {
  return hasTag(stored, mark) || plainBlanks(stored.name ?? '').startsWith('Cgw Verify')
}

const tagged = (id: string, does: string): Step => ({
  id,
  does,
  request: ({ mark }) => get(`/contacts?tag=${mark}&limit=100`),
  made: idsFound,
})

export function cleanUp(said: Said): readonly Step[] {
  const searches = said.phones.map(
    (number, index): Step => ({
      id: `tidy-find-${index + 1}`,
      does: 'Search for a test number',
      request: () => get(`/contacts?search=${encodeURIComponent(number.slice(1))}&limit=100`),
      made: idsFound,
    }),
  )
  const looks = [tagged('tidy-tag', 'List whoever has the tag of this run'), ...searches]
  const deletions = said.made.map(deletion).filter((_, index) => !isGone(said, said.made[index] as string))
  return [...looks, ...deletions, ...check(said, deletions)]
}

/** Comes last: when all that was found has been deleted. */
function check(said: Said, deletions: readonly Step[]): readonly Step[] {
  const isOver = deletions.every(({ id }) => said.wasAsked(id))
  return isOver && said.wasAsked('tidy-tag') ? [tagged('tidy-check', 'Look whether anybody is left')] : []
}

const deletion = (id: string, index: number): Step => ({
  id: `tidy-delete-${index + 1}`,
  does: 'Delete a contact that this run has made',
  writes: true,
  request: () => del(`/contacts/${encodeURIComponent(id)}`),
})

/** An earlier step has deleted it, and it was not found any more. */
function isGone(said: Said, id: string): boolean {
  const isFirst = idFrom(said, 'create') === id
  return isFirst && isFine(said.answer('delete')) && shownIn(said, 'get-deleted') === undefined
}

export function left(said: Said): string | undefined {
  const check = said.answer('tidy-check')
  const found = oursIn(check, said).length
  if (found > 0)
    return `${found} of its contacts are still there, with the tag of this run: delete them in the console.`
  // An import is made only where searches find people, so that an empty page proves that nobody is there.
  if (said.written.some((step) => step.startsWith('import')) && itemsOf(said, 'tidy-find-2') === undefined)
    return 'The second test person was in a file, and the search for it was not answered: look for the number in the console.'
  const isCertain = said.made.every(
    (id, index) => isGone(said, id) || isDeleted(said.answer(`tidy-delete-${index + 1}`)),
  )
  return isCertain ? undefined : 'Not every deletion was answered: look for the tag of this run in the console.'
}

function isDeleted(response: ProviderResponse | undefined): boolean {
  return isFine(response) || (response?.status === 404 && !isForeign(response))
}
