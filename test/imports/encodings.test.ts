import { TextDecoder as StandardDecoder } from '@exodus/bytes/encoding.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeExactly, encodeText, encodingOf } from '../../src/imports/encodings/text-encoding.ts'
import { everyEncoding, multiByteEncodings, namesIn, singleByteEncodings } from './every-encoding.ts'
import { chunksOf, readWhole, refusalOf } from './whole-file.ts'

const decode = (bytes: Uint8Array, encoding: string) => new StandardDecoder(encoding, { ignoreBOM: true }).decode(bytes)

const isKnownToNode = (encoding: string) => {
  try {
    return new TextDecoder(encoding).encoding === encoding
  } catch {
    return false
  }
}

it('every encoding that TextDecoder knows by name is known, in any case, and no other', () => {
  for (const encoding of everyEncoding) expect(encodingOf(encoding.toUpperCase())).toBe(encoding)
  const unknownToNode = everyEncoding.filter((encoding) => !isKnownToNode(encoding))
  // Nodes before 26 lack these two.
  expect(unknownToNode.filter((encoding) => !['iso-8859-16', 'x-user-defined'].includes(encoding))).toEqual([])
  expect(['Latin1', 'l2', 'sjis', 'cp1251', 'utf-16', 'mac'].map(encodingOf)).toEqual([
    'windows-1252',
    'iso-8859-2',
    'shift_jis',
    'windows-1251',
    'utf-16le',
    'macintosh',
  ])
  for (const label of ['', 'utf-7', 'cp437', 'hz-gb-2312', 'replacement', 'nonsense'])
    expect(encodingOf(label)).toBeUndefined()
})

describe('what a file holds is written back as bytes that are read as the same text', () => {
  it.each(singleByteEncodings)('each byte of %s', (encoding) => {
    for (let byte = 0; byte <= 0xff; byte++) {
      const text = decode(Uint8Array.of(byte), encoding)
      if (!text.includes('\ufffd')) expect([...encodeText(text, encoding)]).toEqual([byte])
    }
  })

  it.each(['gbk', 'gb18030', 'big5', 'euc-jp', 'shift_jis', 'euc-kr'])('each pair of bytes of %s', (encoding) => {
    for (let lead = 0x81; lead <= 0xfe; lead++) {
      for (let trail = 0x40; trail <= 0xfe; trail++) {
        const text = decode(Uint8Array.of(lead, trail), encoding)
        if (text.includes('\ufffd')) continue
        if (decode(encodeText(text, encoding), encoding) !== text) expect.fail(`${encoding}: ${lead} ${trail} ${text}`)
      }
    }
  })

  it('each rare sign of euc-jp, which has three bytes', () => {
    let signs = 0
    for (let lead = 0xa1; lead <= 0xfe; lead++) {
      for (let trail = 0xa1; trail <= 0xfe; trail++) {
        const text = decode(Uint8Array.of(0x8f, lead, trail), 'euc-jp')
        if (text.includes('\ufffd')) continue
        signs++
        if (decode(encodeText(text, 'euc-jp'), 'euc-jp') !== text) expect.fail(text)
      }
    }
    expect(signs).toBeGreaterThan(6_000)
  })

  it.each([
    ['iso-2022-jp', 'ﾔﾏ太郎aさ\n¥‾,"'],
    ['gbk', '𠮷野Zoë€,"王'],
    ['big5', 'Ê̄Êê̌王\u9fa6美,"'],
    ['shift_jis', '\ue000髙ﾔ太,"①'],
    ['euc-jp', '丂ﾔ太,"á'],
  ])('what %s reads and its encoder does not write, between other signs', (encoding, signs) => {
    const unit = fc.constantFrom(...(signs.match(/.\p{M}?/gsu) ?? []))
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (text) => {
        expect(decode(encodeText(text, encoding), encoding)).toBe(text)
      }),
    )
  })

  it.each(everyEncoding)('any text that was read in %s', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = decode(bytes, encoding).replaceAll('\ufffd', '')
        expect(decode(encodeText(text, encoding), encoding)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  it('what an encoding lacks is written in ASCII, and nothing is said to be exact that is not', () => {
    expect(Buffer.from(encodeText('“Łódź” – 太…', 'iso-8859-5')).toString('latin1')).toBe('"??d?" - ?...')
    expect(encodeExactly('Łódź', 'windows-1252')).toBeUndefined()
  })
})

/** Of every encoding a file, with its mark where it needs one. */
function fileIn(encoding: string): Uint8Array {
  const [one, two] = namesIn(encoding)
  const mark = encoding.startsWith('utf-16') ? '\ufeff' : ''
  return encodeText(`${mark}email;name\r\na@example.com;"${one}\r\n${two}"\r\nb@example.com;${two}\r\n`, encoding)
}

describe('a file', () => {
  it.each(everyEncoding)('in %s is the same wherever its chunks are cut, with its lines', async (encoding) => {
    const bytes = fileIn(encoding)
    const [one, two] = namesIn(encoding)
    const expected = {
      header: ['email', 'name'],
      rows: [
        { row: 1, line: 2, cells: ['a@example.com', `${one}\r\n${two}`] },
        { row: 2, line: 4, cells: ['b@example.com', two] },
      ],
    }
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await readWhole([bytes.subarray(0, cut), bytes.subarray(cut)], { encoding })).toMatchObject(expected)
    const each = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
    expect(await readWhole(each, { encoding })).toMatchObject(expected)
  })

  it.each(multiByteEncodings)('in %s that ends inside a character is refused with its line', async (encoding) => {
    const bytes = Buffer.concat([fileIn(encoding), encodeText(`c@example.com;${namesIn(encoding)[0]}`, encoding)])
    // iso-2022-jp goes back to ASCII with three bytes.
    const cut = bytes.subarray(0, encoding === 'iso-2022-jp' ? -4 : -1)
    expect(await refusalOf([cut], { encoding })).toMatchObject({ code: 'file-unreadable', line: 5 })
  })

  it('in UTF-16 may hold U+FFFD, since it can write it, and no half of a character', async () => {
    const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
    const { rows } = await readWhole([utf16('email;name\nj@example.com;\ufffd\n')])
    expect(rows[0]?.cells).toEqual(['j@example.com', '\ufffd'])
    const half = utf16('email;name\nj@example.com;x\nk@example.com;\ud800x\n')
    for (const cut of [0, 0.3, 0.9])
      expect(await refusalOf(chunksOf(half, [cut]))).toMatchObject({ code: 'file-unreadable', line: 3 })
  })

  it('of 10 MB in UTF-16 ends with a Ctrl-Z, and its limit is that of the bytes that came', async () => {
    const rows = 200_000
    const file = Buffer.from(`\ufeffemail;name\r\n${'a@example.com;Zoé 太\r\n'.repeat(rows)}\x1a`, 'utf16le')
    const chunks = Array.from({ length: Math.ceil(file.length / 65_521) }, (_, n) =>
      file.subarray(n * 65_521, (n + 1) * 65_521),
    )
    const read = await readWhole(chunks, { limits: { maxBytes: file.length } })
    expect(read.rows).toHaveLength(rows)
    expect(read.rows.at(-1)).toEqual({ row: rows, line: rows + 1, cells: ['a@example.com', 'Zoé 太'] })
    expect(await refusalOf(chunks, { limits: { maxBytes: file.length - 1 } })).toMatchObject({
      code: 'payload-too-large',
    })
  })
})
