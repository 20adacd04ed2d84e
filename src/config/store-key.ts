import { randomBytes } from 'node:crypto'
import { isMadeUp, parseRandomKey } from './random-key.ts'
import type { Secret } from './secret.ts'

const keyBytes = 32

/** A new key as it stands in `STORE_KEY`. */
export function createStoreKey(): string {
  return randomBytes(keyBytes).toString('base64url')
}

/** The keys of a `STORE_KEY`, or what is wrong with it; no word of either is a value. */
export function parseStoreKeys(text: string): { readonly keys: readonly Buffer[] } | { readonly mistake: string } {
  const parts = text.split(',').map((part) => part.trim())
  const keys = parts.map(parseRandomKey)
  const at = keys.indexOf(undefined)
  const which = parts.length === 1 ? '' : ` (key ${at + 1} of ${parts.length})`
  if (at !== -1) return { mistake: `must be 32 random bytes in base64url or hexadecimal${which}: ${makeOne}` }
  const found = keys as readonly Buffer[]
  if (found.some(isMadeUp)) return { mistake: `must be 32 random bytes, not ones that somebody made up: ${makeOne}` }
  const isTwice = found.some((key, index) => found.findIndex((other) => other.equals(key)) !== index)
  return isTwice ? { mistake: 'has the same key twice' } : { keys: found }
}

/** The keys of a configuration that was checked; none where it has none. */
export function storeKeys(text: Secret | undefined): readonly Buffer[] {
  const read = text && parseStoreKeys(text.reveal())
  return read !== undefined && 'keys' in read ? read.keys : []
}

const makeOne = '`contact-gateway keys create-store-key` or `openssl rand -hex 32` makes one'
