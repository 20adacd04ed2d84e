import { createHmac } from 'node:crypto'

const hashLength = 22

/** What stands for a contact in audit events: the same for the same `<account>:<key>`, and of no use without the key. */
export function contactHash(contactId: string, key: Buffer): string {
  return createHmac('sha256', key).update(contactId).digest('base64url').slice(0, hashLength)
}
