import { describe, expect, test } from 'vitest'
import type { Contact, StoredContact } from '../../src/domain/contact.ts'
import { ExactNumber } from '../../src/domain/exact-number.ts'
import type { Account } from '../../src/providers/account.ts'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { differenceOf, loosely, toTheLetter } from '../../src/services/delivery/compare-written.ts'
import { contact } from '../providers/adapter-cases.ts'

const at = (
  target: { tag: string } | undefined,
  settings: object = { emailAttribute: 'email', csvImport: true, updateReplaces: false },
) => {
  const account = { id: 'v', adapter: vobiz, settings } as unknown as Account
  return { account, target, fields: vobiz.fields(account.settings, target) }
}
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
const differs = (shown: Partial<StoredContact>, changes: Partial<Contact> = {}) =>
  differenceOf({ ...at({ tag: 'newsletter' }), contact: { ...whole, ...changes } }, { ...stored, ...shown }, loosely)
const holds = (changes: Partial<Contact>, target: object | null = { tag: 'newsletter' }, settings?: object) =>
  differenceOf(
    {
      ...at((target ?? undefined) as { tag: string } | undefined, settings),
      contact: { ...whole, ...changes },
    },
    stored,
    toTheLetter,
  ) === undefined

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

describe('the answer to a write', () => {
  const isShown: readonly [string, Partial<StoredContact>, Partial<Contact>?][] = [
    [
      'in other letters and with blanks',
      { name: ' JANE SMITH ', tags: ['NEWSLETTER', 'vip '], email: 'Jane@Example.com' },
    ],
    ['with the number in another form', { phone: '0091 98765 43210' }],
    ['with values as texts', { attributes: { city: 'Pune', seats: '3', paid: 'false' } }],
    ['with an attribute that was to go as null', { attributes: { city: 'Pune', seats: 3, paid: false, gone: null } }],
  ]
  test.each(isShown)('shows what was sent, %s', (_name, shown, changes) => {
    expect(differs(shown, changes)).toBeUndefined()
  })

  test('shows nothing that contradicts what was sent where it shows a part only', () => {
    const written = { ...at({ tag: 'newsletter' }), contact: whole }
    const { name: _, phone: __, ...part } = stored
    expect(differenceOf(written, part, loosely)).toBeUndefined()
  })

  test.each<[string, Partial<StoredContact>, object]>([
    ['another number', { phone: '+919876543211' }, { number: true, list: false, pointers: [] }],
    ['no list', { tags: ['vip'] }, { number: false, list: true, pointers: [] }],
    ['a tag less', { tags: ['newsletter'] }, { number: false, list: false, pointers: ['/tags/0'] }],
    ['another name', { name: 'J. Smith' }, { number: false, list: false, pointers: ['/name'] }],
    [
      'attributes less or changed, the e-mail among them',
      { email: undefined as never, attributes: { city: 'Poona', seats: 3 } },
      { number: false, list: false, pointers: ['/email', '/attributes/city', '/attributes/paid'] },
    ],
  ])('shows %s', (_name, shown, difference) => {
    expect(differs(shown)).toEqual(difference)
  })
})
