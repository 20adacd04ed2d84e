import { type Suppression, suppressionKinds, suppressionReasons } from '../domain/suppression.ts'
import type { StoredSuppression } from '../services/suppression-store-port.ts'

/**
 * An entry of the suppression list as both stores keep it, in about 50 bytes:
 *
 *     0       channels, as bits
 *     1       reason (its place from the weakest, × 2) + kind (0 phone, 1 e-mail)
 *     2 – 8   number in the order of creation: microseconds since 1970, unique in its part of the list
 *     9 – 14  updated, ms since 1970
 *     15 – 20 said, ms since 1970
 *     21 –    client, hint, source and note, in UTF-8 with a zero byte between them; what is empty at the end is left out
 *
 * The stores write the bytes 2 to 14 themselves, by their clock.
 */
export const entryLayout = { number: 2, numberBytes: 7, updated: 9, timeBytes: 6, said: 15, texts: 21 } as const

/** The dots of a hint, as one byte. */
const hidden = '••••'
const hiddenByte = '\u0001'
const between = '\0'

/** With zeros where the store writes. */
export function encodeSuppression(entry: Suppression): Buffer {
  const { kind, hint, channels, reason, source, note, saidAt, createdBy } = entry
  const texts = [createdBy, hint.replaceAll(hidden, hiddenByte), source, note ?? '']
  while (texts.at(-1) === '') texts.pop()
  const text = texts.join(between)
  const bytes = Buffer.alloc(entryLayout.texts + Buffer.byteLength(text))
  bytes[0] = channels
  bytes[1] = reasonByte(reason) + suppressionKinds.indexOf(kind)
  bytes.writeUIntBE(saidAt, entryLayout.said, entryLayout.timeBytes)
  bytes.write(text, entryLayout.texts)
  return bytes
}

export function decodeSuppression(id: string, bytes: Buffer): StoredSuppression {
  const [createdBy = '', hint = '', source = '', note] = bytes.toString('utf8', entryLayout.texts).split(between)
  const second = bytes[1] as number
  return {
    id,
    kind: suppressionKinds[second % 2] ?? 'phone',
    hint: hint.replaceAll(hiddenByte, hidden),
    channels: bytes[0] as number,
    reason: suppressionReasons[second >> 1] ?? 'manual',
    source,
    note,
    saidAt: bytes.readUIntBE(entryLayout.said, entryLayout.timeBytes),
    createdBy,
    createdAt: Math.floor(numberIn(bytes) / 1000),
    updatedAt: bytes.readUIntBE(entryLayout.updated, entryLayout.timeBytes),
    version: bytes,
  }
}

/** The second byte of entries of a reason, without their kind. */
export function reasonByte(reason: Suppression['reason']): number {
  return suppressionReasons.indexOf(reason) * 2
}

const highBytes = 3
const lowBits = 2 ** 32

/** The number in the order of creation; a double holds it until the year 2255. */
export function numberIn(bytes: Buffer, at: number = entryLayout.number): number {
  return bytes.readUIntBE(at, highBytes) * lowBits + bytes.readUInt32BE(at + highBytes)
}

export function writeNumber(bytes: Buffer, number: number, at: number = entryLayout.number): void {
  bytes.writeUIntBE(Math.floor(number / lowBits), at, highBytes)
  bytes.writeUInt32BE(number % lowBits, at + highBytes)
}
