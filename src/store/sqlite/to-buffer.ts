import type { SQLOutputValue } from 'node:sqlite'

/** The bytes of a blob, which are not copied. */
export function toBuffer(value: SQLOutputValue | undefined): Buffer {
  const bytes = value as Uint8Array
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
