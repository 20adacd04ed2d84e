import type { AttributeValue, Contact, ContactDraft } from './contact.ts'
import { isPlainEmail, readEmail } from './email.ts'
import type { OutcomeError, Warning } from './outcome.ts'
import { type NumbersFrom, readPhone, readPhoneOf } from './phone.ts'
import { isPlainE164 } from './plain-e164.ts'
import { tidyText, trimInvisible } from './tidy-text.ts'

/** A draft that was read: the contact, what was tidied, and the first thing that makes it unacceptable everywhere. */
export type ParsedContact = {
  readonly contact: Contact
  readonly warnings: readonly Warning[]
  readonly error: OutcomeError | undefined
}

const none: readonly never[] = []
const noAttributes = Object.freeze({})

/** Of what country a number is, as it is known from elsewhere, as ISO 3166 alpha-2 codes. */
export type NumberCountries = { readonly phone?: string; readonly whatsapp?: string }

const unknownCountries: NumberCountries = Object.freeze({})

/** What there is to say of a contact, gathered while its values are read. */
type Notes = { readonly warnings: Warning[]; error: OutcomeError | undefined }

/**
 * Checks and tidies a contact's values. One invalid value makes the whole contact unacceptable: it is never sent
 * without that field. `from`: how numbers are written that lack a `+` and are not in `countries`.
 */
export function parseContact(
  draft: ContactDraft,
  from?: NumbersFrom,
  countries: NumberCountries = unknownCountries,
): ParsedContact {
  const notes: Notes = { warnings: [], error: undefined }
  const phone = number(draft.phone, '/phone', from, countries.phone, notes)
  const whatsapp = number(draft.whatsapp, '/whatsapp', from, countries.whatsapp, notes)
  const email = address(draft.email, notes)
  if (draft.phone === undefined && draft.whatsapp === undefined && draft.email === undefined) {
    refuse(notes, 'identifier_required', '', 'A contact needs at least one of email, phone and whatsapp.')
  }
  const { warnings } = notes
  const contact: Contact = {
    ref: draft.ref,
    name: text(draft.name, '/name', warnings),
    firstName: text(draft.firstName, '/firstName', warnings),
    lastName: text(draft.lastName, '/lastName', warnings),
    email,
    phone,
    whatsapp,
    tags: draft.tags === undefined ? none : tidyTags(draft.tags, warnings),
    attributes: draft.attributes === undefined ? noAttributes : tidyAttributes(draft.attributes, warnings),
  }
  return { contact, warnings, error: notes.error }
}

/** The first thing that is wrong is told. */
function refuse(notes: Notes, code: OutcomeError['code'], pointer: string, detail: string): void {
  notes.error ??= { code, detail, pointer, retriable: false }
}

function number(
  raw: string | undefined,
  pointer: string,
  from: NumbersFrom,
  country: string | undefined,
  notes: Notes,
): string | undefined {
  if (raw === undefined || (country === undefined && isPlainE164(raw))) return raw
  const result = country === undefined ? readPhone(raw, from) : readPhoneOf(country, raw)
  if ('code' in result) {
    refuse(notes, result.code, pointer, result.detail)
    return undefined
  }
  if (result.normalized) notes.warnings.push(normalized(pointer, result.e164, result.replaced))
  return result.e164
}

function address(raw: string | undefined, notes: Notes): string | undefined {
  if (raw === undefined || isPlainEmail(raw)) return raw
  const result = readEmail(raw)
  if ('code' in result) {
    refuse(notes, result.code, '/email', result.detail)
    return undefined
  }
  if (result.normalized) notes.warnings.push(normalized('/email', result.email))
  return result.email
}

/** A text without a visible character counts as absent, as an empty one does, without a warning. */
function text(value: string | undefined, pointer: string, warnings: Warning[]): string | undefined {
  if (value === undefined) return undefined
  const tidy = tidyText(value)
  if (tidy === '') return undefined
  if (tidy === value) return value
  warnings.push(tidied(pointer))
  return tidy
}

/**
 * Tags without repeats and empty ones. Blanks around a tag are removed without a warning: tags between commas often
 * have them.
 */
function tidyTags(tags: readonly string[], warnings: Warning[]): readonly string[] {
  let changed: string[] | undefined
  for (let i = 0; i < tags.length; i++) {
    const tag = tags[i] as string
    const tidy = tidyText(tag)
    if (tidy !== tag || tidy === '') changed ??= tags.slice(0, i)
    if (tidy !== tag && tidy !== trimInvisible(tag)) warnings.push(tidied(`/tags/${i}`))
    if (tidy !== '') changed?.push(tidy)
  }
  const kept = changed ?? tags
  return kept.length < 2 ? kept : [...new Set(kept)]
}

/** The attributes themselves where there is nothing to tidy in them. */
function tidyAttributes(attributes: ContactDraft['attributes'] & object, warnings: Warning[]): Contact['attributes'] {
  let changed: Record<string, AttributeValue> | undefined
  for (const name in attributes) {
    const value = attributes[name]
    if (typeof value !== 'string') continue
    const tidy = tidyText(value)
    if (tidy === value && tidy !== '') continue
    changed ??= { ...attributes }
    if (tidy === '') delete changed[name]
    else {
      changed[name] = tidy
      warnings.push(tidied(`/attributes/${name}`))
    }
  }
  return changed ?? attributes
}

function tidied(pointer: string): Warning {
  return {
    code: 'value_normalized',
    pointer,
    detail: 'Blanks and invisible characters at its ends, line breaks and control characters in it were tidied.',
  }
}

function normalized(pointer: string, value: string, replaced = false): Warning {
  const reason = replaced ? 'The country has renumbered since; it' : 'It'
  return { code: 'value_normalized', pointer, detail: `${reason} was tidied to ${value}.` }
}
