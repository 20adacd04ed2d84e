import { hkdfSync, randomBytes } from 'node:crypto'
import type { GatewayConfig } from './schema.ts'

const keyBytes = 32

/**
 * The key that signs cursors, derived from the accounts' credentials: secrets that all replicas have and no client knows,
 * so that none of its own is to be configured (docs/adr/0007-cursors.md). HKDF is one-way; the key tells nothing of them.
 */
export function cursorKey(config: Pick<GatewayConfig, 'accounts'>): Buffer {
  return keyFor('contact-gateway cursors', config)
}

/** The key of the hashes by which audit events name contacts: another one, made of the same secrets. */
export function auditKey(config: Pick<GatewayConfig, 'accounts'>): Buffer {
  return keyFor('contact-gateway audit', config)
}

function keyFor(purpose: string, { accounts }: Pick<GatewayConfig, 'accounts'>): Buffer {
  const secrets = [...accounts].flatMap(([id, { credentials }]) =>
    Object.entries(credentials).map(([name, secret]) => JSON.stringify([id, name, secret.reveal()])),
  )
  // Without an account there is neither a page nor a contact.
  if (secrets.length === 0) return randomBytes(keyBytes)
  return Buffer.from(hkdfSync('sha256', secrets.sort().join('\n'), '', purpose, keyBytes))
}
