import { describe, expect, test } from 'vitest'
import type { ContactDraft } from '../../src/domain/contact.ts'
import { readContact } from '../../src/domain/read-contact.ts'

const codesOf = (draft: ContactDraft, country?: string) => {
  const { warnings, error } = readContact(draft, country)
  return {
    warnings: warnings.map(({ code, pointer }) => `${code} ${pointer}`),
    error: error && `${error.code} ${error.pointer}`,
  }
}

describe('a contact that is acceptable', () => {
  test('keeps every value, with every member there', () => {
    const draft = {
      ref: 'crm-17',
      name: 'Jane Smith',
      firstName: 'Jane',
      lastName: 'Smith',
      email: 'Jane@Example.com',
      phone: '+919876543210',
      whatsapp: '+33612345678',
      tags: ['vip'],
      attributes: { title: 'Ms', seats: 3, paid: false, old: null },
    }
    expect(readContact(draft)).toStrictEqual({ contact: draft, warnings: [], error: undefined })
  })

  test('has every member even when little is given', () => {
    expect(readContact({ email: 'a@b.example' }).contact).toStrictEqual({
      ref: undefined,
      name: undefined,
      firstName: undefined,
      lastName: undefined,
      email: 'a@b.example',
      phone: undefined,
      whatsapp: undefined,
      tags: [],
      attributes: {},
    })
  })

  test.each([
    'محمد',
    '李小龍',
    '👩‍👩‍👧 Family',
    'Zoë O’Brien-Ångström',
    ' two  spaces ',
    '=cmd()',
    '\u202eright to left',
  ])('keeps the name %j to the letter', (name) => {
    expect(readContact({ name, firstName: name, lastName: name, email: 'a@b.example' }).contact).toMatchObject({
      name,
      firstName: name,
      lastName: name,
    })
  })

  test.each(['', '   ', '\u00a0\t\n'])('takes %j for no name at all', (name) => {
    expect(readContact({ name, firstName: name, lastName: name, email: 'a@b.example' }).contact).toMatchObject({
      name: undefined,
      firstName: undefined,
      lastName: undefined,
    })
  })

  test('drops repeated tags, the first one stays; case counts', () => {
    expect(readContact({ email: 'a@b.example', tags: ['vip', 'new', 'vip', 'VIP'] }).contact.tags).toStrictEqual([
      'vip',
      'new',
      'VIP',
    ])
  })

  test('does not change the draft', () => {
    const draft = Object.freeze({ email: ' a@b.example ', phone: '00 33 612345678', tags: Object.freeze(['a', 'a']) })
    expect(readContact(draft).contact).toMatchObject({ email: 'a@b.example', phone: '+33612345678', tags: ['a'] })
  })
})

describe('values that are tidied', () => {
  test('carry a warning each, with the value that is sent', () => {
    const draft = { phone: '00 33 612345678', whatsapp: '+33 612345678', email: '\u00a0a@b.example ' }
    const { warnings } = readContact(draft)
    expect(warnings).toStrictEqual([
      { code: 'value_normalized', pointer: '/phone', detail: 'It was tidied to +33612345678.' },
      { code: 'value_normalized', pointer: '/whatsapp', detail: 'It was tidied to +33612345678.' },
      { code: 'value_normalized', pointer: '/email', detail: 'It was tidied to a@b.example.' },
    ])
  })

  test('national numbers are read in the default country, phone and whatsapp alike', () => {
    expect(readContact({ phone: '0612345678', whatsapp: '0698765432' }, 'FR').contact).toMatchObject({
      phone: '+33612345678',
      whatsapp: '+33698765432',
    })
  })
})

describe('a contact that is unacceptable everywhere', () => {
  test.each<[string, ContactDraft, string]>([
    ['nothing to know it by', { name: 'Jane' }, 'identifier_required '],
    ['a national phone', { phone: '0612345678' }, 'phone_not_e164 /phone'],
    ['a damaged phone beside a good e-mail', { phone: '9.19877E+11', email: 'a@b.example' }, 'phone_invalid /phone'],
    [
      'a bad WhatsApp number beside a good phone',
      { phone: '+33612345678', whatsapp: '123' },
      'phone_not_e164 /whatsapp',
    ],
    ['a bad e-mail beside a good phone', { phone: '+33612345678', email: 'jane' }, 'email_invalid /email'],
    ['an empty phone', { phone: '', email: 'a@b.example' }, 'phone_invalid /phone'],
    ['an empty e-mail', { phone: '+33612345678', email: '' }, 'email_invalid /email'],
    ['several bad values: the first is told', { phone: 'x', whatsapp: 'y', email: 'z' }, 'phone_invalid /phone'],
  ])('%s', (_, draft, error) => {
    expect(codesOf(draft)).toStrictEqual({ warnings: [], error })
  })

  test('is not worth sending again as it is', () => {
    expect(readContact({ email: 'jane' }).error).toStrictEqual({
      code: 'email_invalid',
      pointer: '/email',
      detail: expect.stringContaining('name@domain.example'),
      retriable: false,
    })
  })
})

describe('e-mail addresses', () => {
  test.each([
    'jane@example.com',
    'jane.doe+tag@sub.example.co.uk',
    "o'brien@example.com",
    'a@b.co',
    '_@x-y.example',
    'jane@xn--bcher-kva.example',
    `${'l'.repeat(64)}@${'d'.repeat(63)}.example`,
  ])('%s is one', (email) => {
    expect(codesOf({ email })).toStrictEqual({ warnings: [], error: undefined })
  })

  test.each([
    'jane',
    'jane@',
    '@example.com',
    'jane@example',
    'jane@@example.com',
    'jane@example..com',
    'jane@-example.com',
    'jane@example-.com',
    'jane@example.com.',
    'jane@exa mple.com',
    'jane doe@example.com',
    'Jane <jane@example.com>',
    'jane@example.com, bob@example.com',
    'jane@example.com\r\nBcc: bob@example.com',
    'mailto:jane@example.com',
    'jane@[127.0.0.1]',
    `jane@${'d'.repeat(64)}.example`,
    'jane@exämple.com',
    '😀@example.com',
  ])('%j is none', (email) => {
    expect(codesOf({ email }).error).toBe('email_invalid /email')
  })
})
