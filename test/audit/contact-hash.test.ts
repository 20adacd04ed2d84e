import { createHmac, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { contactHash } from '../../src/audit/contact-hash.ts'

test('what stands for a contact is the HMAC of its id, and another one with another key', () => {
  const key = randomBytes(32)
  for (const id of ['vobiz-in:1234', 'sms-main:+33612345678', 'mail:Zoë@example.com', '']) {
    const hmac = createHmac('sha256', key).update(id).digest('base64url')
    expect(contactHash(key)(id)).toBe(hmac.slice(0, 22))
    expect(contactHash(randomBytes(32))(id)).not.toBe(hmac.slice(0, 22))
  }
})
