import { describe, expect, it } from 'vitest'
import { guessEncoding } from '../../src/imports/encodings/guess-encoding.ts'
import { encodeExactly } from '../../src/imports/encodings/text-encoding.ts'
import { refusalOf } from './whole-file.ts'

/** Short lists of names and places, as they are in the files of small shops. */
const lists: readonly [encoding: string, names: string][] = [
  ['windows-1252', 'Zoé'],
  ['windows-1252', 'José García;Málaga'],
  ['windows-1252', 'François Lefèvre;Hélène Bérard'],
  ['windows-1252', 'Jürgen Weiß;Köln;Günther Größ'],
  ['windows-1252', 'Søren Ærø;Åse Ødegård'],
  ['windows-1252', 'João Conceição;Simões'],
  ['windows-1252', 'Guðrún Sigurðardóttir;Þórður'],
  ['windows-1252', 'Smith’s – “quoted” €5'],
  ['iso-8859-15', 'prix 5 €;Zoé'],
  ['macintosh', 'Zoé,André,Müller,Peña'],
  ['macintosh', 'José García'],
  ['macintosh', 'Jürgen Weiß;Köln'],
  ['windows-1250', 'Łukasz Wójcik;Małgorzata Dąbrowska'],
  ['windows-1250', 'Jiří Dvořák;Šárka Nováková;Plzeň'],
  ['windows-1250', 'Gábor Kovács;László Tőkés;Győr'],
  ['windows-1250', 'Željko Šimić;Đorđe'],
  ['iso-8859-2', 'Łukasz Wójcik;Małgorzata Dąbrowska'],
  ['iso-8859-2', 'Jiří Dvořák;Šárka Nováková'],
  ['windows-1251', 'Иван Петров;Москва'],
  ['windows-1251', 'Олена Коваль;Київ'],
  ['windows-1251', 'Анна'],
  ['koi8-r', 'Иван Петров;Москва'],
  ['windows-1253', 'Γιώργος Παπαδόπουλος;Αθήνα'],
  ['windows-1254', 'Ayşe Yılmaz;Gökhan Öztürk;İstanbul'],
  ['windows-1254', 'Şükrü Çağlar;Iğdır'],
  ['shift_jis', '山田太郎;東京都'],
  ['shift_jis', 'ヤマダ タロウ'],
  ['shift_jis', 'ﾔﾏﾀﾞ ﾀﾛｳ'],
  ['gb18030', '王伟;北京市'],
  ['gb18030', '李娜;上海'],
  ['big5', '王大明;台北市'],
  ['big5', '林志明;高雄市三民區'],
  ['euc-kr', '김민수;서울특별시'],
  ['euc-kr', '이영희'],
]

const fileOf = (names: string, encoding: string) =>
  encodeExactly(`email\tname\na@example.com\tJane\nb@example.com\t${names}\n`, encoding) as Uint8Array

describe('bytes that are not UTF-8 are refused with the encoding that they seem to be in', () => {
  it.each(lists)('%s: %s', async (encoding, names) => {
    const detail = expect.stringContaining(`encoding: "${encoding}"`)
    expect(await refusalOf([fileOf(names, encoding)])).toEqual({
      code: 'file-unreadable',
      line: 3,
      detail,
      suggests: { encoding },
    })
  })

  it('also where the first of them comes far behind the start', async () => {
    const start = Buffer.from(`email\tname\n${'a@example.com\tJane\n'.repeat(20_000)}`)
    const end = encodeExactly('b@example.com\tDvořák;Šárka\n', 'windows-1250') as Uint8Array
    const detail = expect.stringContaining('encoding: "windows-1250"')
    expect(await refusalOf([start, end])).toMatchObject({ line: 20_002, detail })
  })

  it('and without it where that cannot be told, with an example', async () => {
    const noise = Buffer.from('email\tname\nb@example.com\t\x81\x9d \xff\xa4 \x8f\xf7\xd7 x\xa6y\n', 'latin1')
    expect(guessEncoding(noise)).toBeUndefined()
    const detail = expect.stringMatching(/not UTF-8\. Name its encoding.*for example/)
    expect(await refusalOf([noise])).toMatchObject({ line: 2, detail })
  })

  it('none for ASCII', () => {
    expect(guessEncoding(Buffer.from('email\nj@example.com\n'))).toBeUndefined()
  })
})

describe('UTF-16 without its mark is refused with its name, in every script', () => {
  const file = (names: string) => Buffer.from(`電話;email\r\n${names};j@example.com\r\n`, 'utf16le')
  it.each([
    ['utf-16le', (names: string) => file(names)],
    ['utf-16be', (names: string) => file(names).swap16()],
  ])('%s', async (encoding, bytes) => {
    for (const names of ['Jane', '山田一一一', 'Иван', 'x'.repeat(40_000)]) {
      const detail = expect.stringContaining(`encoding: "${encoding}"`)
      expect(await refusalOf([bytes(names)])).toEqual({ code: 'file-unreadable', detail, suggests: { encoding } })
    }
  })
})

describe('an encoding that cannot be right is refused', () => {
  const long = 'Zoé García Müller Peña François Jürgen Weiß Søren Åse João Łukasz'
  const utf16 = Buffer.from('email;name\nj@example.com;Zoé\n', 'utf16le')
  const marked = (text: string) => Buffer.from(`\ufeff${text}`)
  it.each<[what: string, Uint8Array, encoding: string, code: string, detail: RegExp]>([
    [
      'that nobody knows',
      Buffer.from('email\n'),
      'cp-1252x',
      'unknown_encoding',
      /no encoding “cp-1252x”.*windows-1252/,
    ],
    ['of a file with the mark of UTF-8', marked('email\n'), 'latin1', 'wrong_encoding', /it is in utf-8. Leave/],
    ['of a file in UTF-16', utf16, 'latin1', 'wrong_encoding', /Send `encoding: "utf-16le"`/],
    ['UTF-16 of another order', utf16, 'utf-16be', 'wrong_encoding', /Send `encoding: "utf-16le"`/],
    ['UTF-16 of a file that is none', Buffer.from('email\nj@x.example\n'), 'utf-16', 'wrong_encoding', /no line of it/],
    [
      'of a file that is UTF-8',
      Buffer.from(`email;name\nj@x.example;${long}\n`),
      'windows-1252',
      'wrong_encoding',
      /is UTF-8 from/,
    ],
    [
      'the same for Chinese',
      Buffer.from('email;name\nj@x.example;éééééééééééé\n'),
      'gb18030',
      'wrong_encoding',
      /is UTF-8 from/,
    ],
  ])('%s', async (_, bytes, encoding, code, detail) => {
    expect(await refusalOf([bytes], { encoding })).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '#/encoding', code, detail: expect.stringMatching(detail) }],
    })
  })

  it('by its line, where it holds bytes that are no text in it, and the right one is named', async () => {
    const utf8 = Buffer.from('email;name\nj@example.com;Jane\nk@example.com;5 €\n')
    expect(await refusalOf([utf8], { encoding: 'euc-kr' })).toMatchObject({
      code: 'file-unreadable',
      line: 3,
      detail: expect.stringContaining('no text in euc-kr. The file seems to be in UTF-8: leave encoding out'),
      suggests: { encoding: null },
    })
    const czech = fileOf('Dvořák;Šárka', 'windows-1250')
    for (const encoding of ['euc-jp', 'utf-8'])
      expect(await refusalOf([czech], { encoding })).toMatchObject({
        line: 3,
        detail: expect.stringContaining('encoding: "windows-1250"'),
      })
  })

  it('a mark of UTF-16 counts more than the order of bytes that a label means', async () => {
    const file = marked('email;name\nj@example.com;Zoé\n').toString()
    expect(await refusalOf([Buffer.from(file, 'utf16le').swap16()], { encoding: 'utf-16' })).toBeUndefined()
  })
})
