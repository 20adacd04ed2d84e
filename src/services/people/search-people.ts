import type { CallContext } from '../../domain/call-context.ts'
import type { StoredContact } from '../../domain/contact.ts'
import {
  causeOf,
  detailOfFailure,
  type Failure,
  type FailureKind,
  failureRules,
  type Result,
} from '../../domain/failure.ts'
import { formsOf } from '../../domain/number-forms.ts'
import { isSameNumberText } from '../../domain/phone-digits.ts'
import type { AddressField, FindInput } from '../../providers/adapter-port.ts'
import type { Destination } from '../catalog/catalog.ts'
import { askForContacts, wholeContact } from '../delivery/ask-for-contacts.ts'

/** What a person is known by: at least one of them. Numbers are in E.164. */
export type PersonAddresses = { readonly [Field in AddressField]?: string | undefined }

/** `not_found`: all that is asked for can be asked there, and nobody has it. */
export const personStatuses = ['found', 'not_found', 'not_readable', 'failed'] as const
export type PersonStatus = (typeof personStatuses)[number]

/** Where one account has a person. `detail`: what is not known, and why. */
export type PersonAt = {
  readonly at: Pick<Destination, 'account' | 'fields'>
  readonly status: PersonStatus
  readonly contacts: readonly StoredContact[]
  readonly detail?: string
}

/** Asks each account for everybody who has one of these addresses, all accounts at once, and stores nothing. */
export function searchPeople(
  places: readonly PersonAt['at'][],
  addresses: PersonAddresses,
  context: CallContext,
): Promise<readonly PersonAt[]> {
  return Promise.all(places.map((at) => searchAt(at, addresses, context)))
}

type Question = Omit<FindInput<unknown>, 'settings'>

async function searchAt(at: PersonAt['at'], addresses: PersonAddresses, context: CallContext): Promise<PersonAt> {
  const { account } = at
  const { questions, unasked } = questionsFor(at, addresses)
  const answers = await Promise.all(questions.map((question) => ask(at, question, context)))
  const failure = answers.flatMap((answer) => ('failure' in answer ? [answer.failure] : []))[0]
  const shown = new Map(answers.flatMap((answer) => ('ok' in answer ? answer.ok : [])).map((one) => [one.key, one]))
  const contacts = await Promise.all([...shown.values()].map((one) => wholeContact(account, one, context)))
  const unknown = [...(failure === undefined ? [] : [wordsOf(failure)]), ...(unasked ? [unaskedWords(at)] : [])]
  return { at, status: statusOf(contacts.length, failure, unasked), contacts, ...detailOf(unknown) }
}

/**
 * A provider may ignore what it is asked by, and show others: these are nobody's business, and where none of them is the person
 * nothing is known.
 */
async function ask(
  { account }: PersonAt['at'],
  question: Question,
  context: CallContext,
): Promise<Result<readonly StoredContact[]>> {
  const answer = await askForContacts(account, question, context)
  if ('failure' in answer) return answer
  const known = answer.ok.filter((contact) => isKnownBy(contact, question))
  return known.length === 0 && answer.ok.length > 0 ? { failure: { kind: 'unreadable' } } : { ok: known }
}

function isKnownBy(contact: StoredContact, { email, phone, whatsapp }: Question): boolean {
  if (email !== undefined) return contact.email?.toLowerCase() === email.toLowerCase()
  const number = phone ?? whatsapp ?? ''
  return [contact.phone, contact.whatsapp].some((shown) => shown !== undefined && isSameNumberText(shown, number))
}

function statusOf(found: number, failure: Failure | undefined, unasked: boolean): PersonStatus {
  if (found > 0) return 'found'
  if (failure !== undefined) return 'failed'
  return unasked ? 'not_readable' : 'not_found'
}

function detailOf(sentences: readonly string[]) {
  return sentences.length === 0 ? {} : { detail: sentences.join(' ') }
}

/** What the account is to be asked; `unasked`: there is a place where one of the addresses may be, and no question for it. */
function questionsFor(at: PersonAt['at'], { email, phone, whatsapp }: PersonAddresses) {
  const numbers = new Set([phone, whatsapp].flatMap((number) => (number === undefined ? [] : formsOf(number))))
  const emails = new Set(email === undefined ? [] : [email, email.toLowerCase()])
  const by = (field: AddressField) => at.account.adapter.operations.findContacts?.by.includes(field) === true
  const fields = numberFieldsOf(at)
  const asked = fields.filter(by)
  const alsoByDigits = at.account.adapter.operations.findContacts?.alsoByDigits === true
  const questions: Question[] = []
  if (by('email')) for (const one of emails) questions.push({ email: one })
  for (const field of asked)
    for (const number of numbers) {
      questions.push({ [field]: number })
      if (alsoByDigits) questions.push({ [field]: number, digitsOnly: true })
    }
  const lacksEmail = emails.size > 0 && !by('email')
  const lacksNumber = numbers.size > 0 && asked.length < fields.length
  return { questions, unasked: lacksEmail || lacksNumber }
}

/** Where the account may have a number: apart for WhatsApp, or in one place that is asked by either name. */
function numberFieldsOf({ account, fields }: PersonAt['at']): readonly ('phone' | 'whatsapp')[] {
  if (fields.whatsapp.kind === 'sent') return ['phone', 'whatsapp']
  const by = account.adapter.operations.findContacts?.by ?? []
  return by.includes('whatsapp') && !by.includes('phone') ? ['whatsapp'] : ['phone']
}

const wordsOfFields: Readonly<Record<AddressField, string>> = {
  email: 'e-mail address',
  phone: 'phone number',
  whatsapp: 'WhatsApp number',
}

function unaskedWords({ account: { adapter } }: PersonAt['at']): string {
  const by = adapter.operations.findContacts?.by ?? []
  if (by.length === 0) return `${adapter.title} has no call that finds a person: look in the account there.`
  const words = by.map((field) => wordsOfFields[field]).join(' or ')
  return `${adapter.title} finds people by ${words} alone: for anything else look in the account there.`
}

/** These are worded for writes. */
const worded: ReadonlySet<FailureKind> = new Set(['invalid', 'notFound', 'conflict'])

function wordsOf(failure: Failure): string {
  const isTold = failureRules[failure.kind].applied === 'no' && !worded.has(failure.kind)
  return notKnown + (isTold ? ` ${detailOfFailure(failure)}` : causeOf(failure))
}

const notKnown = 'The account could not be asked for all of it, so that more may be there. Search again later.'
