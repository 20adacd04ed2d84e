import { hash } from 'node:crypto'

const hashLength = 22
/** Of SHA-256. */
const blockBytes = 64

export type ContactHash = (contactId: string) => string

/**
 * Makes what stands for contacts in audit events: the same for the same `<account>:<key>`, and of no use without the key, of
 * 32 bytes. It is the HMAC-SHA256 (RFC 2104) of the id, cut; written with `hash` since `createHmac` makes a stream each time.
 */
export function contactHash(key: Buffer): ContactHash {
  const padded = Buffer.concat([key, Buffer.alloc(blockBytes - key.length)])
  const inner = padded.map((byte) => byte ^ 0x36)
  const outer = padded.map((byte) => byte ^ 0x5c)
  return (contactId) => {
    const digest = hash('sha256', Buffer.concat([inner, Buffer.from(contactId)]), 'buffer')
    return hash('sha256', Buffer.concat([outer, digest]), 'base64url').slice(0, hashLength)
  }
}
