import { createHmac, timingSafeEqual } from 'node:crypto'
import { Problem } from '../problems/problems.ts'

/** What a cursor is bound to: the client, the operation, the account and every parameter of the query. */
export type CursorBinding = readonly (string | number | undefined)[]

/** Makes and reads the opaque, signed cursors that stand for page numbers. */
export type Cursors = {
  issue(page: number, binding: CursorBinding): string
  /** The page. @throws Problem `invalid-cursor` when it was changed, is too old, or was issued for something else */
  read(cursor: string, binding: CursorBinding): number
}

const macBytes = 32
const payloadBytes = 8
/** After a day the pages have moved on. */
const lifetimeSeconds = 86_400

/** `now`: milliseconds since 1970. */
export function createCursors(key: Buffer, now: () => number = Date.now): Cursors {
  const sign = (payload: Buffer, binding: CursorBinding): Buffer =>
    createHmac('sha256', key)
      .update(payload)
      .update(JSON.stringify(binding.map((part) => part ?? null)))
      .digest()

  return {
    issue(page, binding) {
      const payload = Buffer.alloc(payloadBytes)
      payload.writeUInt32BE(page, 0)
      payload.writeUInt32BE(Math.floor(now() / 1000) + lifetimeSeconds, 4)
      return Buffer.concat([sign(payload, binding), payload]).toString('base64url')
    },
    read(cursor, binding) {
      const bytes = Buffer.from(cursor, 'base64url')
      const payload = bytes.subarray(macBytes)
      // The decoder is lenient: one cursor must not have several spellings.
      const isWhole = bytes.length === macBytes + payloadBytes && bytes.toString('base64url') === cursor
      if (!isWhole || !timingSafeEqual(bytes.subarray(0, macBytes), sign(payload, binding)))
        throw new Problem('invalid-cursor')
      if (payload.readUInt32BE(4) * 1000 < now()) throw new Problem('invalid-cursor')
      return payload.readUInt32BE(0)
    },
  }
}
