import { crc32, deflateRawSync } from 'node:zlib'

/** A file of an archive. What is given besides its content stands in the archive instead of the truth. */
export type ZipEntry = {
  readonly name: string
  readonly content: string | Uint8Array
  readonly isStored?: boolean
  readonly size?: number
  readonly checksum?: number
  /** Bit 0: encrypted. */
  readonly flags?: number
}

const localHead = 'PK\x03\x04'
const centralHead = 'PK\x01\x02'
const endHead = 'PK\x05\x06'
const zip64EndHead = 'PK\x06\x06'
const zip64LocatorHead = 'PK\x06\x07'
const names = 0x800

/** A zip archive; with `isZip64` its end is written as for archives of more than 4 GB. */
export function zip(entries: readonly ZipEntry[], isZip64 = false): Buffer<ArrayBuffer> {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { name, fields, packed } = packedEntry(entry)
    const file = Buffer.concat([latin1(localHead), fields, name, packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([latin1(centralHead), fields.subarray(0, 2), fields, place, name]))
    files.push(file)
    offset += file.length
  }
  const central = Buffer.concat(directory)
  return Buffer.concat([...files, central, endOf(entries.length, central.length, offset, isZip64)])
}

function packedEntry({ name, content, isStored = false, size, checksum, flags = 0 }: ZipEntry) {
  const bytes = Buffer.from(content as string)
  const packed = isStored ? bytes : deflateRawSync(bytes)
  const nameBytes = Buffer.from(name)
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(names | flags, 2)
  fields.writeUInt16LE(isStored ? 0 : 8, 4)
  fields.writeUInt16LE(0x21, 8)
  fields.writeUInt32LE(checksum ?? crc32(bytes), 10)
  fields.writeUInt32LE(packed.length, 14)
  fields.writeUInt32LE(size ?? bytes.length, 18)
  fields.writeUInt16LE(nameBytes.length, 22)
  return { name: nameBytes, fields, packed }
}

function endOf(count: number, bytes: number, offset: number, isZip64: boolean): Buffer {
  const end = Buffer.alloc(22)
  end.write(endHead, 'latin1')
  if (!isZip64) {
    end.writeUInt16LE(count, 8)
    end.writeUInt16LE(count, 10)
    end.writeUInt32LE(bytes, 12)
    end.writeUInt32LE(offset, 16)
    return end
  }
  end.fill(0xff, 8, 20)
  const wide = Buffer.alloc(56)
  wide.write(zip64EndHead, 'latin1')
  wide.writeBigUInt64LE(44n, 4)
  wide.writeBigUInt64LE(BigInt(count), 24)
  wide.writeBigUInt64LE(BigInt(count), 32)
  wide.writeBigUInt64LE(BigInt(bytes), 40)
  wide.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.write(zip64LocatorHead, 'latin1')
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([wide, locator, end])
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
