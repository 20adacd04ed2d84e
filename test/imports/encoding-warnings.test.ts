import { describe, expect, it } from 'vitest'
import { encodeExactly } from '../../src/imports/encodings/text-encoding.ts'
import { warnOfEncoding } from '../../src/imports/encodings/warn-of-encoding.ts'
import { readCsv } from '../../src/imports/file/read-csv.ts'
import { everyEncoding, namesIn } from './every-encoding.ts'
import { streamOf } from './whole-file.ts'

async function warningsOf(bytes: Uint8Array, encoding?: string) {
  return warnOfEncoding(
    await readCsv(streamOf([bytes]), { delimiter: ';', ...(encoding !== undefined && { encoding }) }),
  )
}

const csv = (...names: string[]) => `email;name\n${names.map((name, n) => `p${n}@example.com;${name}\n`).join('')}`
const encoded = (text: string, encoding: string) => encodeExactly(text, encoding) as Uint8Array
/** As somebody who read it in a wrong encoding, and saved it in UTF-8. */
const misread = (text: string, writtenIn: string, readIn: string) =>
  Buffer.from(new TextDecoder(readIn).decode(encoded(text, writtenIn)))

describe('texts that were damaged before they came here are told, with column and example', () => {
  it.each([
    ['UTF-8 read as Western', 'utf-8', 'windows-1252', ['Jane', 'José'], 'JosÃ©'],
    ['a quotation mark read so', 'utf-8', 'windows-1252', ['O’Brien'], 'Oâ€™Brien'],
    ['UTF-8 read as Central European', 'utf-8', 'windows-1250', ['Jane', 'Zoé'], 'ZoĂ©'],
    ['UTF-8 read as Cyrillic', 'utf-8', 'windows-1251', ['Анна'], 'РђРЅРЅР°'],
    ['UTF-8 read on a Macintosh', 'utf-8', 'macintosh', ['Jos\u00e9'], 'Jos√©'],
    ['Cyrillic read as Western', 'windows-1251', 'windows-1252', ['Иван Петров', 'Москва'], 'Èâàí Ïåòðîâ'],
    ['Greek read as Western', 'windows-1253', 'windows-1252', ['Γιώργος', 'Παπαδόπουλος'], 'Ãéþñãïò'],
  ])('%s', async (_, writtenIn, readIn, names, example) => {
    expect(await warningsOf(misread(csv(...names), writtenIn, readIn))).toEqual([
      {
        code: 'encoding_doubtful',
        column: 'name',
        detail: expect.stringMatching(`Column 2 .*${example}.*damaged before the file was made`),
      },
    ])
  })

  it('by replacement characters and by control characters, which are shown', async () => {
    expect(await warningsOf(Buffer.from(csv('Jos\ufffd')))).toMatchObject([{ code: 'encoding_doubtful' }])
    expect(await warningsOf(Buffer.from(csv('O\u0092Brien')))).toMatchObject([
      { detail: expect.stringContaining('“O\\u0092Brien”') },
    ])
  })

  it('in a header too, and with at most 200 characters of a cell', async () => {
    expect(await warningsOf(misread('email;prénom\nj@example.com;Jane\n', 'utf-8', 'windows-1252'))).toMatchObject([
      { column: 'prÃ©nom', detail: expect.stringContaining('“prÃ©nom”') },
    ])
    const [warning] = await warningsOf(misread(csv(`José ${'x'.repeat(1_000)}`), 'utf-8', 'windows-1252'))
    expect(warning?.detail).toContain(`“JosÃ© ${'x'.repeat(194)}”`)
  })
})

describe('an encoding that was declared and is wrong is told, with the one that the file seems to be in', () => {
  it.each([
    ['windows-1251', 'windows-1252', ['Иван Петров', 'Москва'], /Èâàí Ïåòðîâ.*encoding: "windows-1251"/],
    ['macintosh', 'windows-1252', ['José García', 'Müller'], /encoding: "macintosh"/],
    ['windows-1252', 'macintosh', ['José García', 'Müller'], /encoding: "windows-1252"/],
    ['utf-8', 'windows-1252', ['José'], /JosÃ©.*leave encoding out/],
    ['windows-1252', 'iso-8859-2', ['O’Brien'], /O\\u0092Brien.*not in iso-8859-2/],
    ['windows-1252', 'x-user-defined', ['José García', 'Müller'], /Jos\\uf7e9.*encoding: "windows-1252"/],
  ])('%s as %s', async (writtenIn, declared, names, detail) => {
    expect(await warningsOf(encoded(csv(...names), writtenIn), declared)).toMatchObject([
      { code: 'encoding_doubtful', column: 'name', detail: expect.stringMatching(detail) },
    ])
  })
})

describe('texts as they should be are no reason for a warning', () => {
  it.each(everyEncoding.filter((encoding) => encoding !== 'x-user-defined'))('in %s', async (encoding) => {
    const mark = encoding.startsWith('utf-16') ? '\ufeff' : ''
    expect(await warningsOf(encoded(mark + csv(...namesIn(encoding)), encoding), encoding)).toEqual([])
  })

  it.each([
    ['RŮŽENA RŮŽIČKOVÁ', 'Žižka'],
    ['«СССР»', 'Щукин'],
    ['„SPASS“', '“quoted”', 'CAFÉ »', 'déjà\u00a0»'],
    ['Nguyễn Thị Hồng', 'Đức'],
    ['مُحَمَّد بن عبد الله', 'שָׁלוֹם', 'สมชาย', 'राम'],
    ['𠮷野家', '茅台', '山田太郎', '김민수', '👩‍👩‍👧 Zoë 🇮🇳'],
    ['Ġorġ', 'Ŵyn', 'Ħal', 'Ñandú', 'Þórður', 'Ægir', 'ÅSE', 'ÄÖÜ'],
    ['MÜLLER & SÖHNE', '5 € ½ ©', 'Ãlvaro'],
  ])('%s, %s', async (...names) => {
    expect(await warningsOf(Buffer.from(csv(...names.filter((name) => name !== undefined))))).toEqual([])
  })

  it('ASCII', async () => {
    expect(await warningsOf(Buffer.from(csv('Jane')))).toEqual([])
  })
})

it('500 columns of damaged texts are looked at within a moment', async () => {
  const row = Array.from({ length: 500 }, (_, n) => `Èâàí Ïåòðîâ Ã©${n}`.repeat(2)).join(';')
  const file = Buffer.from(`${row}\n${`${row}\n`.repeat(50)}`)
  const read = await readCsv(streamOf([file]), { delimiter: ';' })
  await warnOfEncoding(read)
  // Of this thread: the machine may have other work.
  const start = process.threadCpuUsage()
  expect((await warnOfEncoding(read)).length).toBeGreaterThan(0)
  expect(process.threadCpuUsage(start).user).toBeLessThan(2_000_000)
})
