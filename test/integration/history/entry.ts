import { isOpen, mayBeApplied, type Outcome } from '../../../src/domain/outcome.ts'
import { freshKey } from '../../support/contact-source.ts'
import type { Random } from '../../support/random.ts'
import { accountOf, type Provider, type Reply } from '../../support/start-fleet.ts'

/** A contact that is in no other request, and what is settled before it is sent. */
export type Contact = {
  readonly name: string
  readonly email?: string
  readonly phone: string
}

/** One request under one key, and all that its callers heard of it. */
export type Entry = {
  readonly key: string
  readonly list: 'newsletter' | 'mail'
  readonly contacts: readonly Contact[]
  readonly events: Heard[]
  /**
   * Callers overlapped, or one hung up: an answer that arrives may be older than what another request under the key has
   * done since, so that it is not compared with what the providers hold at that moment.
   */
  overlapped: boolean
}

/** What one caller heard: an answer, or nothing (`lost`). */
export type Heard = {
  readonly atMs: number
  readonly from: string
  readonly lost?: string
  readonly status?: number
  /** With a 500: what the process logged of it. */
  readonly log?: string
  readonly replayed?: string
  readonly stored?: boolean
  /** By contact, then by account. */
  readonly outcomes?: readonly (readonly Outcome[])[]
}

/** Where a list's contacts go. */
export function targetsOf({ list }: Entry): readonly Provider[] {
  return list === 'mail' ? ['oblic'] : ['oblic', 'octopush', 'vobiz']
}

/** Makes requests with contacts of their own: of one chunk, of several, and with contacts that are bad somewhere. */
export function entrySource(random: Random): () => Entry {
  let serial = 0
  const contact = (): Contact => {
    const number = serial++
    const digits = String(number).padStart(4, '0')
    // At Octopush numbers that end in 0404 are refused; no others here may end so.
    const isBlacklisted = number < 1000 && random.chance(0.05)
    const phone = isBlacklisted ? `+91982${digits.slice(1)}0404` : `+91983${digits}${random.int(300) + 500}`
    const email = `person-${digits}@example.com`
    return { name: `Person ${digits}`, phone, ...(!random.chance(0.03) && { email }) }
  }
  return () => ({
    key: freshKey(),
    list: random.chance(0.25) ? 'mail' : 'newsletter',
    contacts: Array.from({ length: random.chance(0.5) ? 1 : 2 + random.int(4) }, contact),
    events: [],
    overlapped: false,
  })
}

/** An answer, or the lack of one, as it is kept. */
export function heard(from: string, startedAt: number, reply: Reply | Error, output: () => string): Heard {
  const atMs = Math.round(performance.now() - startedAt)
  if (reply instanceof Error) return { atMs, from, lost: reply.message }
  const { status, headers } = reply
  if (status === 500) return { atMs, from, status, log: /.*"level":50.*"err".*/g.exec(output())?.[0] ?? 'nothing' }
  if (status !== 207) return { atMs, from, status }
  const results = reply.body.results as { outcomes: Outcome[] }[]
  return {
    atMs,
    from,
    status,
    stored: headers['idempotency-stored'] === undefined,
    ...(headers['idempotency-replayed'] !== undefined && { replayed: String(headers['idempotency-replayed']) }),
    outcomes: results.map(({ outcomes }) => outcomes),
  }
}

export function outcomeAt(provider: Provider, index: number, { outcomes }: Heard): Outcome {
  const found = outcomes?.[index]?.find(({ account }) => account === accountOf[provider])
  if (found === undefined) throw new Error(`no outcome of contact ${index} at ${provider}`)
  return found
}

/** True when nothing is left to be tried again. */
export function isDefinite({ outcomes }: Heard): boolean {
  return outcomes !== undefined && !outcomes.flat().some(isOpen)
}

/** True for an answer that every later one has to agree with in all that it settled. */
export function isBinding({ stored, outcomes }: Heard): boolean {
  return stored === true && outcomes !== undefined && outcomes.flat().some(mayBeApplied)
}

/** An entry for a person to read. */
export function describeEntry({ key, list, contacts, events }: Entry): string {
  const lines = events.map(({ atMs, from, lost, status, log = '', replayed, stored, outcomes }) => {
    const states = outcomes?.map((ofContact) => ofContact.map((outcome) => outcome.status).join('/')).join(' ')
    return `  ${atMs} ms ${from}: ${lost ?? status} ${replayed ?? ''}${stored === false ? ' not stored' : ''} ${states ?? ''}${log}`
  })
  return [`${key} to ${list}: ${contacts.map(({ phone }) => phone).join(' ')}`, ...lines].join('\n')
}
