import { describe, expect, test } from 'vitest'
import { xaesGcm } from '../../../src/store/sealing/xaes-gcm.ts'

const nonce = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWX')
const text = Buffer.from('XAES-256-GCM')

/** The vectors of https://c2sp.org/XAES-256-GCM: the first key's CMAC subkey has its highest bit clear, the second's has it set. */
const vectors: [keyByte: number, about: string, ciphertext: string, tag: string][] = [
  [1, '', 'ce546ef63c9cc60765923609', 'b33a9a1974e96e52daf2fcf7075e2271'],
  [3, 'c2sp.org/XAES-256-GCM', '986ec1832593df5443a17943', '7fd083bf3fdb41abd740a21f71eb769d'],
]

describe.each(vectors)('XAES-256-GCM with the key of bytes %i', (keyByte, about, ciphertext, tag) => {
  const cipher = xaesGcm(Buffer.alloc(32, keyByte))

  test('encrypts as its specification says', () => {
    expect(cipher.encrypt(nonce, text, Buffer.from(about)).map((part) => part.toString('hex'))).toEqual([
      tag,
      ciphertext,
    ])
  })

  test('decrypts what it encrypted, and nothing that was changed in any part', () => {
    const parts = [nonce, Buffer.from(tag, 'hex'), Buffer.from(ciphertext, 'hex'), Buffer.from(about)] as const
    expect(cipher.decrypt(...parts)).toEqual(text)
    for (const [index, part] of parts.entries())
      for (let at = 0; at < part.length; at++) {
        const changed = Buffer.from(part)
        changed[at] = (changed[at] as number) ^ 1
        const given = parts.with(index, changed) as unknown as typeof parts
        expect(() => cipher.decrypt(...given)).toThrow()
      }
  })
})
