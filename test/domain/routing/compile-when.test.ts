import fc from 'fast-check'
import { type CountryCode, getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import type { AttributeValue, Contact } from '../../../src/domain/contact.ts'
import { parseJson } from '../../../src/domain/exact-number.ts'
import { compileWhen } from '../../../src/domain/routing/compile-when.ts'
import type { Countries, When } from '../../../src/domain/routing/when.ts'

const nobody: Contact = {
  ref: undefined,
  name: undefined,
  firstName: undefined,
  lastName: undefined,
  email: undefined,
  phone: undefined,
  whatsapp: undefined,
  tags: [],
  attributes: {},
}

function holds(when: When, contact: Partial<Contact>): boolean {
  return compileWhen(when).holds({ ...nobody, ...contact })
}

describe('has', () => {
  test.each([
    ['email', { email: 'a@b.example' }],
    ['phone', { phone: '+33612345678' }],
    ['whatsapp', { whatsapp: '+33612345678' }],
    ['name', { name: 'Jane' }],
    ['name', { firstName: 'Jane' }],
    ['name', { lastName: 'Smith' }],
  ] as const)('%s holds for a contact that has it, and for no other', (field, contact) => {
    expect(holds({ has: [field] }, contact)).toBe(true)
    expect(holds({ has: [field] }, {})).toBe(false)
  })

  test('all of the fields have to be there', () => {
    expect(holds({ has: ['email', 'phone'] }, { email: 'a@b.example' })).toBe(false)
    expect(holds({ has: ['email', 'phone'] }, { email: 'a@b.example', phone: '+33612345678' })).toBe(true)
  })
})

describe('tags', () => {
  test.each([
    [{ any: ['vip', 'beta'] }, ['beta', 'x'], true],
    [{ any: ['vip', 'beta'] }, ['x'], false],
    [{ any: ['vip'] }, [], false],
    [{ all: ['vip', 'beta'] }, ['beta', 'x', 'vip'], true],
    [{ all: ['vip', 'beta'] }, ['vip'], false],
    [{ none: ['test'] }, [], true],
    [{ none: ['test'] }, ['vip', 'test'], false],
    [{ any: ['vip'], none: ['test'] }, ['vip', 'test'], false],
    [{ any: ['vip'] }, ['VIP'], false],
    [{ none: ['test'] }, ['Test'], true],
  ] as const)('%j holds for %j: %s', (tags, own, expected) => {
    expect(holds({ tags }, { tags: own })).toBe(expected)
  })
})

describe('attributes', () => {
  test.each<[string, AttributeValue | undefined, boolean]>([
    ['pro', 'pro', true],
    ['pro', 'Pro', false],
    ['5', 5, true],
    ['true', true, true],
    ['false', false, true],
    ['null', null, false],
    ['undefined', undefined, false],
    ['1.0', (parseJson('[1.0]') as AttributeValue[])[0], true],
  ])('%j is the text of %j: %s', (listed, value, expected) => {
    const attributes = value === undefined ? {} : { plan: value }
    expect(holds({ attributes: { plan: [listed] } }, { attributes })).toBe(expected)
  })

  test('each has to have one of its values, and a name that every object has is no attribute', () => {
    const when = { attributes: { plan: ['pro', 'team'], city: ['Pune'] } }
    expect(holds(when, { attributes: { plan: 'team', city: 'Pune' } })).toBe(true)
    expect(holds(when, { attributes: { plan: 'team' } })).toBe(false)
    expect(holds({ attributes: { toString: [String(Object.prototype.toString)] } }, {})).toBe(false)
  })
})

describe('countries', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['a British mobile number', '+447400123456', ['GB'], ['FR', 'GG', 'JE', 'IM']],
    ['one that the library takes for Guernsey', '+447911123456', ['GB', 'GG'], ['JE', 'IM']],
    ['Jersey', '+447797712345', ['GB', 'JE'], ['GG']],
    ['Man', '+441624712345', ['GB', 'IM'], ['GG']],
    ['Italy', '+393123456789', ['IT'], ['VA']],
    ['the Vatican', '+390669812345', ['IT', 'VA'], ['FR']],
    ['Norway', '+4740612345', ['NO'], ['SJ']],
    ['Svalbard', '+4779123456', ['NO', 'SJ'], ['SE']],
    ['Australia', '+61412345678', ['AU'], ['CX', 'CC']],
    ['Christmas Island', '+61891641234', ['AU', 'CX'], ['CC']],
    ['the Cocos Islands', '+61891621234', ['AU', 'CC'], ['CX']],
    ['Finland', '+358412345678', ['FI'], ['AX']],
    ['Åland', '+3581812345678', ['FI', 'AX'], ['SE']],
    ['the USA', '+14155552671', ['US'], ['CA', 'JM']],
    ['Canada', '+14165550123', ['CA'], ['US']],
    ['Jamaica', '+18762101234', ['JM'], ['US', 'CA']],
    ['Russia', '+79123456789', ['RU'], ['KZ']],
    ['Kazakhstan', '+77710009998', ['KZ'], ['RU']],
    ['Réunion', '+262692123456', ['RE'], ['FR', 'YT']],
    ['Mayotte', '+262639012345', ['YT'], ['FR', 'RE']],
    ['Guadeloupe', '+590690001234', ['GP'], ['FR', 'MQ']],
    ['Martinique', '+596696201234', ['MQ'], ['FR', 'GP']],
    ['France', '+33612345678', ['FR'], ['RE', 'GP', 'MQ']],
    ['India', '+919876543210', ['IN'], ['PK']],
    ['an international freephone number', '+80012345678', [], ['US', 'GB', 'FR']],
    ['an international network', '+883510000000', [], ['US', 'GB', 'FR']],
  ])('%s (%s) is of %j and not of %j, and "not" is the contrary', (_name, number, of, notOf) => {
    for (const field of ['phone', 'whatsapp'] as const) {
      const isOf = (countries: Countries) => holds({ [field]: { countries } }, { [field]: number })
      for (const country of of)
        expect([country, isOf([country]), isOf({ not: [country] })]).toEqual([country, true, false])
      for (const country of notOf)
        expect([country, isOf([country]), isOf({ not: [country] })]).toEqual([country, false, true])
    }
  })

  test('without the number neither a list nor "not" holds', () => {
    for (const countries of [['FR'], { not: ['FR'] }]) {
      expect(holds({ phone: { countries } }, { whatsapp: '+33612345678' })).toBe(false)
      expect(holds({ whatsapp: { countries } }, { phone: '+33612345678' })).toBe(false)
    }
  })
})

/** The rules once more, with the library's parser for every number and no table. */
const shared: Readonly<Record<string, string>> = {
  ...{ GG: 'GB', JE: 'GB', IM: 'GB' },
  ...{ VA: 'IT', SJ: 'NO', CX: 'AU', CC: 'AU', AX: 'FI' },
}

function naiveCountry(number: string | undefined, countries: Countries): boolean {
  if (number === undefined) return false
  const country = parsePhoneNumberFromString(number)?.country
  const names = country === undefined ? [] : [country, shared[country]]
  return 'not' in countries
    ? !names.some((name) => name !== undefined && countries.not.includes(name))
    : names.some((name) => name !== undefined && countries.includes(name))
}

function naive(when: When, contact: Contact): boolean {
  const { has, tags, attributes, phone, whatsapp } = when
  const { any, all, none } = tags ?? {}
  const name = contact.name ?? contact.firstName ?? contact.lastName
  if (has?.some((field) => (field === 'name' ? name : contact[field]) === undefined)) return false
  if (any && contact.tags.filter((tag) => any.includes(tag)).length === 0) return false
  if (all && all.filter((tag) => !contact.tags.includes(tag)).length > 0) return false
  if (none && contact.tags.filter((tag) => none.includes(tag)).length > 0) return false
  for (const [key, values] of Object.entries(attributes ?? {})) {
    const value = new Map(Object.entries(contact.attributes)).get(key) ?? undefined
    if (value === undefined || !values.includes(`${value}`)) return false
  }
  if (phone && !naiveCountry(contact.phone, phone.countries)) return false
  return !(whatsapp && !naiveCountry(contact.whatsapp, whatsapp.countries))
}

const exampleNumbers = getCountries().flatMap((code) => (getExampleNumber(code, examples)?.number as string) ?? [])
/** Numbers near examples, those of shared plans more often than others. */
const number = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...exampleNumbers),
      fc.constantFrom(...exampleNumbers.filter((one) => /^\+(1|7|39|44|47|61|358|262|590)/.test(one))),
      fc.constantFrom('+80012345678', '+883510000000', '+870773111632'),
    ),
    fc.array(fc.tuple(fc.nat(15), fc.constantFrom(...'0123456789')), { maxLength: 6 }),
  )
  .map(([example, changes]) => {
    const changed = [...example]
    for (const [place, digit] of changes) if (place > 1 && place < changed.length) changed[place] = digit
    const text = changed.join('')
    return parsePhoneNumberFromString(text)?.isValid() ? text : example
  })
const country = fc.oneof(
  fc.constantFrom(...getCountries()),
  fc.constantFrom<CountryCode>(
    'GB',
    'GG',
    'JE',
    'IM',
    'IT',
    'VA',
    'NO',
    'SJ',
    'AU',
    'CX',
    'FI',
    'AX',
    'US',
    'CA',
    'RU',
    'KZ',
  ),
)
const codes = fc.array(country, { minLength: 1, maxLength: 20 })
const countries: fc.Arbitrary<Countries> = fc.oneof(
  codes,
  codes.map((not) => ({ not })),
)
const word = fc.constantFrom('vip', 'beta', 'test', 'VIP', '5', 'true')
const words = fc.array(word, { minLength: 1, maxLength: 3 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const tags = fc.oneof(
  words.map((any) => ({ any })),
  words.map((all) => ({ all })),
  fc.record({ any: words, none: words }),
)
const fields = fc.array(fc.constantFrom('email', 'phone', 'whatsapp', 'name'), { minLength: 1, maxLength: 2 })
const condition: fc.Arbitrary<When> = fc.oneof(
  fields.map((has) => ({ has }) as When),
  tags.map((tags) => ({ tags })),
  fc.dictionary(fc.constantFrom('plan', 'city'), words).map((attributes) => ({ attributes })),
  countries.map((countries) => ({ phone: { countries } })),
  countries.map((countries) => ({ whatsapp: { countries } })),
)
const anyWhen = fc
  .array(condition, { minLength: 1, maxLength: 3 })
  .map((conditions) => Object.assign({}, ...conditions) as When)
const anyContact = fc.record({
  ref: fc.constant(undefined),
  name: maybe(fc.constant('Jane Smith')),
  firstName: maybe(fc.constant('Jane')),
  lastName: maybe(fc.constant('Smith')),
  email: maybe(fc.constant('jane@example.com')),
  phone: maybe(number),
  whatsapp: maybe(number),
  tags: fc.uniqueArray(word, { maxLength: 4 }),
  attributes: fc.dictionary(
    fc.constantFrom('plan', 'city', 'other'),
    fc.oneof(word, fc.constantFrom<AttributeValue>(5, true, null)),
  ),
}) as fc.Arbitrary<Contact>

test('what is compiled says the same as the rules, asked one by one with the parser', () => {
  let held = 0
  fc.assert(
    fc.property(anyWhen, anyContact, (when, contact) => {
      const expected = naive(when, contact)
      if (expected) held++
      expect(compileWhen(when).holds(contact)).toBe(expected)
    }),
    { numRuns: 3_000 },
  )
  expect(held).toBeGreaterThan(300)
})

test('a number is of the same countries as the parser says, whatever is asked for', () => {
  fc.assert(
    fc.property(countries, number, (asked, phone) => {
      expect(holds({ phone: { countries: asked } }, { phone })).toBe(naiveCountry(phone, asked))
    }),
    { numRuns: 5_000 },
  )
})
