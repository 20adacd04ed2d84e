import type { ProviderResponse } from '../../adapter-port.ts'
import { isFine, type Probe, type Said } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'
import { readError } from '../../reading/read-error.ts'
import { saysExists } from '../../reading/refusal-words.ts'
import { firstAnswer } from './steps.ts'
import { isRefusedForData, saysNoList } from './test-contact.ts'

/** What is open of calls, errors and lists (docs/providers.md, "Octopush: lists"). */
export const listProbes: readonly Probe[] = [
  {
    id: 'OCT-HEADER-CASE',
    question: 'Do header names count in any case?',
    answers: { any: 'They do.', documented: 'Only as the documents write them.' },
    assumes: ['any', 'documented'],
    read: (said) => {
      if (!takesCalls(said)) return undefined
      const { status = 0 } = said.answer('other-case') ?? {}
      if (status >= 200 && status < 300) return 'any'
      return status === 401 || status === 403 ? 'documented' : undefined
    },
  },
  {
    id: 'OCT-WRONG-KEY',
    question: 'What does a wrong key get?',
    answers: { '401': '401.', '403': '403.', '400': '400.', taken: 'A success.' },
    assumes: ['401', '403', '400'],
    read: (said) => {
      const { status } = said.answer('wrong-key') ?? {}
      if (!takesCalls(said) || status === undefined) return undefined
      if (status === 401 || status === 403 || status === 400) return String(status)
      return status < 300 ? 'taken' : undefined
    },
  },
  {
    id: 'OCT-ERROR-CODE',
    question: 'Where does the code of an error stand?',
    answers: {
      number: 'In `code`, as a number.',
      text: 'In `code`, as a text.',
      error_code: 'In `error_code`.',
      none: 'There is none.',
    },
    assumes: ['number', 'text', 'error_code'],
    read: (said) => (takesCalls(said) ? errorCodeOf(said.answer('wrong-key')) : undefined),
  },
  {
    id: 'OCT-LIST-MADE',
    question: 'What is the answer to a list that was made?',
    answers: {
      '201': '201, and nothing.',
      '201-body': '201, with the list.',
      '200': '200, and nothing.',
      '200-body': '200, with the list.',
      '200-text': '200, with a text.',
      '202': '202.',
      '204': '204.',
    },
    assumes: ['201', '201-body', '200', '200-body', '200-text', '202', '204'],
    read: (said) => {
      const response = said.answer('list')
      if (!isFine(response) || firstAnswer(said) === undefined) return undefined
      const { status, text, body } = response
      const form = text.trim() === '' ? '' : body === undefined ? '-text' : '-body'
      const word = status === 201 || status === 200 ? `${status}${form}` : String(status)
      return ['201', '201-body', '200', '200-body', '200-text', '202', '204'].includes(word) ? word : undefined
    },
  },
  {
    id: 'OCT-LIST-EXISTS',
    question: 'What is the answer to a list that is there already?',
    answers: {
      'code-400': '400 with the code 302.',
      'code-409': '409 with the code 302.',
      'words-400': '400, in words.',
      'words-403': '403, in words.',
      'words-409': '409, in words.',
      'words-422': '422, in words.',
      'words-500': '500, in words.',
      success: 'A success, as though it had been made.',
      other: 'A refusal that does not say why.',
    },
    assumes: ['code-400', 'code-409', 'words-400', 'words-403', 'words-409', 'words-422', 'words-500', 'success'],
    settings: { other: { name: 'createLists', oneOf: [false] } },
    read: readListExists,
  },
  {
    id: 'OCT-LIST-LAG',
    question: 'How soon can people be added to a new list?',
    answers: {
      '0': 'At once.',
      '1000': 'Within a second.',
      '3000': 'Within three seconds.',
      '10000': 'Within ten seconds.',
    },
    assumes: ['0', '1000'],
    read: (said) => firstAnswer(said)?.ms.toString(),
  },
  {
    id: 'OCT-CONTRA-4',
    question: 'Does adding somebody make a list that is not there?',
    answers: {
      refused: 'It does not: the call is refused.',
      made: 'It does.',
      ignored: 'It does not, and people land in the account alone.',
    },
    assumes: ['refused', 'made'],
    settings: { ignored: { name: 'createLists', oneOf: [true] } },
    read: readMissingList,
  },
  {
    id: 'OCT-UNKNOWN-LIST',
    question: 'What is the answer to taking somebody off a list that is not there?',
    answers: { 'code-303': 'A refusal with the code 303.', refused: 'Another refusal.', taken: 'A success.' },
    assumes: ['code-303', 'taken'],
    read: (said) => {
      const response = said.answer('unknown-list')
      if (response === undefined || response.status >= 500 || firstAnswer(said) === undefined) return undefined
      if (isFine(response)) return 'taken'
      return readError(response).code === '303' ? 'code-303' : 'refused'
    },
  },
]

/** Whether there is anybody to ask: the first call was answered by a balance. */
function takesCalls(said: Said): boolean {
  const response = said.answer('balance')
  return isFine(response) && isRecord(response.body)
}

export function errorCodeOf(response: ProviderResponse | undefined): string | undefined {
  if (response === undefined || response.status < 400 || !isRecord(response.body)) return undefined
  const { code, error_code: other } = response.body
  if (typeof code === 'number') return 'number'
  if (typeof code === 'string') return 'text'
  return other === undefined ? 'none' : 'error_code'
}

function readListExists(said: Said): string | undefined {
  const response = said.answer('list-again')
  if (response === undefined || firstAnswer(said) === undefined) return undefined
  if (isFine(response)) return 'success'
  const said302 = readError(response)
  if (said302.code === '302' && (response.status === 400 || response.status === 409)) return `code-${response.status}`
  if (saysExists(said302) && [400, 403, 409, 422, 500].includes(response.status)) return `words-${response.status}`
  return response.status < 500 && response.status !== 429 ? 'other' : undefined
}

/** What making the list afterwards is answered with tells whether it was there. */
function readMissingList(said: Said): string | undefined {
  const [adding, making] = [said.answer('missing'), said.answer('missing-made')]
  if (adding === undefined || making === undefined || firstAnswer(said) === undefined) return undefined
  if (saysNoList(adding)) return 'refused'
  if (!isFine(adding)) return isRefusedForData(adding) ? 'refused' : undefined
  const [made, exists] = [said.answer('list'), said.answer('list-again')]
  const isAs = (other: ProviderResponse | undefined) =>
    other?.status === making.status && errorOf(other) === errorOf(making)
  if (isAs(made) === isAs(exists)) return undefined
  return isAs(exists) ? 'made' : 'ignored'
}

function errorOf(response: ProviderResponse): string | undefined {
  return response.status < 400 ? undefined : readError(response).code
}
