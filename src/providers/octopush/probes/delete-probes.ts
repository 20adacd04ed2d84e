import { isFine, type Probe, type Said } from '../../probing.ts'
import { firstOf, wasThere, wordFor } from './test-contact.ts'

/** What is open of deleting people (docs/providers.md, "Octopush: deleting contacts"). */
export const deleteProbes: readonly Probe[] = [
  {
    id: 'OCT-REMOVAL',
    question: 'Does somebody who is taken off a list stay in the account?',
    answers: { stays: 'Yes.', deleted: 'No: the person is deleted.' },
    assumes: ['stays'],
    read: (said) => {
      const isThere = isThereAt(said, 'off-list-look')
      if (!isFine(said.answer('off-list')) || isThere === undefined) return undefined
      return isThere ? 'stays' : 'deleted'
    },
  },
  {
    id: 'OCT-DELETE',
    question: 'Is somebody gone once the deletion is answered?',
    answers: {
      gone: 'Yes.',
      'answered-only': 'No, though the answer was a success.',
      'refused-404': 'No, and the answer was a 404.',
    },
    assumes: ['gone'],
    read: (said) => {
      const response = said.answer('delete')
      const isThere = isThereAt(said, 'delete-look')
      // Somebody who was gone before it tells nothing.
      if (response === undefined || isThere === undefined || isThereAt(said, 'off-list-look') !== true) return undefined
      if (isFine(response)) return isThere ? 'answered-only' : 'gone'
      return isThere && response.status === 404 ? 'refused-404' : undefined
    },
  },
  {
    id: 'OCT-UNKNOWN-NUMBER',
    question: 'What is the answer to deleting a number that is not there?',
    answers: { '204': '204, as for one that was.', '200': '200.', '404': '404.', '400': '400.' },
    assumes: ['204', '404', '200'],
    read: (said) => {
      const { status } = said.answer('delete-unknown') ?? {}
      const isDone = isFine(said.answer('delete')) && isThereAt(said, 'delete-look') === false
      if (!isDone || !isFine(said.answer('delete-again')) || status === undefined) return undefined
      return [200, 204, 400, 404].includes(status) ? String(status) : undefined
    },
  },
]

/** Where whoever is there is called `added` as well, the word tells nothing. */
function isThereAt(said: Said, step: string): boolean | undefined {
  const first = firstOf(said)
  return wordFor(said, 'again-kept', first) === 'added' ? undefined : wasThere(said, step, first)
}
