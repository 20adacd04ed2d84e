import { createCipheriv, createDecipheriv } from 'node:crypto'

export const keyBytes = 32
export const nonceBytes = 24
export const tagBytes = 16

const blockBytes = 16
/** The nonce's first half makes a key of its own for the message, the second is the nonce of AES-GCM. */
const halfNonce = 12

export type XaesGcm = {
  /** Tag, then ciphertext. A nonce is never given twice: 24 random bytes are safe for 2^80 messages of a key. */
  encrypt(nonce: Buffer, plaintext: Uint8Array, about: Uint8Array): readonly [tag: Buffer, ciphertext: Buffer]
  /** @throws when any of it is not as it was encrypted */
  decrypt(nonce: Buffer, tag: Buffer, ciphertext: Uint8Array, about: Uint8Array): Buffer
}

/**
 * XAES-256-GCM (https://c2sp.org/XAES-256-GCM): AES-256-GCM under a key that is derived for each message by a CMAC (NIST SP
 * 800-108). `about` is authenticated and not encrypted.
 */
export function xaesGcm(key: Buffer): XaesGcm {
  const subkey = cmacSubkey(key)
  const messageKey = (nonce: Buffer): Buffer => {
    const blocks = Buffer.alloc(2 * blockBytes)
    for (const counter of [1, 2]) {
      const at = (counter - 1) * blockBytes
      blocks[at + 1] = counter
      blocks[at + 2] = 0x58
      blocks.set(nonce.subarray(0, halfNonce), at + 4)
      for (let index = 0; index < blockBytes; index++)
        blocks[at + index] = (blocks[at + index] as number) ^ (subkey[index] as number)
    }
    return encryptBlocks(key, blocks)
  }
  return {
    encrypt(nonce, plaintext, about) {
      const cipher = createCipheriv('aes-256-gcm', messageKey(nonce), nonce.subarray(halfNonce))
      const ciphertext = cipher.setAAD(about).update(plaintext)
      cipher.final()
      return [cipher.getAuthTag(), ciphertext]
    },
    decrypt(nonce, tag, ciphertext, about) {
      const options = { authTagLength: tagBytes }
      const cipher = createDecipheriv('aes-256-gcm', messageKey(nonce), nonce.subarray(halfNonce), options)
      const plaintext = cipher.setAAD(about).setAuthTag(tag).update(ciphertext)
      cipher.final()
      return plaintext
    },
  }
}

/** Each block of 16 bytes by itself: a permutation that only who has the key can compute. */
export function encryptBlocks(key: Buffer, blocks: Buffer): Buffer {
  return createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(blocks)
}

/** K1 of CMAC (NIST SP 800-38B): the encrypted zero block, doubled in GF(2^128). */
function cmacSubkey(key: Buffer): Buffer {
  const zero = encryptBlocks(key, Buffer.alloc(blockBytes))
  const doubled = Buffer.alloc(blockBytes)
  for (let index = 0; index < blockBytes; index++)
    doubled[index] = ((zero[index] as number) << 1) | ((zero[index + 1] ?? 0) >>> 7)
  if ((zero[0] as number) >>> 7 === 1) doubled[blockBytes - 1] = (doubled[blockBytes - 1] as number) ^ 0x87
  return doubled
}
