import type { ProviderResponse } from '../../adapter-port.ts'
import { isFine, type Probe } from '../../probing.ts'
import { readError } from '../../reading/read-error.ts'
import { hasErrors, isRefused, isTaken, takenAnswers, takenOrRefused } from './read-answers.ts'

const refusalStatuses = [200, 400, 409, 422, 500]

/** What is open of adding people (docs/providers.md, "Oblic: adding contacts"). */
export const peopleProbes: readonly Probe[] = [
  {
    id: 'OBL-BAD-EMAIL',
    question: 'With which status is an e-mail address refused that is none?',
    answers: {
      '200': '200, with the error in its body.',
      '400': '400.',
      '409': '409.',
      '422': '422.',
      '500': '500.',
    },
    assumes: ['400', '422', '200'],
    read: (said) => {
      const response = said.answer('bad')
      if (!isRefused(response) || readError(response).code?.toUpperCase() !== 'INVALID_EMAIL') return undefined
      return refusalStatuses.includes(response.status) ? String(response.status) : undefined
    },
  },
  {
    id: 'OBL-ATOMIC',
    question: 'What is the answer to a call with a bad person among good ones?',
    answers: {
      refused: 'A refusal; how many of them are on the list only the dashboard shows.',
      'success-with-errors': 'A success, with an error.',
      taken: 'A success without a word of the bad one.',
    },
    assumes: ['refused'],
    read: (said) => {
      const response = said.answer('mixed')
      if (response === undefined || !isTaken(said.answer('good'))) return undefined
      if (isRefused(response)) return 'refused'
      if (isTaken(response)) return 'taken'
      return isFine(response) && hasErrors(response) ? 'success-with-errors' : undefined
    },
  },
  {
    id: 'OBL-DUPLICATE',
    question: 'What is the answer to adding somebody who is on the list?',
    answers: {
      taken: 'A success; whether anything was changed only the dashboard shows.',
      'refused-409': '409.',
      'refused-400': '400.',
    },
    assumes: ['taken'],
    read: (said) => {
      const response = said.answer('same')
      if (!isTaken(said.answer('good'))) return undefined
      if (isTaken(response)) return 'taken'
      if (!isRefused(response)) return undefined
      return response.status === 409 || response.status === 400 ? `refused-${response.status}` : undefined
    },
  },
  {
    id: 'OBL-TWICE',
    question: 'Is a call taken in which somebody stands twice?',
    answers: takenAnswers,
    assumes: ['taken', 'refused'],
    read: (said) => takenOrRefused(said, 'twice'),
  },
  {
    id: 'OBL-MEMBERS',
    question: 'Is a member taken that no document names?',
    answers: takenAnswers,
    assumes: ['taken', 'refused'],
    read: (said) => takenOrRefused(said, 'member'),
  },
  {
    id: 'OBL-NAME',
    question: 'Is somebody taken without a name?',
    answers: takenAnswers,
    assumes: ['taken', 'refused'],
    read: (said) => takenOrRefused(said, 'nameless'),
  },
  {
    id: 'OBL-PHONE-ONLY',
    question: 'Is somebody taken without an e-mail address?',
    answers: takenAnswers,
    assumes: ['taken', 'refused'],
    read: (said) => takenOrRefused(said, 'phone-only'),
  },
  {
    id: 'OBL-PLUS',
    question: 'Is a number taken that has a +?',
    answers: takenAnswers,
    assumes: ['taken', 'refused'],
    read: (said) => takenOrRefused(said, 'plus'),
  },
  {
    id: 'OBL-SIZE',
    question: 'How many people does one call take?',
    answers: { '501': '501, perhaps more.', '101': '101, and not 501.', fewer: 'Fewer than 101.' },
    assumes: ['501', '101', 'fewer'],
    read: (said) => {
      const [small, large] = [said.answer('size-101'), said.answer('size-501')]
      if (isTaken(large)) return '501'
      if (isTaken(small)) return isTooMany(large) ? '101' : undefined
      return isTooMany(small) && isTaken(said.answer('good')) ? 'fewer' : undefined
    },
  },
]

/** The people are like those who were taken one by one: it is their number that is refused. */
function isTooMany(response: ProviderResponse | undefined): boolean {
  return response !== undefined && response.status >= 400 && response.status < 500 && response.status !== 429
}
