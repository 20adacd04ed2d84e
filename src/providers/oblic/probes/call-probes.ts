import type { Probe } from '../../probing.ts'
import { readOblicFailure } from '../failures.ts'
import { isRefused, isTaken, keyStatus, takenAnswers, takenOrRefused } from './read-answers.ts'

const keyAnswers = { '401': '401.', '403': '403.', '400': '400.' }

/** What is open of keys, headers and lists (docs/providers.md, "Oblic: errors"). */
export const callProbes: readonly Probe[] = [
  {
    id: 'OBL-NO-KEY',
    question: 'What does a call without a key get?',
    answers: keyAnswers,
    assumes: ['401', '403'],
    read: (said) => keyStatus(said, 'no-key'),
  },
  {
    id: 'OBL-WRONG-KEY',
    question: 'What does a wrong key get?',
    answers: keyAnswers,
    assumes: ['401', '403'],
    read: (said) => keyStatus(said, 'wrong-key'),
  },
  {
    id: 'OBL-HEADER-CASE',
    question: 'Do header names count in any case?',
    answers: { any: 'They do.', documented: 'Only as the documents write them.' },
    assumes: ['any', 'documented'],
    read: (said) => {
      const [own, other] = [said.answer('unknown-list')?.status, said.answer('other-case')?.status]
      if (own === undefined || own === 401 || own === 403 || own >= 500 || other === undefined) return undefined
      if (other === own)
        return isRefused(said.answer('unknown-list')) || isTaken(said.answer('unknown-list')) ? 'any' : undefined
      return other === 401 || other === 403 ? 'documented' : undefined
    },
  },
  {
    id: 'OBL-UNKNOWN-LIST',
    question: 'What is the answer for a list that is not there?',
    answers: { '404': '404.', '400': '400.', taken: 'A success.' },
    assumes: ['404', '400'],
    read: (said) => {
      const response = said.answer('unknown-list')
      if (isTaken(response)) return 'taken'
      // Any call may be refused for other reasons.
      if (!isRefused(response) || readOblicFailure(response).failure.kind !== 'notFound') return undefined
      return response.status === 404 || response.status === 400 ? String(response.status) : undefined
    },
  },
  {
    id: 'OBL-EMPTY',
    question: 'Is an empty array taken?',
    answers: takenAnswers,
    assumes: ['refused', 'taken'],
    read: (said) => takenOrRefused(said, 'empty'),
  },
  {
    id: 'OBL-OBJECT',
    question: 'Is one person taken who stands in no array?',
    answers: takenAnswers,
    assumes: ['refused', 'taken'],
    read: (said) => takenOrRefused(said, 'object'),
  },
]
