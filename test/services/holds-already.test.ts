import { describe, expect, test } from 'vitest'
import type { Contact, StoredContact } from '../../src/domain/contact.ts'
import { ExactNumber } from '../../src/domain/exact-number.ts'
import type { Account } from '../../src/providers/port.ts'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { holdsAlready } from '../../src/services/holds-already.ts'
import { contact } from '../providers/adapter-cases.ts'

const account = (settings: object = { emailAttribute: 'email', csvImport: true }) =>
  ({ id: 'v', adapter: vobiz, settings }) as unknown as Account
const stored: StoredContact = {
  key: 'k',
  name: 'Jane Smith',
  email: 'jane@example.com',
  phone: '+919876543210',
  tags: ['newsletter', 'vip', 'other'],
  attributes: { city: 'Pune', seats: 3, paid: false },
}
const whole = contact({
  firstName: 'Jane',
  lastName: 'Smith',
  email: 'jane@example.com',
  phone: '+919876543210',
  tags: ['vip'],
  attributes: { city: 'Pune', seats: 3, paid: false, gone: null },
})
const holds = (changes: Partial<Contact>, target: object | null = { tag: 'newsletter' }, settings?: object) =>
  holdsAlready(
    {
      account: account(settings),
      target: (target ?? undefined) as { tag: string } | undefined,
      contact: { ...whole, ...changes },
      onConflict: 'update',
    },
    stored,
  )

describe('a stored contact holds a write already', () => {
  test.each<[string, Partial<Contact>, (object | null)?, object?]>([
    ['when it has all of it, and more', {}],
    ['in no list', {}, null],
    [
      'when little is written',
      { firstName: undefined, lastName: undefined, email: undefined, tags: [], attributes: {} },
    ],
    ['when the e-mail is not kept there', { email: 'x@example.com' }, { tag: 'vip' }, { emailAttribute: null }],
    ['when a number is written in another form', { attributes: { seats: new ExactNumber('3.0') } }],
    ["when the attribute is not sent, since its place is the e-mail's", { attributes: { email: 'x' } }],
  ])('%s', (_name, changes, target, settings) => {
    expect(holds(changes, target, settings)).toBe(true)
  })

  test.each<[string, Partial<Contact>, object?]>([
    ['another name', { firstName: 'Ann' }],
    ['another e-mail', { email: 'ann@example.com' }],
    ['a tag more', { tags: ['vip', 'gold'] }],
    ['another list', {}, { tag: 'whatsapp' }],
    ['another value', { attributes: { city: 'Delhi' } }],
    ['a number of other digits', { attributes: { seats: new ExactNumber('3.00000000000000001') } }],
    ['a value of another type', { attributes: { seats: '3' } }],
    ['an attribute more', { attributes: { plan: 'a' } }],
    ['an attribute that is to go', { attributes: { city: null } }],
    ['an attribute that every object seems to have', { attributes: { toString: 'x' } }],
  ])('not with %s', (_name, changes, target) => {
    expect(holds(changes, target)).toBe(false)
  })
})
