import { expect, test } from 'vitest'
import { parseContact } from '../../src/domain/parse-contact.ts'
import { writeSendingNote } from '../../src/domain/sending-note.ts'
import { channelBits } from '../../src/domain/suppression.ts'
import { planDelivery, planWithout } from '../../src/services/delivery/plan-delivery.ts'
import { diedInSending, type Earlier, resumePlan } from '../../src/services/delivery/resume.ts'
import { targetAt } from '../support/targets.ts'

/** Of three people the second is suppressed since the request was first tried. */
function resumed(provider: 'oblic' | 'octopush' | 'vobiz', earlier: Earlier) {
  const at = targetAt(provider, provider)
  const contacts = [0, 1, 2].map((n) =>
    parseContact({ name: 'X', email: `x${n}@example.com`, phone: `+3361234567${n}` }),
  )
  const prepared = { at, contacts, onConflict: 'skip' as const, plan: planDelivery(at, contacts, 'skip') }
  const barred = { none: false, on: (contact: number) => (contact === 1 ? channelBits['*'] : 0) }
  const { outcomes, calls } = resumePlan(planWithout(prepared, { barred }), at, earlier, prepared.plan)
  const [first, second, third] = outcomes.map((outcome) => outcome && [outcome.status, outcome.error?.retriable])
  return { first, second, third, asked: calls.filter(({ onlyAsk }) => onlyAsk).flatMap(({ indexes }) => indexes) }
}

const outcome = (status: 'failed' | 'unknown', retriable: boolean) =>
  ['oblic', 'octopush', 'vobiz'].map((account) => ({
    account,
    provider: account,
    status,
    warnings: [],
    error: { code: 'provider_timeout' as const, detail: '', retriable },
  }))
const answered = (status: 'failed' | 'unknown'): Earlier => ({
  ...diedInSending,
  died: false,
  outcomes: [0, 1, 2].map(() => outcome(status, true)),
})

test.each(['oblic', 'octopush', 'vobiz'] as const)('what failed at %s is skipped', (provider) => {
  const { first, second, third, asked } = resumed(provider, answered('failed'))
  expect({ first, second, third, asked }).toEqual({
    first: undefined,
    second: ['skipped', undefined],
    third: undefined,
    asked: [],
  })
})

test('what a dead owner may have sent is asked about where the provider can be asked', () => {
  expect(resumed('vobiz', diedInSending)).toMatchObject({ second: undefined, asked: [1] })
})

test('what a dead owner may have sent stays unknown where the provider cannot be asked, and is not retriable', () => {
  expect(resumed('oblic', diedInSending)).toMatchObject({ second: ['unknown', false], asked: [] })
  expect(resumed('octopush', diedInSending)).toMatchObject({ second: ['unknown', false], asked: [] })
})

test('what is certain not to have been sent by a dead owner is skipped', () => {
  const marked: Earlier = { ...diedInSending, notedBy: 'marks', marks: [writeSendingNote('oblic', [0], 1)] }
  expect(resumed('oblic', marked)).toMatchObject({ second: ['skipped', undefined], asked: [] })
})
