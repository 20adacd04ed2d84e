import { hash } from 'node:crypto'

/**
 * What stands for a key in a store: its SHA-256, 32 bytes. So neither its length nor what it holds (`*`, `{}`, line
 * breaks) matters, and no caller's text is kept.
 */
export function recordDigest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

/** The same as 43 characters (base64url). */
export function recordName(text: string): string {
  return hash('sha256', text, 'base64url')
}
