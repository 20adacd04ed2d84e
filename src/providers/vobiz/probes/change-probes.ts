import type { ProviderResponse } from '../../adapter-port.ts'
import { isFine, type Probe, type Said } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'
import { isForeign } from '../../reading/foreign-answer.ts'
import { judgeBody } from '../../reading/judge-body.ts'
import type { Stored } from '../wire.ts'
import { hasTag, idFrom, mixedTag, shownIn, takesCalls } from './test-contact.ts'

/** What is open of writing (docs/providers.md, "Vobiz: creating, changing and deleting"). */
export const changeProbes: readonly Probe[] = [
  {
    id: 'VOB-DUPLICATE',
    question: 'What becomes of a create whose number is there?',
    answers: {
      'refused-409': 'It is refused with 409.',
      'refused-400': 'It is refused with 400.',
      'refused-422': 'It is refused with 422.',
      'refused-500': 'It is refused with 500.',
      'kept-200': 'The contact stays as it was, and is answered with 200.',
      'kept-201': 'The contact stays as it was, and is answered with 201.',
      'written-200': 'It is written over, with 200.',
      'written-201': 'It is written over, with 201.',
      'renewed-200': 'It is written over, with 200, and its times are those of a new contact.',
      'renewed-201': 'It is written over, with 201, and its times are those of a new contact.',
      'second-201': 'A second contact with the same number is made.',
    },
    assumes: ['refused-409', 'written-200', 'written-201', 'kept-200', 'kept-201'],
    read: readDuplicate,
  },
  {
    id: 'VOB-UPDATE',
    question: 'What does an update change?',
    answers: {
      partial: 'What it holds, and nothing else.',
      whole: 'All of the contact: what is not in it is emptied.',
      'said-not-done': 'Nothing, and the answer says so.',
      'not-done': 'Nothing, and the answer does not say so.',
    },
    assumes: ['partial'],
    settings: {
      whole: { name: 'updateReplaces', oneOf: [true] },
      partial: { name: 'updateReplaces', oneOf: [false] },
    },
    read: readUpdate,
  },
  {
    id: 'VOB-UPDATE-TAGS',
    question: 'What do the tags of an update do to those that are there?',
    answers: { replaced: 'They take their place.', added: 'They are added to them.' },
    assumes: ['replaced'],
    read: (said) => {
      const [before, after] = [shownIn(said, 'get-name'), shownIn(said, 'get-tags')]
      if (!hasTag(after, 'cgw-third')) return undefined
      if (hasTag(before, mixedTag)) return hasTag(after, mixedTag) ? 'added' : 'replaced'
      return undefined
    },
  },
  {
    id: 'VOB-UPDATE-ATTRIBUTES',
    question: 'What do the attributes of an update do to those that are there?',
    answers: { replaced: 'They take their place.', merged: 'They are added to them.' },
    assumes: ['replaced', 'merged'],
    read: (said) => {
      const [before, after] = [shownIn(said, 'get-tags'), shownIn(said, 'get-attributes')]
      const had = before?.custom_attributes?.cgw_yes ?? undefined
      if (had === undefined || after?.custom_attributes?.cgw_only === undefined) return undefined
      return after.custom_attributes.cgw_yes === undefined ? 'replaced' : 'merged'
    },
  },
  {
    id: 'VOB-EMPTY-UPDATE',
    question: 'What is the answer to an update with nothing in it?',
    answers: { accepted: 'A success.', refused: 'It is refused.' },
    assumes: ['accepted', 'refused'],
    read: (said) => {
      const response = said.answer('put-nothing')
      if (response === undefined || !wasMade(said) || response.status >= 500) return undefined
      if (isFine(response)) return 'accepted'
      return response.status === 400 || response.status === 422 ? 'refused' : undefined
    },
  },
  {
    id: 'VOB-VALIDATION',
    question: 'With which status is a bad contact refused?',
    answers: { '422': '422.', '400': '400.', taken: 'It is not refused.', other: 'Another one.' },
    assumes: ['422', '400'],
    read: (said) => {
      const { status } = said.answer('bad') ?? {}
      if (status === undefined || !wasMade(said) || status === 401 || status === 429 || status >= 500) return undefined
      if (status < 300) return 'taken'
      return status === 422 || status === 400 ? String(status) : 'other'
    },
  },
  {
    id: 'VOB-ERROR-SHAPE',
    question: 'Which form have errors?',
    answers: {
      documented: 'The documented one.',
      short: 'The documented one without `timestamp` and `requestId`.',
      live: '`error` with a code and a message, without `status`.',
      'error-text': '`error` as a text.',
      'status-message': '`status` and `message`.',
      message: '`message` alone.',
      unavailable: '`status` alone.',
      other: 'Another one.',
    },
    assumes: ['documented', 'short', 'live', 'error-text', 'status-message', 'message'],
    read: (said) => {
      const [bad, none] = [said.answer('bad'), said.answer('no-id')]
      if (bad !== undefined && (bad.status === 400 || bad.status === 422)) return errorShapeOf(bad)
      return takesCalls(said) && none?.status === 404 && !isForeign(none) ? errorShapeOf(none) : undefined
    },
  },
  {
    id: 'VOB-NAME-REQUIRED',
    question: 'Does a contact need a name?',
    answers: { required: 'It does.', optional: 'It does not.' },
    assumes: ['required', 'optional'],
    read: (said) => {
      const { status } = said.answer('nameless') ?? {}
      if (status === 400 || status === 422) return 'required'
      return idFrom(said, 'nameless') === undefined ? undefined : 'optional'
    },
  },
  {
    id: 'VOB-DELETE',
    question: 'Is a contact gone once its deletion is answered?',
    answers: {
      gone: 'It is.',
      'answered-only': 'It is not, though the answer was a success.',
      'refused-404': 'It is not, and the answer was a 404.',
    },
    assumes: ['gone'],
    read: (said) => {
      const response = said.answer('delete')
      const looked = said.answer('get-deleted')
      if (response === undefined || looked === undefined || looked.status >= 500 || !wasMade(said)) return undefined
      const isThere = shownIn(said, 'get-deleted') !== undefined
      if (isFine(response)) return isThere ? 'answered-only' : 'gone'
      return isThere && response.status === 404 ? 'refused-404' : undefined
    },
  },
  {
    id: 'VOB-DELETE-TWICE',
    question: 'Is the answer to a second deletion the one for an id that is not there?',
    answers: { same: 'It is.', success: 'It is a success, as that of the first.', other: 'It is another one.' },
    assumes: ['same', 'success'],
    read: (said) => {
      const [second, none] = [said.answer('delete-again'), said.answer('no-id')]
      if (second === undefined || none === undefined || second.status >= 500) return undefined
      if (!wasMade(said) || !isFine(said.answer('delete'))) return undefined
      if (shownIn(said, 'get-deleted') !== undefined) return undefined
      if (second.status === none.status) return 'same'
      return isFine(second) ? 'success' : 'other'
    },
  },
]

function wasMade(said: Said): boolean {
  return idFrom(said, 'create') !== undefined
}

function readDuplicate(said: Said): string | undefined {
  const response = said.answer('again')
  const [before, after] = [shownIn(said, 'get'), shownIn(said, 'get-again')]
  if (response === undefined || before === undefined || after === undefined) return undefined
  const { status } = response
  if ([400, 409, 422, 500].includes(status)) return isSame(before, after) ? `refused-${status}` : undefined
  if (status !== 200 && status !== 201) return undefined
  if (idFrom(said, 'again') !== undefined && idFrom(said, 'again') !== before.id) return 'second-201'
  if (isSame(before, after)) return `kept-${status}`
  return after.created_at === before.created_at ? `written-${status}` : `renewed-${status}`
}

function isSame(before: Stored, after: Stored): boolean {
  return before.updated_at === after.updated_at && before.name === after.name && sizeOf(before) === sizeOf(after)
}

function sizeOf({ tags }: Stored): number {
  return tags?.length ?? 0
}

function readUpdate(said: Said): string | undefined {
  const response = said.answer('put-name')
  const [before, after] = [shownIn(said, 'get-again'), shownIn(said, 'get-name')]
  if (response === undefined || before === undefined || after === undefined || !before.name?.startsWith('Cgw')) {
    return undefined
  }
  if (after.name === before.name) return isFine(response) ? notDoneOf(response, after) : undefined
  if (after.name !== 'Cgw Verify third') return undefined
  const isEmptied = sizeOf(before) + countOf(before) > 0 && sizeOf(after) + countOf(after) === 0
  return isEmptied ? 'whole' : 'partial'
}

function countOf({ custom_attributes: attributes }: Stored): number {
  return Object.keys(attributes ?? {}).length
}

/** An answer that shows the contact as it is says so as well. */
function notDoneOf(response: ProviderResponse, after: Stored): string {
  const verdict = judgeBody(response)
  if (verdict === 'skipped' || verdict === 'refused' || verdict === 'unclear') return 'said-not-done'
  return isRecord(response.body) && response.body.name === after.name ? 'said-not-done' : 'not-done'
}

export function errorShapeOf(response: ProviderResponse | undefined): string | undefined {
  if (response === undefined || response.status < 400 || !isRecord(response.body)) return undefined
  const { error, status, message, timestamp, requestId } = response.body
  if (isRecord(error)) {
    if (status === undefined) return 'live'
    return timestamp !== undefined && requestId !== undefined ? 'documented' : 'short'
  }
  if (typeof error === 'string') return 'error-text'
  if (typeof message === 'string') return status === undefined ? 'message' : 'status-message'
  return status === undefined ? 'other' : 'unavailable'
}
