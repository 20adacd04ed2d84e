import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContactDraft } from '../../src/domain/contact.ts'
import { parseContact } from '../../src/domain/parse-contact.ts'
import { hashValues, personAt } from '../../src/services/delivery/same-person.ts'
import { targetAt } from '../support/targets.ts'

const read = (draft: ContactDraft) => parseContact(draft).contact

describe('who is the same person', () => {
  const [byEmail, byPhone, byPhoneOrWhatsapp] = [targetAt('oblic'), targetAt('octopush'), targetAt('vobiz')]

  test('where contacts are known by their e-mail: that, without case, whatever the phone', () => {
    const person = personAt(byEmail, read({ email: ' Jane@Example.com', phone: '+33612345678' }))
    expect(person).toBe(personAt(byEmail, read({ email: 'jane@example.com', phone: '+33612345679' })))
    expect(person).not.toBe(personAt(byEmail, read({ email: 'john@example.com', phone: '+33612345678' })))
  })

  test('where they are known by their phone: that, however it is written, whatever the e-mail', () => {
    const person = personAt(byPhone, read({ phone: '+33612345678', email: 'a@b.example' }))
    expect(person).toBe(personAt(byPhone, read({ phone: '0033 612345678', email: 'c@d.example' })))
    expect(person).not.toBe(personAt(byPhone, read({ phone: '+33612345679', email: 'a@b.example' })))
  })

  test('by their WhatsApp number only where it stands in for a phone that is not there', () => {
    const whatsapp = read({ whatsapp: '+33612345678' })
    expect(personAt(byPhoneOrWhatsapp, whatsapp)).toBe(personAt(byPhoneOrWhatsapp, read({ phone: '+33612345678' })))
    const both = read({ phone: '+33612345679', whatsapp: '+33612345678' })
    expect(personAt(byPhoneOrWhatsapp, both)).toBe('+33612345679')
    expect(personAt(byPhone, whatsapp)).toBeUndefined()
  })

  test('nobody for who has nothing that the account knows contacts by', () => {
    expect(personAt(byEmail, read({ phone: '+33612345678' }))).toBeUndefined()
    expect(personAt(byPhone, read({ email: 'a@b.example' }))).toBeUndefined()
  })
})

describe('the values of two contacts', () => {
  const jane: ContactDraft = {
    ref: 'r-1',
    name: 'Jane',
    email: 'jane@example.com',
    phone: '+33612345678',
    tags: ['a', 'b'],
    attributes: { plan: 'gold', seats: 7 },
  }
  const differ = (changes: ContactDraft) => hashValues(read({ ...jane, ...changes })) !== hashValues(read(jane))

  test.each<[what: string, changes: ContactDraft]>([
    ['their ref', { ref: 'r-2' }],
    ['the case of the e-mail', { email: 'JANE@example.com' }],
    ['the way in which the phone is written', { phone: '0033 612345678' }],
    ['the order of tags, and repeats', { tags: ['b', 'a', 'b'] }],
    ['the order of attributes', { attributes: { seats: 7, plan: 'gold' } }],
  ])('do not differ by %s', (_what, changes) => {
    expect(differ(changes)).toBe(false)
  })

  test.each<[what: string, changes: ContactDraft]>([
    ['a name', { name: 'Jane S.' }],
    ['a name in another field', { name: '', firstName: 'Jane' }],
    ['an e-mail', { email: 'j@example.com' }],
    ['a number in another field', { whatsapp: '+33612345678' }],
    ['a tag', { tags: ['a'] }],
    ['tags that read the same joined', { tags: ['ab'] }],
    ['an attribute', { attributes: { plan: 'gold', seats: 8 } }],
    ['an attribute as text', { attributes: { plan: 'gold', seats: '7' } }],
    ['the names of attributes', { attributes: { seats: 'gold', plan: 7 } }],
    ['an attribute that is cleared', { attributes: { plan: 'gold', seats: null } }],
  ])('differ by %s', (_what, changes) => {
    expect(differ(changes)).toBe(true)
  })

  test('differ wherever two random contacts do', () => {
    const text = fc.option(fc.string({ minLength: 1, maxLength: 3 }), { nil: undefined })
    const contact = fc.record({
      name: text,
      firstName: text,
      lastName: text,
      tags: fc.uniqueArray(fc.string(), { maxLength: 2 }),
    })
    fc.assert(
      fc.property(contact, contact, (one, other) => {
        const [first, second] = [one, other].map((draft) => ({ ...read({}), ...draft, tags: draft.tags.toSorted() }))
        expect(hashValues(first as never) === hashValues(second as never)).toBe(
          JSON.stringify(first) === JSON.stringify(second),
        )
      }),
    )
  })
})
