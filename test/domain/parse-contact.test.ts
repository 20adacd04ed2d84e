import { describe, expect, test } from 'vitest'
import type { ContactDraft } from '../../src/domain/contact.ts'
import { parseContact } from '../../src/domain/parse-contact.ts'

const codesOf = (draft: ContactDraft, country?: string) => {
  const { warnings, error } = parseContact(draft, country)
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
    expect(parseContact(draft)).toStrictEqual({ contact: draft, warnings: [], error: undefined })
  })

  test('has every member even when little is given', () => {
    expect(parseContact({ email: 'a@b.example' }).contact).toStrictEqual({
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
    'two  spaces',
    '=cmd()',
    'right \u200fto\u200f left',
  ])('keeps the name %j to the letter', (name) => {
    expect(parseContact({ name, firstName: name, lastName: name, email: 'a@b.example' }).contact).toMatchObject({
      name,
      firstName: name,
      lastName: name,
    })
  })

  test.each([
    [' Jane Smith ', 'Jane Smith'],
    ['\u202eright to left', 'right to left'],
    ['Jane\nSmith', 'Jane Smith'],
    ['\ufeffJane\t\u0000Smith\u200b', 'Jane Smith'],
  ])('tidies the name %j, and says so of each part', (name, tidy) => {
    const { contact, warnings } = parseContact({ name, firstName: name, lastName: name, email: 'a@b.example' })
    expect(contact).toMatchObject({ name: tidy, firstName: tidy, lastName: tidy })
    const detail = 'Blanks and invisible characters at its ends, line breaks and control characters in it were tidied.'
    expect(warnings).toStrictEqual(
      ['/name', '/firstName', '/lastName'].map((pointer) => ({ code: 'value_normalized', pointer, detail })),
    )
  })

  test.each(['', '   ', '\u00a0\t\n', '\u200b', '\ufeff\u2060 \u3164', '\u202a\u202c'])(
    'takes %j for no name at all',
    (name) => {
      expect(parseContact({ name, firstName: name, lastName: name, email: 'a@b.example' }).contact).toMatchObject({
        name: undefined,
        firstName: undefined,
        lastName: undefined,
      })
    },
  )

  test('drops repeated tags, the first one stays; case counts', () => {
    expect(parseContact({ email: 'a@b.example', tags: ['vip', 'new', 'vip', 'VIP'] }).contact.tags).toStrictEqual([
      'vip',
      'new',
      'VIP',
    ])
  })

  test('tidies its tags: none is empty or there twice, and only a change inside one is told', () => {
    const tags = [' vip', 'vip', 'vip ', ' ', '\u200b', 'north\nwest', 'Zoë 👩\u200d👩\u200d👧']
    const { contact, warnings } = parseContact({ email: 'a@b.example', tags })
    expect(contact.tags).toStrictEqual(['vip', 'north west', 'Zoë 👩\u200d👩\u200d👧'])
    expect(warnings).toMatchObject([{ code: 'value_normalized', pointer: '/tags/5' }])
  })

  test.each([[[' ']], [['\u200b', '']], [[]]])('has no tags of %j', (tags) => {
    expect(parseContact({ email: 'a@b.example', tags })).toMatchObject({ contact: { tags: [] }, warnings: [] })
  })

  test('tidies its attributes of text: an empty one is absent, the others stay as they are', () => {
    const attributes = {
      city: ' Pune\u200b',
      note: 'a\r\nb',
      blank: ' ',
      unseen: '\u200b',
      seats: 3,
      paid: false,
      old: null,
      title: 'Ms',
    }
    const { contact, warnings } = parseContact({ email: 'a@b.example', attributes })
    expect(contact.attributes).toStrictEqual({
      city: 'Pune',
      note: 'a b',
      seats: 3,
      paid: false,
      old: null,
      title: 'Ms',
    })
    expect(warnings).toMatchObject([{ pointer: '/attributes/city' }, { pointer: '/attributes/note' }])
  })

  test('leaves its reference alone', () => {
    expect(parseContact({ email: 'a@b.example', ref: ' crm\t17 ' })).toMatchObject({
      contact: { ref: ' crm\t17 ' },
      warnings: [],
    })
  })

  test('does not change the draft', () => {
    const draft = Object.freeze({
      email: ' a@b.example ',
      phone: '00 33 612345678',
      tags: Object.freeze(['a', ' a']),
      attributes: Object.freeze({ city: ' Pune', note: '' }),
    })
    expect(parseContact(draft).contact).toMatchObject({
      email: 'a@b.example',
      phone: '+33612345678',
      tags: ['a'],
      attributes: { city: 'Pune' },
    })
  })
})

describe('values that are tidied', () => {
  test('carry a warning each, with the value that is sent', () => {
    const draft = { phone: '00 33 612345678', whatsapp: '+33 612345678', email: '\u00a0a@b.example ' }
    const { warnings } = parseContact(draft)
    expect(warnings).toStrictEqual([
      { code: 'value_normalized', pointer: '/phone', detail: 'It was tidied to +33612345678.' },
      { code: 'value_normalized', pointer: '/whatsapp', detail: 'It was tidied to +33612345678.' },
      { code: 'value_normalized', pointer: '/email', detail: 'It was tidied to a@b.example.' },
    ])
  })

  test('a number that its country has replaced says why', () => {
    expect(parseContact({ whatsapp: '+5215512345678' }).warnings).toStrictEqual([
      {
        code: 'value_normalized',
        pointer: '/whatsapp',
        detail: 'The country has renumbered since; it was tidied to +525512345678.',
      },
    ])
  })

  test('national numbers are read in the default country, phone and whatsapp alike', () => {
    expect(parseContact({ phone: '0612345678', whatsapp: '0698765432' }, 'FR').contact).toMatchObject({
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
    ['a phone that could be two', { phone: '0033612345678', email: 'a@b.example' }, 'phone_ambiguous /phone'],
    ['an empty phone', { phone: '', email: 'a@b.example' }, 'phone_invalid /phone'],
    ['an empty e-mail', { phone: '+33612345678', email: '' }, 'email_invalid /email'],
    ['several bad values: the first is told', { phone: 'x', whatsapp: 'y', email: 'z' }, 'phone_invalid /phone'],
  ])('%s', (_, draft, error) => {
    expect(codesOf(draft, draft.phone?.startsWith('00') ? 'SG' : undefined)).toStrictEqual({ warnings: [], error })
  })

  test('is not worth sending again as it is', () => {
    expect(parseContact({ email: 'jane' }).error).toStrictEqual({
      code: 'email_invalid',
      pointer: '/email',
      detail: expect.stringContaining('name@domain.example'),
      retriable: false,
    })
  })
})

describe('e-mail addresses', () => {
  test('of an internationalised domain take their ASCII form, so that both spellings are one person', () => {
    const one = parseContact({ email: 'jane@müller.example' })
    expect(one.contact.email).toBe('jane@xn--mller-kva.example')
    expect(one.warnings).toMatchObject([{ code: 'value_normalized', pointer: '/email' }])
    expect(one.contact.email).toBe(parseContact({ email: 'jane@xn--mller-kva.example' }).contact.email)
  })

  test('that are several, or stand beside a name, are refused with words of their own', () => {
    for (const email of ['a@x.com; b@x.com', 'Jane <a@x.com>'])
      expect(codesOf({ email }).error).toBe('email_invalid /email')
  })
})
