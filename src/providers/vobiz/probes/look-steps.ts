import type { Said, Step } from '../../probing.ts'
import { get } from '../../requests.ts'
import { firstOf, idFrom, isFound, pageOfFirst, shownIn, swapCase } from './test-contact.ts'

/** When the new contact is looked for, in milliseconds after it was made. */
export const moments = [0, 1_000, 3_000, 10_000] as const

const search = (text: string) => get(`/contacts?search=${encodeURIComponent(text)}&limit=100`)
const tagged = (tag: string) => get(`/contacts?tag=${encodeURIComponent(tag)}&limit=100`)

/** Looks for the number as it was sent, and as the provider shows it; with digits alone where that is the same. */
const lagSteps: readonly Step[] = moments.flatMap((ms): readonly Step[] => [
  {
    id: `find-${ms}`,
    does: `Search for its number, ${ms / 1_000} s after it was made`,
    writes: true,
    wait: { after: 'create', ms },
    request: (said) => (idFrom(said, 'create') === undefined ? undefined : search(firstOf(said))),
  },
  {
    id: `find-${ms}-shown`,
    does: 'Search for it in the other form: as it is shown, or its digits',
    writes: true,
    request: otherForm,
  },
])

/** The number as it is shown; its digits, where it is shown as it was sent. */
function otherForm(said: Said) {
  const shown = shownIn(said, 'get')?.phone_number
  if (shown === undefined) return undefined
  return search(shown === firstOf(said) ? shown.slice(1) : shown)
}

/** The tag that the provider is asked for: one that it shows. */
const tagOf = (said: Said) => shownIn(said, 'get')?.tags?.[0]
const withTag = (change: (tag: string) => string) => (said: Said) => {
  const tag = tagOf(said)
  return tag === undefined ? undefined : tagged(change(tag))
}

/** Once it is found nobody waits any more; all of them are made where it never is. */
export const lookSteps: readonly Step[] = [
  ...lagSteps.map(
    (step): Step => ({ ...step, request: (said) => (isOver(said, step.id) ? undefined : step.request(said)) }),
  ),
  {
    id: 'find-number',
    does: 'Search for its number once more, now that time has passed',
    writes: true,
    request: (said) => (idFrom(said, 'create') === undefined ? undefined : search(firstOf(said))),
    expects: pageOfFirst,
  },
  { id: 'find-other-form', does: 'Search for it in the other form', writes: true, request: otherForm },
  {
    id: 'find-name',
    does: 'Search for its name',
    writes: true,
    request: (said) => {
      const name = shownIn(said, 'get')?.name
      return name === undefined || name === null || name === '' ? undefined : search(name)
    },
  },
  {
    id: 'find-part',
    does: 'Search for the last digits of its number',
    writes: true,
    request: (said) => {
      const shown = shownIn(said, 'get')?.phone_number
      return shown === undefined ? undefined : search(shown.slice(-3))
    },
  },
  {
    id: 'find-nobody',
    does: 'Search for somebody else, while it is there',
    writes: true,
    request: ({ mark }) => search(`${mark}-nobody`),
  },
  { id: 'tag', does: 'List one of its tags', writes: true, request: withTag((tag) => tag) },
  { id: 'tag-case', does: 'List that tag in the other case', writes: true, request: withTag(swapCase) },
  { id: 'tag-part', does: 'List the beginning of that tag', writes: true, request: withTag((tag) => tag.slice(0, -3)) },
  { id: 'tag-unknown', does: 'List a tag that nobody has', writes: true, request: withTag((tag) => `${tag}-nobody`) },
  { id: 'list', does: 'Ask for a page of one contact', writes: true, request: () => get('/contacts?page=1&limit=1') },
  {
    id: 'list-past-end',
    does: 'Ask for a page far past the end',
    writes: true,
    request: () => get('/contacts?page=999999&limit=1'),
  },
]

/** True for a later moment than the one at which it was found. */
function isOver(said: Said, step: string): boolean {
  const moment = Number(step.split('-')[1])
  const id = idFrom(said, 'create')
  return id !== undefined && moments.some((ms) => ms < moment && foundAt(said, ms, id))
}

/** Whether the contact was found then, in either form of its number. */
export function foundAt(said: Said, ms: number, id: string): boolean {
  return isFound(said, `find-${ms}`, id) === true || isFound(said, `find-${ms}-shown`, id) === true
}
