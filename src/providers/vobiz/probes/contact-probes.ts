import { ExactNumber } from '../../../domain/exact-number.ts'
import type { ProviderResponse } from '../../adapter-port.ts'
import { isFine, type Probe, type Said } from '../../probing.ts'
import { isRecord } from '../../reading/coercions.ts'
import { unnoted } from '../../reading/drift.ts'
import { isForeign } from '../../reading/foreign-answer.ts'
import { openEnvelope } from '../../reading/open-envelope.ts'
import { endsAlike, writtenForm, writtenForms } from '../../reading/written-form.ts'
import { readStored, type Stored } from '../wire.ts'
import {
  attributes,
  firstName,
  firstOf,
  idFrom,
  mixedTag,
  plainBlanks,
  plainTag,
  shownIn,
  takesCalls,
} from './test-contact.ts'

/** What is open of a contact as it is kept and shown (docs/providers.md, "Vobiz: contacts"). */
export const contactProbes: readonly Probe[] = [
  {
    id: 'VOB-CREATE-BODY',
    question: 'What does the answer to a create hold?',
    answers: { bare: 'The contact.', wrapped: 'The contact, in an envelope.' },
    assumes: ['bare', 'wrapped'],
    read: (said) => {
      const response = said.answer('create')
      if (idFrom(said, 'create') === undefined || !isRecord(response?.body)) return undefined
      return 'id' in response.body && 'phone_number' in response.body ? 'bare' : 'wrapped'
    },
  },
  {
    id: 'VOB-ID-FORM',
    question: 'Which form have ids?',
    answers: { uuid: 'UUIDs.', text: 'Texts of another form.', number: 'JSON numbers.' },
    assumes: ['uuid', 'text', 'number'],
    read: (said) => idFormOf(said.answer('create')),
  },
  {
    id: 'VOB-NUMBER-FORM',
    question: 'In which form are numbers shown?',
    answers: writtenForms,
    assumes: ['plus', 'digits', 'grouped'],
    read: (said) => numberFormOf(shownIn(said, 'get')?.phone_number, firstOf(said)),
  },
  {
    id: 'VOB-STAMPS',
    question: 'Are both times of a new contact the same?',
    answers: { alike: 'They are, within two seconds.', apart: 'They are apart.', absent: 'Not both are shown.' },
    assumes: ['alike', 'absent'],
    read: (said) => {
      const stored = shownIn(said, 'create')
      if (stored === undefined) return undefined
      const { created_at: created, updated_at: updated } = stored
      if (created === undefined || created === null || updated === undefined || updated === null) return 'absent'
      return Math.abs(Date.parse(updated) - Date.parse(created)) < 2_000 ? 'alike' : 'apart'
    },
  },
  {
    id: 'VOB-EXTRA',
    question: 'Are there members that no document names?',
    answers: { none: 'There are none.', some: 'There are some.' },
    assumes: ['none', 'some'],
    read: (said) => extraOf(said.answer('create')),
  },
  {
    id: 'VOB-TAG-CASE',
    question: 'Are tags kept as they are sent?',
    answers: {
      kept: 'They are.',
      lower: 'In lower case.',
      upper: 'In upper case.',
      slug: 'With - for what is neither letter nor digit.',
      other: 'In another form.',
    },
    assumes: ['kept'],
    read: (said) => {
      const tag = shownIn(said, 'get')?.tags?.find((one) => plainTag(one) === plainTag(mixedTag))
      if (tag === undefined || tag === mixedTag) return tag && 'kept'
      if (tag === mixedTag.toLowerCase()) return 'lower'
      return tag === mixedTag.toUpperCase() ? 'upper' : tag === plainTag(mixedTag) ? 'slug' : 'other'
    },
  },
  {
    id: 'VOB-BLANKS',
    question: 'Are blanks in names kept?',
    answers: { kept: 'They are.', tidied: 'Not those at the ends, or not all of several.' },
    assumes: ['kept', 'tidied'],
    read: (said) => {
      const name = shownIn(said, 'get')?.name ?? ''
      if (plainBlanks(name) !== plainBlanks(firstName)) return undefined
      return name === firstName ? 'kept' : 'tidied'
    },
  },
  {
    id: 'VOB-KEEPS',
    question: 'Is everything kept that was sent?',
    answers: {
      all: 'It is.',
      'other-number': 'Another number is kept.',
      'other-name': 'Another name is kept.',
      'short-name': 'The name is cut.',
      'no-name': 'The name is lost.',
      'no-tags': 'The tags are lost.',
      'fewer-tags': 'Some tags are lost.',
      'no-attributes': 'The attributes are lost.',
      'fewer-attributes': 'Some attributes are lost.',
      texts: 'Attributes become texts.',
      rounded: 'Exact numbers are rounded.',
    },
    assumes: ['all'],
    read: readKeeps,
  },
  {
    id: 'VOB-NOT-THERE',
    question: 'What is the answer for an id that is not there?',
    answers: {
      '404': 'A 404 of the provider.',
      '400': 'A 400.',
      '410': 'A 410.',
      'lost-404': 'A 404 that is not the provider’s own.',
      'empty-404': 'A 404 without a body.',
      nothing: 'A success that shows nobody.',
    },
    assumes: ['404', '410', 'empty-404'],
    read: (said) => (takesCalls(said) ? notThereOf(said.answer('no-id')) : undefined),
  },
]

export function idFormOf(response: ProviderResponse | undefined): string | undefined {
  if (!isFine(response)) return undefined
  const stored = readStored(response.body, unnoted)
  if (stored === undefined) return undefined
  const shown = openEnvelope(response.body, ['contact', 'item']).find((value) => isRecord(value) && 'id' in value)
  const id = (shown as { readonly id?: unknown } | undefined)?.id
  if (typeof id === 'number' || id instanceof ExactNumber) return 'number'
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(stored.id) ? 'uuid' : 'text'
}

export function numberFormOf(shown: string | undefined, sent: string): string | undefined {
  if (shown === undefined || !endsAlike(shown, sent)) {
    return isNear(shown, sent) ? writtenForm(shown as string) : undefined
  }
  return writtenForm(shown)
}

/** Whether a number is the one that was sent but for its last digit. */
function isNear(shown: string | undefined, sent: string): boolean {
  return shown !== undefined && shown.replace(/\D/g, '').slice(-7, -1) === sent.slice(-7, -1)
}

const documented = new Set([
  ...['id', 'account_id', 'phone_number', 'name', 'tags', 'custom_attributes'],
  ...['last_active_at', 'created_at', 'updated_at'],
])

function extraOf(response: ProviderResponse | undefined): string | undefined {
  if (!isFine(response) || readStored(response.body, unnoted) === undefined) return undefined
  const shown = openEnvelope(response.body, ['contact', 'item']).find((value) => isRecord(value) && 'id' in value)
  return isRecord(shown) && Object.keys(shown).some((name) => !documented.has(name)) ? 'some' : 'none'
}

function readKeeps(said: Said): string | undefined {
  const stored = shownIn(said, 'get')
  if (stored === undefined) return undefined
  const { phone_number: number, name, tags } = stored
  if (number !== undefined && !endsAlike(number, firstOf(said))) return 'other-number'
  if (name === undefined || name === null || name === '') return 'no-name'
  const [kept, sent] = [plainBlanks(name), plainBlanks(firstName)]
  if (kept !== sent) return sent.startsWith(kept) ? 'short-name' : 'other-name'
  if (tags === undefined || tags === null || tags.length === 0) return 'no-tags'
  if (tags.length < 2) return 'fewer-tags'
  return attributesKept(stored)
}

function attributesKept({ custom_attributes: kept }: Stored): string {
  const names = Object.keys(attributes).filter((name) => attributes[name as keyof typeof attributes] !== null)
  const shown = names.filter((name) => kept?.[name] !== undefined)
  if (kept === undefined || kept === null || shown.length === 0) return 'no-attributes'
  if (shown.length < names.length) return 'fewer-attributes'
  if (typeof kept.cgw_number === 'string' || typeof kept.cgw_yes === 'string') return 'texts'
  return String(kept.cgw_exact) === String(attributes.cgw_exact) ? 'all' : 'rounded'
}

function notThereOf(response: ProviderResponse | undefined): string | undefined {
  if (response === undefined) return undefined
  const { status } = response
  if (status === 404 && response.text.trim() === '') return 'empty-404'
  if (status === 404) return isForeign(response) ? 'lost-404' : '404'
  if (status === 400 || status === 410) return String(status)
  return isFine(response) && readStored(response.body, unnoted) === undefined ? 'nothing' : undefined
}
