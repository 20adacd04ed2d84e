import { hkdfSync, randomBytes } from 'node:crypto'
import { parseRandomKey } from './random-key.ts'
import type { GatewayConfig } from './schema.ts'

const keyBytes = 32

/**
 * The key of the hashes by which audit events name contacts: made of `CURSOR_KEY`, or without one of the accounts'
 * credentials, which all replicas have and no client knows. HKDF is one-way; the key tells nothing of them.
 */
export function auditKey({ cursorKey, accounts }: Pick<GatewayConfig, 'accounts' | 'cursorKey'>): Buffer {
  const own = cursorKey && parseRandomKey(cursorKey.reveal())
  const secrets = [...accounts].flatMap(([id, { credentials }]) =>
    Object.entries(credentials).map(([name, secret]) => JSON.stringify([id, name, secret.reveal()])),
  )
  // Without an account there is no contact.
  if (own === undefined && secrets.length === 0) return randomBytes(keyBytes)
  return Buffer.from(hkdfSync('sha256', own ?? secrets.sort().join('\n'), '', 'contact-gateway audit', keyBytes))
}
