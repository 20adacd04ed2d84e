import { isFine, type ProbeSet, type Unseen, type Watched } from '../../probing.ts'
import { writtenForm } from '../../reading/written-form.ts'
import { contactProbes } from './contact-probes.ts'
import { deleteProbes } from './delete-probes.ts'
import { errorCodeOf, listProbes } from './list-probes.ts'
import { steps } from './steps.ts'
import { itemsIn } from './test-contact.ts'
import { cleanUp, left } from './tidy.ts'

const unseen: readonly Unseen[] = [
  {
    id: 'OCT-KEPT',
    question: 'What is kept of names, params, tags, lists and e-mail addresses?',
    why: 'No call shows it. Look at the first test person in the account before the run ends, or add one by hand.',
  },
  {
    id: 'OCT-SKIPPED-JOINS',
    question: 'Is somebody who is skipped put on the list all the same?',
    why: 'No call shows who is on a list.',
  },
  {
    id: 'OCT-LIST-DELETED',
    question: 'Do the people of a list that is deleted stay in the account, and how exact are names of lists?',
    why: 'The gateway deletes no lists, and a run only those that it has made.',
  },
  {
    id: 'OCT-BATCH',
    question: 'How many people does one call take?',
    why: 'It takes hundreds of people, and a run writes to two.',
  },
  {
    id: 'OCT-CODES',
    question: 'Which status comes with which code, and what do the other codes mean here?',
    why: 'Most of them take an account in trouble; those of a run are in its list of calls.',
  },
  {
    id: 'OCT-COUNTRIES',
    question: 'What becomes of a number of a country that is not served?',
    why: 'Such a number would be somebody’s.',
  },
  {
    id: 'OCT-RATE',
    question: 'How many calls a second are taken, and from which addresses?',
    why: 'It is found only by calling too often, or from elsewhere.',
  },
  {
    id: 'OCT-STOP',
    question: 'In which form does the call about an opt-out come, and who changes the blacklist?',
    why: 'It comes when somebody answers STOP to a message, which a run never sends.',
  },
  {
    id: 'OCT-READING',
    question: 'Is there a call that reads people, lists or the blacklist?',
    why: 'None is documented, and paths are not guessed.',
  },
]

const watched: readonly Watched[] = [
  {
    probe: 'OCT-NUMBER-FORM',
    operations: ['addContacts', 'createContact', 'updateContact'],
    read: (response) => {
      const shown = itemsIn(response)?.[0]?.phone_number
      return shown === undefined ? undefined : writtenForm(String(shown))
    },
  },
  {
    probe: 'OCT-ERROR-CODE',
    operations: ['addContacts', 'createContact', 'updateContact', 'ensureList'],
    read: (response) => (response.status === 400 ? errorCodeOf(response) : undefined),
  },
  {
    probe: 'OCT-CONTRA-4',
    operations: ['addContacts'],
    // Whoever adds to a list that is not there is refused: where that was settled otherwise, it has changed.
    read: (response) => (errorCodeOf(response) !== undefined && /\b303\b/.test(response.text) ? 'refused' : undefined),
  },
  {
    probe: 'OCT-STATUS',
    operations: ['addContacts', 'createContact'],
    read: (response) => {
      const words = isFine(response) ? (itemsIn(response) ?? []).map(({ status }) => status) : []
      if (words.some((word) => typeof word === 'number')) return 'number'
      if (words.includes('added')) return 'added'
      return words.includes('ADDED') ? 'capitals' : undefined
    },
  },
]

/** How an account of Octopush is verified. No call reads: whoever is added is known by the answer alone. */
export const probes: ProbeSet = {
  needs: { phones: 2, emails: 0 },
  caution:
    'Octopush has no call that reads: that a test person is new is known by the word `added` alone, and that it is gone by the word of the next call.',
  steps,
  cleanUp,
  left,
  probes: [...listProbes, ...contactProbes, ...deleteProbes],
  unseen,
  watched,
}
