import { numberOf, type StoredContact } from '../../domain/contact.ts'
import type { Result } from '../../domain/failure.ts'
import { digitsOf } from '../../domain/phone-digits.ts'
import type { FindInput, ProviderResponse } from '../adapter-port.ts'
import { unnoted } from '../reading/drift.ts'
import { isAll } from '../reading/read-page.ts'
import { readVobizFailure } from './failures.ts'
import { isGood } from './read-contacts.ts'
import { toListedContact } from './stored-contact.ts'
import type { VobizSettings } from './translate.ts'
import { readPage, type Stored } from './wire.ts'

type Asked = Pick<FindInput<VobizSettings>, 'phone' | 'whatsapp' | 'settings'>

/** The number that is asked for. */
export function numberAsked({ phone, whatsapp }: Pick<Asked, 'phone' | 'whatsapp'>): string {
  return numberOf({ phone, whatsapp }) ?? ''
}

const mostFound = { page: 1, limit: 100 }

/**
 * The contacts with exactly this number: those who have it written the same, then those with the same digits. A search is by
 * substring, so that others may come with them. That there is none is proven by a page that holds all that was found, each
 * with a number; else the answer is unreadable.
 */
export function readFound(response: ProviderResponse, input: Asked): Result<readonly StoredContact[]> {
  const { drift = unnoted } = response
  const phone = numberAsked(input)
  const page = isGood(response) ? readPage(response, mostFound, drift) : undefined
  if (page === undefined) return readVobizFailure(response)
  const { items, unread } = page
  const matches = matchesOf(items, phone)
  if (matches.length > 0)
    return { ok: matches.map((match) => ({ ...toListedContact(match, input.settings, drift), phone })) }
  if (!isAll({ ...page, items: [...items, ...Array<unknown>(unread)] }))
    return { failure: { kind: 'unreadable', provider: manyFound } }
  if (unread > 0 || items.some(({ phone_number: number }) => mayBe(number, phone))) {
    return { failure: { kind: 'unreadable', provider: namelessFound } }
  }
  return { ok: [] }
}

function matchesOf(items: readonly Stored[], phone: string): readonly Stored[] {
  const digits = digitsOf(phone)
  const isSame = ({ phone_number: number }: Stored) => number === phone
  const hasDigits = ({ phone_number: number }: Stored) => number !== undefined && digitsOf(number) === digits
  return [...items.filter(isSame), ...items.filter((item) => !isSame(item) && hasDigits(item))]
}

/** A number that is not shown, or that may be ours without its country code. */
function mayBe(number: string | undefined, phone: string): boolean {
  const digits = digitsOf(number ?? '').replace(/^0/, '')
  return digits === '' || (digits.length >= 7 && digits.length < phone.length - 1 && phone.endsWith(digits))
}

const manyFound = { status: 200, message: 'It is not certain that this page holds all contacts that match the number.' }
const namelessFound = { status: 200, message: 'A contact was found without its whole number: it may be this one.' }
