import type { Contact } from '../../domain/contact.ts'
import { digitsOf } from '../../domain/phone-digits.ts'
import { isRecord } from './coercions.ts'

/** Texts that stand deeper than this, are longer, or are more than this many are no messages. */
const deepest = 5
const mostTexts = 500
const longestText = 2_000

/** The members under which an error says what is wrong, and with whom. */
const tellingMembers = new Set(
  'errors error details detail message messages msg reason reasons description title email e_mail mail phone phone_number number mobile whatsapp value field'.split(
    ' ',
  ),
)
// From its first character on alone: what has no @ behind it is looked at once.
const emailForm = /(?<![^\s@<>"'(),;:[\]])[^\s@<>"'(),;:[\]]+@[^\s@<>"'(),;:[\]]+/g
const numberForm = /\+?\d[\d\s().-]{5,20}\d/g

/**
 * The places of the contacts whom the words of a refusal name, by a whole e-mail address or number; `undefined` where they
 * name nobody, or all of several, which says nothing of any.
 */
export function namedIn(body: unknown, contacts: readonly Contact[]): readonly number[] | undefined {
  const texts: string[] = []
  collect(body, 0, texts)
  if (texts.length === 0) return undefined
  const placeOf = placesOf(contacts)
  const named = new Set<number>()
  for (const text of texts)
    for (const name of namesIn(text)) {
      const place = placeOf.get(name)
      if (place !== undefined) named.add(place)
    }
  if (named.size === 0 || (named.size === contacts.length && contacts.length > 1)) return undefined
  return [...named].sort((one, other) => one - other)
}

function collect(value: unknown, depth: number, texts: string[]): void {
  if (texts.length >= mostTexts || depth > deepest) return
  if (typeof value === 'string') {
    if (depth > 0) texts.push(value.slice(0, longestText))
  } else if (Array.isArray(value)) for (const item of value) collect(item, depth + 1, texts)
  else if (isRecord(value))
    // The names of fields, and of rows, are none of ours: what is under them is.
    for (const [name, member] of Object.entries(value))
      if (tellingMembers.has(name.toLowerCase()) || depth > 0) collect(member, depth + 1, texts)
}

/** Each e-mail, in lower case, and each number, in digits, that is one contact's alone. */
function placesOf(contacts: readonly Contact[]): ReadonlyMap<string, number | undefined> {
  const places = new Map<string, number | undefined>()
  const put = (name: string | undefined, place: number) => {
    if (name !== undefined) places.set(name, places.has(name) && places.get(name) !== place ? undefined : place)
  }
  contacts.forEach(({ email, phone, whatsapp }, place) => {
    put(email?.toLowerCase(), place)
    put(phone?.slice(1), place)
    put(whatsapp?.slice(1), place)
  })
  return places
}

function namesIn(text: string): readonly string[] {
  const emails = text.includes('@') ? (text.match(emailForm) ?? []) : []
  return [
    ...emails.map((email) => email.toLowerCase().replace(/(?<![.!?])[.!?]+$/, '')),
    ...(text.match(numberForm) ?? []).map(digitsOf),
  ]
}
