import { expect } from 'vitest'
import type { ExplainedRequest } from '../../src/services/explanations/explanations.ts'
import type { TestContact } from './contact-source.ts'

/** A request that arrived at a provider's door: its line, and when (milliseconds since 1970). */
export type Arrival = { readonly line: string; readonly at: number }

type Told = { readonly operation: string; readonly sentAt: number; readonly endedAt: number }

/** Clocks are read to the millisecond, and a busy machine is late now and then. */
const [earlyMs, lateMs] = [10, 400]

/** The attempts that were sent, in the order in which they went. */
export function sentAttempts({ receivedAt, accounts }: ExplainedRequest): readonly Told[] {
  return accounts
    .flatMap(({ calls }) => calls)
    .flatMap(({ operation, attempts }) =>
      attempts.flatMap(({ atMs, tookMs }) => {
        const sentAt = Date.parse(receivedAt) + atMs
        return tookMs === undefined ? [] : [{ operation, sentAt, endedAt: sentAt + tookMs }]
      }),
    )
    .sort((one, other) => one.sentAt - other.sentAt)
}

/** What a call does, by its operation. */
const deeds: Readonly<Record<string, string>> = {
  addContacts: 'write',
  createContact: 'write',
  updateContact: 'update',
  findContacts: 'question',
  ensureList: 'list',
}

/** The same by its request line. */
function deedOf(line: string): string {
  if (/^POST \S+\/(?:add|contact\/create|contacts)$/.test(line)) return 'write'
  return line.startsWith('POST ') ? 'list' : line.startsWith('PATCH ') ? 'update' : 'question'
}

/** What arrived is what is told, each at its time. */
export function expectSame(request: ExplainedRequest, arrivals: readonly Arrival[]): void {
  const sent = sentAttempts(request)
  expect(sent.map(({ operation }) => deeds[operation])).toEqual(arrivals.map(({ line }) => deedOf(line)))
  for (const [place, { sentAt, endedAt }] of sent.entries()) {
    const { at } = arrivals[place] as Arrival
    expect(at).toBeGreaterThanOrEqual(sentAt - earlyMs)
    expect(at).toBeLessThanOrEqual(endedAt + lateMs)
  }
}

/** Each call that failed says why it was not sent again, as a code and in words. */
export function expectReasons({ accounts, explanation }: ExplainedRequest): void {
  const ends = accounts.flatMap(({ calls }) => calls).map(({ attempts }) => attempts.at(-1))
  expect(ends.filter((last) => last?.next === 'again')).toEqual([])
  const failed = ends.filter((last) => last?.result !== 'ok')
  for (const last of failed) expect(last?.next).not.toBe('done')
  if (failed.length > 0)
    expect(explanation.join('\n')).toMatch(/: (?:it was (?:sent|not sent)|no time|the account is not|to send it)/)
}

/** Nothing of whom it was about is told. */
export function expectSilence(request: ExplainedRequest, contacts: readonly TestContact[]): void {
  const text = JSON.stringify(request)
  for (const { email, phone } of contacts) {
    expect(text).not.toContain(email)
    expect(text).not.toContain(phone.slice(-8))
  }
}
