import { createHmac, timingSafeEqual } from 'node:crypto'
import { Problem } from '../problems/problems.ts'

/** What a cursor is bound to: the client, the operation, the account and every parameter of the query. */
export type CursorBinding = readonly (string | number | undefined)[]

/** Where a page begins at the provider: its number, 1 to 2³² - 1, or the provider's own cursor. */
export type PageStart = number | string

/** Makes and reads the opaque, signed cursors that stand for where a page begins. */
export type Cursors = {
  issue(from: PageStart, binding: CursorBinding): Promise<string>
  /** Where the page begins. @throws Problem `invalid-cursor` when it was changed, is too old, or was issued for something else */
  read(cursor: string, binding: CursorBinding): Promise<PageStart>
}

const macBytes = 32
/** The number of the page, or 0 before a cursor of the provider's, and when it ends. */
const fixedBytes = 8
/** After a day the pages have moved on. */
const lifetimeSeconds = 86_400

/** `keyOf`: the key that signs, 32 bytes, the same in all processes. `now`: milliseconds since 1970. */
export function createCursors(keyOf: () => Promise<Buffer>, now: () => number = Date.now): Cursors {
  const sign = async (payload: Buffer, binding: CursorBinding): Promise<Buffer> =>
    createHmac('sha256', await keyOf())
      .update(payload)
      .update(JSON.stringify(binding.map((part) => part ?? null)))
      .digest()

  return {
    async issue(from, binding) {
      const [page, text] = typeof from === 'number' ? [from, ''] : [0, from]
      const payload = Buffer.concat([Buffer.alloc(fixedBytes), Buffer.from(text)])
      payload.writeUInt32BE(page, 0)
      payload.writeUInt32BE(Math.floor(now() / 1000) + lifetimeSeconds, 4)
      return Buffer.concat([await sign(payload, binding), payload]).toString('base64url')
    },
    async read(cursor, binding) {
      const bytes = Buffer.from(cursor, 'base64url')
      const payload = bytes.subarray(macBytes)
      // The decoder is lenient: one cursor must not have several spellings.
      const isWhole = payload.length >= fixedBytes && bytes.toString('base64url') === cursor
      if (!isWhole || !timingSafeEqual(bytes.subarray(0, macBytes), await sign(payload, binding)))
        throw new Problem('invalid-cursor')
      if (payload.readUInt32BE(4) * 1000 < now()) throw new Problem('invalid-cursor')
      return payload.readUInt32BE(0) || payload.toString('utf8', fixedBytes)
    },
  }
}
