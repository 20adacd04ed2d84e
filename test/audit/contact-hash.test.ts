import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { contactHash } from '../../src/audit/contact-hash.ts'

test('what stands for a contact is a hash of its id with the key before it, and another one with another key', () => {
  const key = randomBytes(32)
  for (const id of ['vobiz-in:1234', 'sms-main:+33612345678', 'mail:Zoë@example.com', '']) {
    const keyed = createHash('sha256').update(key.toString('hex')).update(id).digest('base64url')
    expect(contactHash(key)(id)).toBe(keyed.slice(0, 22))
    expect(contactHash(randomBytes(32))(id)).not.toBe(keyed.slice(0, 22))
  }
})
