import type { Contact, ContactDraft } from './contact.ts'
import type { OutcomeError, Warning } from './outcome.ts'
import { readPhone } from './phone.ts'

/** A draft that was read: the contact, what was tidied, and the first thing that makes it unacceptable everywhere. */
export type ReadContact = {
  readonly contact: Contact
  readonly warnings: readonly Warning[]
  readonly error: OutcomeError | undefined
}

/** WHATWG's rule for `<input type=email>`, with a dot in the domain. */
const emailForm =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/

const none: readonly never[] = []
const noAttributes = Object.freeze({})

/**
 * Checks and tidies a contact's values. One invalid value makes the whole contact unacceptable: it is never sent
 * without that field. `defaultCountry` is an ISO 3166 alpha-2 code for numbers that lack a country code.
 */
export function readContact(draft: ContactDraft, defaultCountry?: string): ReadContact {
  const warnings: Warning[] = []
  let error: OutcomeError | undefined
  const refuse = (code: OutcomeError['code'], pointer: string, detail: string) => {
    error ??= { code, detail, pointer, retriable: false }
  }
  const number = (field: 'phone' | 'whatsapp'): string | undefined => {
    const raw = draft[field]
    if (raw === undefined) return undefined
    const result = readPhone(raw, defaultCountry)
    if ('code' in result) {
      refuse(result.code, `/${field}`, result.detail)
      return undefined
    }
    if (result.normalized) warnings.push(normalized(`/${field}`, result.e164))
    return result.e164
  }

  const phone = number('phone')
  const whatsapp = number('whatsapp')
  const email = draft.email?.trim()
  if (email !== undefined && !emailForm.test(email)) {
    refuse('email_invalid', '/email', 'This is no e-mail address. Write it as name@domain.example.')
  } else if (email !== draft.email) warnings.push(normalized('/email', email as string))
  if (draft.phone === undefined && draft.whatsapp === undefined && email === undefined) {
    refuse('identifier_required', '', 'A contact needs at least one of email, phone and whatsapp.')
  }
  const contact: Contact = {
    ref: draft.ref,
    name: text(draft.name),
    firstName: text(draft.firstName),
    lastName: text(draft.lastName),
    email,
    phone,
    whatsapp,
    tags: draft.tags === undefined ? none : distinct(draft.tags),
    attributes: draft.attributes ?? noAttributes,
  }
  return { contact, warnings, error }
}

/** A name of nothing but white space is no name. */
function text(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value
}

function distinct(tags: readonly string[]): readonly string[] {
  return tags.length < 2 ? tags : [...new Set(tags)]
}

function normalized(pointer: string, value: string): Warning {
  return { code: 'value_normalized', pointer, detail: `It was tidied to ${value}.` }
}
