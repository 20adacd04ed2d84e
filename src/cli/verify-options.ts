import { readEmail } from '../domain/email.ts'
import { readPhone } from '../domain/phone.ts'
import type { ProbeSet, TestPeople } from '../providers/probing.ts'

/** The flags of `accounts verify`, as they were given. */
export type VerifyFlags = {
  readonly phone: readonly string[]
  readonly email: readonly string[]
  readonly optedOut?: string
  readonly list?: string
  readonly sizes: boolean
  readonly yesWrite: boolean
  readonly cannotCleanUp: boolean
  readonly cleanUp: boolean
  readonly report?: string
}

export type People = Omit<TestPeople, 'made' | 'written'>

/** The test people of the flags, or what is wrong with them, in words. */
export function readPeople(flags: VerifyFlags, { needs }: Pick<ProbeSet, 'needs'>, now: number): People | string {
  const phones = flags.phone.map((text) => readPhone(text))
  const emails = flags.email.map((text) => readEmail(text))
  const optedOut = flags.optedOut === undefined ? undefined : readPhone(flags.optedOut)
  if ([...phones, ...(optedOut === undefined ? [] : [optedOut])].some((read) => !('e164' in read)))
    return 'Write each number with + and its country code, such as +33612345678.'
  if (emails.some((read) => !('email' in read))) return 'One of the e-mail addresses is none.'
  const given: People = {
    phones: phones.flatMap((read) => ('e164' in read ? read.e164 : [])),
    emails: emails.flatMap((read) => ('email' in read ? read.email : [])),
    ...(optedOut !== undefined && 'e164' in optedOut && { optedOut: optedOut.e164 }),
    ...(flags.list !== undefined && { list: flags.list }),
    sizes: flags.sizes,
    mark: `cgw-verify-${new Date(now).toISOString().slice(0, 10).replaceAll('-', '')}`,
  }
  if (new Set(given.phones).size < given.phones.length || new Set(given.emails).size < given.emails.length)
    return 'The same test person was given twice.'
  return flags.yesWrite ? (lackOf(given, flags, needs) ?? given) : withPlaces(given, needs)
}

/** What is missing before anything may be written. */
function lackOf({ phones, emails, list }: People, flags: VerifyFlags, needs: ProbeSet['needs']): string | undefined {
  const wanted = [
    ...(phones.length < needs.phones ? [`${needs.phones} numbers that are yours, each with --phone`] : []),
    ...(emails.length < needs.emails ? [`${needs.emails} e-mail addresses that are yours, each with --email`] : []),
    ...(needs.byHand && list === undefined ? ['a list that was made by hand for this, with --list'] : []),
    ...(needs.byHand && !flags.cannotCleanUp
      ? ['--cannot-clean-up: there is no call that deletes, so that what is written stays until you delete the list']
      : []),
  ]
  return wanted.length === 0 ? undefined : `To write, it needs ${wanted.join('; ')}.`
}

/** Words in the place of people who were not given: they are shown, and sent nowhere. */
function withPlaces(people: People, needs: ProbeSet['needs']): People {
  const filled = (given: readonly string[], count: number, place: (index: number) => string) => [
    ...given,
    ...Array.from({ length: Math.max(0, count - given.length) }, (_, index) => place(given.length + index + 1)),
  ]
  return {
    ...people,
    phones: filled(people.phones, needs.phones, (place) => `+PHONE-${place}`),
    emails: filled(people.emails, needs.emails, (place) => `email-${place}`),
    ...(needs.byHand && people.list === undefined && { list: 'LIST' }),
  }
}
