import { createHmac, hkdfSync } from 'node:crypto'
import { writerNameSize } from '../../services/store-port.ts'
import { encryptBlocks } from './xaes-gcm.ts'

export const digestKeyBytes = 32

/** What stands for people and requests in a store, so that nobody who reads it can try out which number it stands for. */
export type KeyedDigests = {
  /** In the place of the digest of a request. */
  fingerprint(plain: Buffer): Buffer
  /** In the place of the names of writers, one for each, in their order. */
  names(plain: Buffer): Buffer
}

const blockBytes = 16

/** @param key of the store, 32 bytes: all replicas have the same, whichever of their keys seals */
export function keyedDigests(key: Buffer): KeyedDigests {
  const subkey = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `contact-gateway ${use}`, digestKeyBytes))
  const [ofRequests, ofWriters] = [subkey('fingerprints'), subkey('writers')]
  return {
    fingerprint: (plain) => createHmac('sha256', ofRequests).update(plain).digest(),
    // A block of the cipher for each name, of which as much is kept as a name has: one call for however many.
    names(plain) {
      const count = plain.length / writerNameSize
      const blocks = Buffer.alloc(count * blockBytes)
      for (let index = 0; index < count; index++)
        plain.copy(blocks, index * blockBytes, index * writerNameSize, (index + 1) * writerNameSize)
      const encrypted = encryptBlocks(ofWriters, blocks)
      const names = Buffer.allocUnsafe(plain.length)
      for (let index = 0; index < count; index++)
        encrypted.copy(names, index * writerNameSize, index * blockBytes, index * blockBytes + writerNameSize)
      return names
    },
  }
}
