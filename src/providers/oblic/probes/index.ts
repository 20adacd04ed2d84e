import { isFine, type ProbeSet, type Unseen, type Watched } from '../../probing.ts'
import { readError } from '../../reading/read-error.ts'
import { callProbes } from './call-probes.ts'
import { peopleProbes } from './people-probes.ts'
import { hasErrors, isRefused } from './read-answers.ts'
import { steps } from './steps.ts'

const unseen: readonly Unseen[] = [
  {
    id: 'OBL-KEPT',
    question: 'How many of a refused batch are on the list, and what did adding somebody again change?',
    why: 'No call reads. Count the people on the list in the dashboard: `before` and `after` were sent with somebody bad between them.',
  },
  {
    id: 'OBL-CAPITALS',
    question: 'Are addresses in capitals other people?',
    why: 'No call reads: only the dashboard shows how many there are.',
  },
  {
    id: 'OBL-ALLOWLIST',
    question: 'What does a caller get whose address is not listed?',
    why: 'A run is made from one address: where it is not listed, the run says so and settles nothing.',
  },
  {
    id: 'OBL-CODES',
    question: 'Which other codes do errors have, and with which status does `INVALID_REQUEST` come?',
    why: 'The table is not published; those of a run are in its list of calls.',
  },
  {
    id: 'OBL-LENGTHS',
    question: 'How long may names, addresses and numbers be?',
    why: 'It would take addresses that are nobody’s, and what is written cannot be deleted.',
  },
  {
    id: 'OBL-RATE',
    question: 'How many calls a second are taken?',
    why: 'It is found only by calling too often, which a run never does.',
  },
  {
    id: 'OBL-CHANNELS',
    question: 'Who is written to on which channel, and are opt-outs looked at?',
    why: 'It shows only when messages are sent, which a run never does.',
  },
  {
    id: 'OBL-ROLES',
    question: 'What may a key of which role do?',
    why: 'A run has one key.',
  },
  {
    id: 'OBL-OTHER-CALLS',
    question:
      'Are there calls that read, change or delete people, or make lists, and which limits does the API promise?',
    why: 'None is documented, and paths are not guessed.',
  },
]

const watched: readonly Watched[] = [
  {
    probe: 'OBL-BAD-EMAIL',
    operations: ['addContacts'],
    read: (response) => {
      if (!isRefused(response) || readError(response).code?.toUpperCase() !== 'INVALID_EMAIL') return undefined
      return String(response.status)
    },
  },
  {
    probe: 'OBL-DUPLICATE',
    operations: ['addContacts'],
    read: (response) => (response.status === 409 ? 'refused-409' : undefined),
  },
  {
    probe: 'OBL-ATOMIC',
    operations: ['addContacts'],
    read: (response) =>
      isFine(response) && !isRefused(response) && hasErrors(response) ? 'success-with-errors' : undefined,
  },
]

/** How an account of Oblic is verified: in a list that was made by hand, and is deleted by hand. */
export const probes: ProbeSet = {
  needs: { phones: 1, emails: 1, byHand: true },
  caution:
    'Oblic has no call that reads or deletes: whether the test person was there before cannot be told, and what is written stays until you delete the list in its dashboard.',
  steps,
  cleanUp: () => [],
  left: () => undefined,
  probes: [...callProbes, ...peopleProbes],
  unseen,
  watched,
}
