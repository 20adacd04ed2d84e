import { describe, expect, test } from 'vitest'
import { failureOfStatus } from '../../../src/providers/read-answer.ts'
import { readFailure } from '../../../src/providers/reading/read-failure.ts'
import { saysExists, saysListMissing, saysTooLarge } from '../../../src/providers/reading/refusal-words.ts'
import { answer } from '../adapter-cases.ts'
import { anyInput, everyOperation } from '../every-operation.ts'

const words = { kindOfCode: () => undefined, isDocumented: () => true }
const kindOf = (status: number, body: unknown) => readFailure(answer(status, body), words).failure.kind

describe('what a status means by itself', () => {
  test.each([
    ['invalid', [400, 422]],
    ['credentials', [401, 403, 419, 440, 498]],
    ['limitReached', [402]],
    ['notFound', [404]],
    ['conflict', [409]],
    ['tooLarge', [413]],
    ['rateLimited', [420, 429]],
    ['misaddressed', [405, 406, 407, 410, 411, 412, 414, 415, 417, 418, 421, 426, 428, 431, 451, 497, 501, 505]],
    ['unavailable', [408, 423, 425, 460, 499, 500, 502, 503, 504, 507, 520, 522, 524, 529, 599]],
    ['unreadable', [200, 204, 302]],
  ])('%s: %j', (kind, statuses) => {
    expect(statuses.filter((status) => failureOfStatus(status) !== kind)).toEqual([])
  })
})

describe('words for too many in one call', () => {
  test.each([
    'Too many contacts in the query',
    'Maximum 100 contacts per request',
    'You can add up to 100 contacts at a time',
    'Only 100 contacts allowed per call',
    'The contacts field must not have more than 100 items.',
    '"contacts" must contain less than or equal to 100 items',
    'body/contacts must NOT have more than 100 items',
    'List should have at most 100 items after validation, not 150',
    'Array must contain at most 100 element(s)',
    'contacts: size must be between 1 and 100',
    'Batch limit is 100',
    'Batch size exceeds limit of 100',
    'The number of contacts exceeds the maximum in one request',
    'Request entity too large',
    'Le nombre maximum de contacts est de 100',
    'Trop de destinataires',
    'Demasiados contactos',
    'Muitos contatos',
    'Zu viele Kontakte',
    'Please split your request',
  ])('%s', (message) => {
    expect(saysTooLarge({ code: undefined, message })).toBe(true)
    expect([400, 403, 422].map((status) => kindOf(status, { message }))).toEqual(['tooLarge', 'tooLarge', 'tooLarge'])
  })

  test.each(['TOO_MANY_CONTACTS', 'BATCH_TOO_LARGE', 'ARRAY_TOO_LONG', 'MAX_ITEMS_EXCEEDED', 'CONTACTS_PER_REQUEST'])(
    'the code %s',
    (code) => {
      expect(kindOf(400, { error: { code, message: 'no' } })).toBe('tooLarge')
    },
  )

  test.each([
    'tags must contain at most 10 items',
    'custom_attributes: at most 50 entries',
    'name must be at most 100 characters',
    'contacts[0] phone must have at most 15 digits',
    'Your plan allows at most 500 contacts',
    'at most 100 contacts per day',
    'Too many requests',
    'The list of the contact is full',
  ])('not: %s', (message) => {
    expect(saysTooLarge({ code: undefined, message })).toBe(false)
  })
})

describe('words for what is there already', () => {
  test.each([
    'This list already exists',
    'A list with this name exists',
    'The name has already been taken.',
    'Name must be unique',
    'duplicate key value violates unique constraint "lists_name"',
    'Cette liste existe déjà',
    'La lista ya existe',
    'Die Liste ist bereits vorhanden',
  ])('%s', (message) => {
    expect(saysExists({ code: undefined, message })).toBe(true)
    expect(kindOf(400, { message })).toBe('conflict')
  })

  test.each(['LIST_EXISTS', 'ALREADY_EXISTS', 'DUPLICATE_CONTACT', 'NAME_TAKEN', 'already_exists'])(
    'the code %s',
    (code) => {
      expect([400, 409, 422].map((status) => kindOf(status, { code, message: 'no' }))).toEqual(
        Array(3).fill('conflict'),
      )
    },
  )

  test.each(['The list does not exist', 'The e-mail is invalid', 'It must exist', 'not in use'])(
    'not: %s',
    (message) => {
      expect(saysExists({ code: undefined, message })).toBe(false)
    },
  )
})

test.each([
  'The contact list does not exist.',
  'List not found',
  'No such list',
  'Unknown list',
  'La liste est introuvable',
  'La lista no existe',
])('words for a list that is not there: %s', (message) => {
  expect(saysListMissing({ code: undefined, message })).toBe(true)
})

describe('money and plans are no fault of a contact', () => {
  test.each([
    'Insufficient balance',
    'Not enough credits to do this',
    'Your credits are exhausted',
    'Quota exceeded',
    'You have reached the limit of your plan',
    'Please upgrade your plan',
    'Solde insuffisant',
  ])('in words: %s', (message) => {
    for (const status of [400, 402, 403, 422])
      expect([status, kindOf(status, { message })]).toEqual([status, 'limitReached'])
  })

  test.each(['INSUFFICIENT_BALANCE', 'QUOTA_EXCEEDED', 'PLAN_LIMIT', 'PAYMENT_REQUIRED', 'insufficient_funds'])(
    'by the code %s',
    (code) => {
      for (const status of [400, 402, 403, 422]) expect(kindOf(status, { code, message: 'no' })).toBe('limitReached')
    },
  )
})

describe('a code that names a field of the contact', () => {
  const codes = ['INVALID_EMAIL', 'EMAIL_REQUIRED', 'PHONE_NUMBER_INVALID', 'invalid_number', 'MISSING_NAME']
  test.each(codes.flatMap((code) => [400, 405, 406, 412, 418, 422, 500].map((status) => [code, status] as const)))(
    '%s is about the data, whatever status it comes with: %i',
    (code, status) => {
      expect(kindOf(status, { code, message: 'no' })).toBe('invalid')
    },
  )

  test.each([502, 503, 504])('but for one of a proxy: %i', (status) => {
    expect(kindOf(status, { code: 'INVALID_EMAIL' })).toBe('unavailable')
  })

  test.each(['INTERNAL_ERROR', 'ERROR', 'INVALID_STATE', 'E500'])('%s with 500 is none', (code) => {
    expect(kindOf(500, { code })).toBe('unavailable')
  })
})

const refusals: [status: number, body: object, kind: string][] = [
  [405, { message: 'no' }, 'misaddressed'],
  [412, { message: 'no' }, 'misaddressed'],
  [451, {}, 'misaddressed'],
  [402, { message: 'no' }, 'limitReached'],
  [403, { error: { code: 'QUOTA_EXCEEDED', message: 'no' } }, 'limitReached'],
  [400, { message: 'Insufficient balance' }, 'limitReached'],
  [413, {}, 'tooLarge'],
  [400, { message: 'Too many contacts' }, 'tooLarge'],
  [422, { error: { code: 'TOO_MANY_ITEMS' } }, 'tooLarge'],
  [420, {}, 'rateLimited'],
  [429, { code: 'INVALID_EMAIL' }, 'rateLimited'],
  [423, {}, 'unavailable'],
  [401, { message: 'no' }, 'credentials'],
  [500, { errors: [{ cd: 'INVALID_EMAIL', message: 'no' }] }, 'invalid'],
]
describe.each(everyOperation)('%s, %s', (_provider, _name, operation) => {
  test.each(refusals)('%i with %j is %s', (status, body, kind) => {
    const result = operation.toOutcome(answer(status, body), anyInput)
    expect(result).toMatchObject({ failure: { kind } })
  })
})
