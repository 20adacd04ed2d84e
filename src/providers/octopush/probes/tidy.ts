import { isFine, type Said, type Step } from '../../probing.ts'
import { del } from '../../requests.ts'
import { moments } from './steps.ts'
import { firstOf, neverMade, remove, secondOf, wasThere } from './test-contact.ts'

/** Whoever the answers say was added is deleted, and both lists. */
export function cleanUp(said: Said): readonly Step[] {
  const lists = [said.mark, neverMade(said)].map(
    (name, index): Step => ({
      id: `tidy-list-${index + 1}`,
      does: 'Delete a list of this run',
      writes: true,
      request: () => del('/contact-list/delete', { list_name: name }),
    }),
  )
  const people: Step = {
    id: 'tidy-delete',
    does: 'Delete the people whom this run has added',
    writes: true,
    request: ({ made }) => (made.length === 0 ? undefined : remove(made)),
  }
  return [people, ...lists].filter(({ id }) => id !== 'tidy-delete' || said.made.length > 0)
}

export function left(said: Said): string | undefined {
  if (said.wasAsked('tidy-delete') && !isFine(said.answer('tidy-delete')))
    return 'The test people could not be deleted: delete them in the account.'
  if (isFine(said.answer('delete')) && wasThere(said, 'delete-look', firstOf(said)))
    return 'Deletions are answered and not done: delete the test people in the account.'
  if (
    isUnclear(
      said,
      firstOf(said),
      moments.map((ms) => `create-${ms}`),
    ) ||
    isUnclear(said, secondOf(said), ['pair'])
  )
    return 'It is not known whether a test person was added: look for the test numbers in the account.'
  return undefined
}

/** It was sent, and no answer said what became of it. */
function isUnclear(said: Said, number: string, steps: readonly string[]): boolean {
  if (said.made.includes(number)) return false
  return steps.some((step) => {
    if (!said.written.includes(step)) return false
    const response = said.answer(step)
    if (response !== undefined && response.status >= 400 && response.status < 500) return false
    return wasThere(said, step, number) !== true
  })
}
