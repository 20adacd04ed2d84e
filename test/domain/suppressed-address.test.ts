import { expect, test } from 'vitest'
import { holdsAddress } from '../../src/domain/holds-address.ts'
import { comparedForm } from '../../src/domain/number-forms.ts'
import { comparedEmail, readSuppressedEmail, readSuppressedPhone } from '../../src/domain/suppressed-address.ts'

test.each([
  ['Argentina', '+5491123456789', '+541123456789'],
  ['Mexico', '+5215512345678', '+525512345678'],
  ['Mexico, as it was dialled at home', '+520445512345678', '+525512345678'],
  ['Brazil', '+551181234567', '+5511981234567'],
  ['Brazil, a range that may have kept eight digits', '+551171234567', '+5511971234567'],
  ['Ivory Coast', '+22507123456', '+2250707123456'],
  ['Benin', '+22997123456', '+2290197123456'],
])('%s: both forms of a number are the same', (_country, one, other) => {
  expect(comparedForm(one)).toBe(comparedForm(other))
})

test.each([
  ['+33612345678', '+33612345679'],
  ['+541123456789', '+541123456780'],
  ['+551131234567', '+5511931234567'],
  ['+2250707123456', '+2250507123456'],
])('%s and %s are not', (one, other) => {
  expect(comparedForm(one)).not.toBe(comparedForm(other))
})

test.each([
  ['+33612345678', '+33612345678', '+33••••78'],
  ['+33 6 12-34 (56).78', '+33612345678', '+33••••78'],
  ['0033612345678', '+33612345678', '+33••••78'],
  ['+12125550123', '+12125550123', '+1••••23'],
  ['+3581234567', '+3581234567', '+358••••67'],
  ['+9999999', '+9999999', '+999••••99'],
  ['+999999999999999', '+999999999999999', '+999••••99'],
])('the number %s is taken, in use or not', (raw, compared, hint) => {
  expect(readSuppressedPhone(raw, undefined)).toEqual({ kind: 'phone', compared, hint })
})

test('a number as it is dialled at home needs its country', () => {
  expect(readSuppressedPhone('06 12 34 56 78', 'FR')).toMatchObject({ compared: '+33612345678' })
  expect(readSuppressedPhone('06 12 34 56 78', undefined)).toMatchObject({ code: 'phone_not_e164' })
})

test.each(['+123456', '+1234567890123456', 'jane', '', '+33612345678  +33612345679', '+33612345678, +33612345679'])(
  'the number %j is refused',
  (raw) => {
    expect(readSuppressedPhone(raw, 'FR')).toHaveProperty('code')
  },
)

test.each([
  ['Jane.Smith+x@Example.COM', 'jane.smith+x@example.com', 'j••••@e••••.com'],
  [' jane@example.com\u200b', 'jane@example.com', 'j••••@e••••.com'],
  ['JÁNE@MÜNCHEN.de', 'jáne@xn--mnchen-3ya.de', 'j••••@x••••.de'],
  ['ja\u0301ne@xn--mnchen-3ya.de', 'jáne@xn--mnchen-3ya.de', 'j••••@x••••.de'],
  ['a@b.c.co.uk', 'a@b.c.co.uk', 'a••••@b••••.uk'],
  ['root@localhost', 'root@localhost', 'r••••@l••••'],
])('the e-mail address %j is compared as %s', (raw, compared, hint) => {
  expect(readSuppressedEmail(raw)).toEqual({ kind: 'email', compared, hint })
  expect(comparedEmail(raw.trim().replace('\u200b', ''))).toBe(compared)
})

test.each([
  'jane',
  '@example.com',
  'jane@',
  'Jane <jane@example.com>',
  'a@b.c, d@e.f',
  'a@b@c',
  `${'a'.repeat(254)}@b.c`,
])('the e-mail address %j is refused', (raw) => {
  expect(readSuppressedEmail(raw)).toMatchObject({ code: 'email_invalid' })
})

test.each([
  'jane@example.com',
  'wrote from ＪＡＮＥ＠example.com',
  'call +33 6 12 34 56 78',
  'was 06 12 34 56 78',
  'id 33612345678',
  '(0033) 612-345-678',
  '+1234567',
])('a text that holds an address is told: %s', (text) => {
  expect(holdsAddress(text)).toBe(true)
})

test.each([
  'preference centre, version 12',
  'on 2026-11-30T10:00:00Z, ticket 1234567',
  'said on 30/11/2026 at 10:15',
  'request 3ea58712-eada-4a1f-8198-f17ec7f388f9',
  '@support told us',
  '',
])('a text that holds none is not: %s', (text) => {
  expect(holdsAddress(text)).toBe(false)
})
