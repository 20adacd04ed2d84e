import { expect, test } from 'vitest'
import { parseContact } from '../../src/domain/parse-contact.ts'
import { compileWhen } from '../../src/domain/routing/compile-when.ts'
import { intentOf, readIntent } from '../../src/services/delivery/claim-intent.ts'
import { passOverBy } from '../../src/services/delivery/not-for-target.ts'
import { type Delivery, planDelivery } from '../../src/services/delivery/plan-delivery.ts'
import { diedInSending, wasForIt } from '../../src/services/delivery/resume.ts'
import { targetAt } from '../support/targets.ts'

function deliveryTo(account: string, tag: string | undefined, contacts: Delivery['contacts']): Delivery {
  const when = tag === undefined ? undefined : compileWhen({ tags: { any: [tag] } })
  const at = { ...targetAt('oblic', account), when }
  const plan = planDelivery(at, contacts, 'update', { passOver: passOverBy(at) })
  return { at, contacts, onConflict: 'update', plan }
}

const contactsOf = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    parseContact({ name: 'X', email: `x${n}@example.com`, tags: n % 3 === 0 ? ['third'] : ['other'] }),
  )

test('the claim of a list whose targets are for all says no more than how its sending is noted', () => {
  expect(intentOf('marks', [deliveryTo('mail', undefined, contactsOf(20))])).toBe('marks')
  expect(readIntent('marks')).toEqual({ notedBy: 'marks', routing: undefined })
})

test.each([1, 7, 8, 9, 20])('of %i contacts whoever takes over learns which account each was for', (count) => {
  const contacts = contactsOf(count)
  const deliveries = [deliveryTo('mail', 'third', contacts), deliveryTo('sms', undefined, contacts)]
  const intent = readIntent(intentOf('claim', deliveries))
  expect(intent.notedBy).toBe('claim')
  const earlier = { ...diedInSending, ...intent }
  contacts.forEach((_, index) => {
    expect(wasForIt(earlier, 'mail', index)).toBe(index % 3 === 0)
    expect(wasForIt(earlier, 'sms', index)).toBe(true)
    expect(wasForIt(earlier, 'new-since-then', index)).toBe(false)
  })
})

test('where nothing was kept, every account was for every contact', () => {
  expect(wasForIt(diedInSending, 'mail', 3)).toBe(true)
})

test('it takes a bit for each contact and target', () => {
  const contacts = contactsOf(1_000)
  const deliveries = Array.from({ length: 16 }, (_, n) => deliveryTo(`a${n}`, 'third', contacts))
  const names = deliveries.reduce((sum, { at }) => sum + at.account.id.length + ' ='.length, 'claim'.length)
  expect((intentOf('claim', deliveries).length - names) * 0.75).toBeLessThan(2_048)
})
