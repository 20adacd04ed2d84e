import { type Contact, displayName } from '../contact.ts'
import { compileCountries } from './number-countries.ts'
import type { AskedField, Countries, When } from './when.ts'

type Condition = (contact: Contact) => boolean

/** A `when`, ready to be asked. */
export type CompiledWhen = {
  /** As it is configured. */
  readonly written: When
  /** Whether the target is for a contact, whose values are valid. */
  readonly holds: Condition
}

/** Makes a `when` a function, once for each configuration: its tables and sets are not made again for every contact. */
export function compileWhen(written: When): CompiledWhen {
  const conditions = conditionsOf(written)
  return { written, holds: (contact) => conditions.every((holds) => holds(contact)) }
}

/** The cheaper ones first. */
function conditionsOf({ has = [], tags = {}, attributes = {}, phone, whatsapp }: When): readonly Condition[] {
  const { any, all, none } = tags
  return [
    ...has.map((field) => isThere[field]),
    ...(phone === undefined ? [] : [ofCountries('phone', phone.countries)]),
    ...(whatsapp === undefined ? [] : [ofCountries('whatsapp', whatsapp.countries)]),
    ...(any === undefined ? [] : [hasAny(new Set(any))]),
    ...(all === undefined ? [] : [hasAll(all)]),
    ...(none === undefined ? [] : [hasNone(new Set(none))]),
    ...Object.entries(attributes).map(([name, values]) => hasValue(name, new Set(values))),
  ]
}

const isThere: Readonly<Record<AskedField, Condition>> = {
  email: ({ email }) => email !== undefined,
  phone: ({ phone }) => phone !== undefined,
  whatsapp: ({ whatsapp }) => whatsapp !== undefined,
  name: (contact) => displayName(contact) !== undefined,
}

/** A contact without the number is of no country, and not of no country either. */
function ofCountries(field: 'phone' | 'whatsapp', countries: Countries): Condition {
  const isMeant = compileCountries(countries)
  return ({ [field]: number }) => number !== undefined && isMeant(number)
}

function hasAny(wanted: ReadonlySet<string>): Condition {
  return ({ tags }) => tags.some((tag) => wanted.has(tag))
}

function hasAll(wanted: readonly string[]): Condition {
  return ({ tags }) => wanted.every((tag) => tags.includes(tag))
}

function hasNone(unwanted: ReadonlySet<string>): Condition {
  return ({ tags }) => !tags.some((tag) => unwanted.has(tag))
}

/** An attribute that is absent or `null` has no value. */
function hasValue(name: string, values: ReadonlySet<string>): Condition {
  return ({ attributes }) => {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
    return value !== undefined && value !== null && values.has(String(value))
  }
}
