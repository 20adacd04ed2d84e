import { describe, expect, test } from 'vitest'
import { displayName, identityOf } from '../../src/domain/contact.ts'
import { readContact } from '../../src/domain/read-contact.ts'

describe('the display name', () => {
  test.each([
    [{ name: 'Jane Smith', firstName: 'J.', lastName: 'S.' }, 'Jane Smith'],
    [{ name: undefined, firstName: 'Jane', lastName: 'Smith' }, 'Jane Smith'],
    [{ name: undefined, firstName: 'Jane', lastName: undefined }, 'Jane'],
    [{ name: undefined, firstName: undefined, lastName: 'Smith' }, 'Smith'],
    [{ name: undefined, firstName: undefined, lastName: undefined }, undefined],
    [{ name: undefined, firstName: 'محمد', lastName: '🎉' }, 'محمد 🎉'],
  ])('of %j is %s', (parts, name) => {
    expect(displayName(parts)).toBe(name)
  })
})

describe('two contacts of one request are the same person', () => {
  const identity = (draft: Parameters<typeof readContact>[0]) => identityOf(readContact(draft).contact)

  test('by their phone, however it is written and whatever the e-mail', () => {
    expect(identity({ phone: '+33612345678', email: 'a@b.example' })).toBe(
      identity({ phone: '0033 612345678', email: 'c@d.example' }),
    )
  })

  test('by their e-mail without case, when they have no phone', () => {
    expect(identity({ email: 'Jane@Example.com' })).toBe(
      identity({ email: 'jane@example.com', whatsapp: '+33612345678' }),
    )
  })

  test('by their WhatsApp number, when they have neither', () => {
    expect(identity({ whatsapp: '+33612345678' })).toBe(identity({ whatsapp: '+33 612345678', name: 'Jane' }))
  })

  test('not by an e-mail when the phones differ', () => {
    expect(identity({ phone: '+33612345678', email: 'a@b.example' })).not.toBe(
      identity({ phone: '+33612345679', email: 'a@b.example' }),
    )
  })

  test('never when there is nothing to know them by', () => {
    expect(identity({ name: 'Jane' })).toBeUndefined()
  })
})
