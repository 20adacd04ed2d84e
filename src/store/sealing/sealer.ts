import { hash, randomBytes } from 'node:crypto'
import { StoredDataUnreadable } from '../../services/store-port.ts'
import { keyBytes, nonceBytes, tagBytes, type XaesGcm, xaesGcm } from './xaes-gcm.ts'

/** The kinds of what is sealed. */
export type SealedKind =
  | 'answer'
  | 'import'
  | 'block'
  | 'report'
  | 'store'
  | 'suppression-key'
  | 'erasure'
  | 'event'
  | 'delivery'

/** What a sealed text is of, its kind first: it can be opened as that alone, and not in the place of another. */
export type SealedPlace = readonly [kind: SealedKind, ...of: (string | number)[]]

/** Why something cannot be opened: it was sealed with a key that is not given, or is not as it was sealed. */
export type Unreadable = {
  readonly kind: SealedKind
  readonly reason: 'unknown-key' | 'damaged'
  readonly keyId: string
}

/** No plain text that is stored begins with these: no JSON, no answer, no compressed data, no block of rows. The last is the version. */
const head = Buffer.from([0x43, 0x47, 0x53, 0xe1])
const keyIdBytes = 4
const nonceAt = head.length + keyIdBytes
const tagAt = nonceAt + nonceBytes
const textAt = tagAt + tagBytes

type Key = { readonly id: Buffer; readonly cipher: XaesGcm }

export type Sealer = {
  seal(place: SealedPlace, plain: Uint8Array): Buffer
  /**
   * What was sealed; bytes that are not sealed, as they were written before there was a key, come back as they are.
   * @throws StoredDataUnreadable
   */
  open(place: SealedPlace, bytes: Buffer): Buffer
  /** The same of what may be somebody else's: nobody is told that it cannot be opened. */
  tryOpen(place: SealedPlace, bytes: Buffer): Buffer | undefined
  /** Whether these bytes were sealed with the key that seals now. */
  isFresh(bytes: Buffer): boolean
}

/**
 * Seals what a store keeps: bytes that say they are sealed (4), id of the key (4), nonce (24), tag (16), ciphertext. Those
 * before the nonce, and the place, are authenticated too.
 *
 * @param keys 32 bytes each: the first seals, all open
 * @param onUnreadable told before `open` throws; there is nothing in it of what is stored
 */
export function createSealer(
  keys: readonly Buffer[],
  onUnreadable: (unreadable: Unreadable) => void = () => {},
): Sealer {
  const known = keys.map(toKey)
  const [first] = known
  if (first === undefined) throw new RangeError('Sealing takes a key.')
  const { id, cipher } = first
  const start = Buffer.concat([head, id])

  const openOr = (place: SealedPlace, bytes: Buffer): Buffer | Unreadable['reason'] => {
    const key = known.find((one) => bytes.compare(one.id, 0, keyIdBytes, head.length, nonceAt) === 0)
    if (key === undefined) return 'unknown-key'
    const nonce = bytes.subarray(nonceAt, tagAt)
    const prefix = bytes.subarray(0, nonceAt)
    try {
      return key.cipher.decrypt(nonce, bytes.subarray(tagAt, textAt), bytes.subarray(textAt), about(prefix, place))
    } catch {
      return 'damaged'
    }
  }

  return {
    seal(place, plain) {
      const nonce = randomBytes(nonceBytes)
      const [tag, ciphertext] = cipher.encrypt(nonce, plain, about(start, place))
      return Buffer.concat([start, nonce, tag, ciphertext], textAt + ciphertext.length)
    },
    open(place, bytes) {
      if (!isSealed(bytes)) return bytes
      const opened = openOr(place, bytes)
      if (typeof opened !== 'string') return opened
      const unreadable: Unreadable = {
        kind: place[0],
        reason: opened,
        keyId: bytes.toString('hex', head.length, nonceAt),
      }
      onUnreadable(unreadable)
      throw new StoredDataUnreadable(describe(unreadable))
    },
    tryOpen(place, bytes) {
      const opened = isSealed(bytes) ? openOr(place, bytes) : 'damaged'
      return typeof opened === 'string' ? undefined : opened
    },
    isFresh: (bytes) => isSealed(bytes) && id.equals(bytes.subarray(head.length, nonceAt)),
  }
}

export function isSealed(bytes: Uint8Array | string): bytes is Uint8Array {
  if (typeof bytes === 'string') return false
  return bytes.length >= textAt && head.every((byte, index) => bytes[index] === byte)
}

function describe({ kind, reason, keyId }: Unreadable): string {
  return `What is stored cannot be opened (${kind}): ${words[reason]} (key ${keyId}).`
}

const words = {
  'unknown-key': 'it was sealed with a key that is not in STORE_KEY',
  damaged: 'it is not as it was sealed, or stands in the place of something else',
}

function toKey(key: Buffer): Key {
  if (key.length !== keyBytes) throw new RangeError(`A key has ${keyBytes} bytes.`)
  return { id: Buffer.from(keyIdOf(key), 'hex'), cipher: xaesGcm(key) }
}

/** What a key is called where it must not be shown: the first 8 hexadecimal digits of a hash. */
export function keyIdOf(key: Buffer): string {
  return hash('sha256', Buffer.concat([Buffer.from('contact-gateway store key\0'), key])).slice(0, 2 * keyIdBytes)
}

function about(start: Uint8Array, place: SealedPlace): Buffer {
  return Buffer.concat([start, Buffer.from(JSON.stringify(place))])
}
