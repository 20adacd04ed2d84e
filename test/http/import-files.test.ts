import { expect, test } from 'vitest'
import { fixtures } from '../fixtures/make.ts'
import { importWhole, upload } from '../support/import-calls.ts'
import type { TestGateway } from '../support/start-gateway.ts'
import { withImportStores } from '../support/with-import-stores.ts'

/**
 * The files of "Real CSV files", through HTTP to what the providers hold; test/imports/real-csv-files.test.ts has what is
 * read of them. Vobiz alone takes every name and number as it is; `people` are its contacts.
 */
const refused: readonly [file: string, status: number, code: string, detail: RegExp][] = [
  ['header-only.csv', 422, 'file-unreadable', /no row beneath/],
  ['empty.csv', 422, 'file-unreadable', /0 bytes/],
  ['duplicated-header.csv', 422, 'file-unreadable', /“Phone”.*Rename/],
  ['missing-required-column.csv', 422, 'file-unreadable', /No column is email, phone or whatsapp/],
  ['without-header.csv', 422, 'file-unreadable', /looks like a contact/],
  ['unclosed-quote.csv', 422, 'file-unreadable', /^Line 3: .*not closed/],
  ['quote-left-open-and-closed-later.csv', 422, 'file-unreadable', /^Line 3: .*left open/],
  ['nul-bytes.csv', 422, 'file-unreadable', /^Line 2: .*NUL/],
  ['windows-1252.csv', 422, 'file-unreadable', /^Line 3: .*encoding: "windows-1252"/],
  ['utf-16-without-mark.csv', 422, 'file-unreadable', /encoding: "utf-16le"/],
  ['zip.csv', 415, 'unsupported-media-type', /zip/],
  ['xlsx.csv', 422, 'file-unreadable', /workbook is broken/],
  ['gzip.csv', 415, 'unsupported-media-type', /gzip/],
  ['lines-above-header.csv', 422, 'file-unreadable', /header seems to be on line 4.*headerRow: 4/],
]

type Held = readonly [account: 'oblic-main' | 'octopush-fr' | 'vobiz-in', keys: readonly string[]]
const taken: readonly [file: string, rows: number, held: Held, codes: readonly string[], country?: string][] = [
  ['bom.csv', 1, ['oblic-main', ['jane@example.com Jane']], []],
  ['utf-16.csv', 1, ['oblic-main', ['jane@example.com Jane']], []],
  ['utf-16-big-endian.csv', 1, ['oblic-main', ['jane@example.com Jane']], []],
  ['crlf.csv', 2, ['oblic-main', ['jane@example.com Jane', 'john@example.com John']], []],
  ['old-macintosh.csv', 2, ['oblic-main', ['jane@example.com Jane', 'john@example.com John']], []],
  ['tabs.csv', 1, ['oblic-main', ['jane@example.com Smith, Jane; Dr.']], []],
  ['excel-separator-line.csv', 1, ['oblic-main', ['jane@example.com Smith, Jane']], []],
  ['trailing-delimiters.csv', 1, ['oblic-main', ['jane@example.com Jane']], []],
  ['trailing-empty-lines.csv', 2, ['oblic-main', ['jane@example.com Jane', 'john@example.com John']], []],
  ['lone-carriage-returns.csv', 2, ['oblic-main', ['j@example.com Jane Smith', 'k@example.com Kim']], []],
  [
    'quoted-newlines-and-quotes.csv',
    2,
    ['oblic-main', ['j@example.com Jane "JJ" Smith', 'k@example.com Kim "K" Lee']],
    [],
  ],
  [
    'too-few-and-too-many-cells.csv',
    4,
    ['oblic-main', ['a@example.com Ann', 'c@example.com Cid', 'd@example.com Dan']],
    ['too_many_cells'],
  ],
  [
    'names-of-the-world.csv',
    5,
    [
      'oblic-main',
      [
        'a@example.com 👩‍👩‍👧 Zoë 🇮🇳',
        'b@example.com مُحَمَّد بن عبد الله',
        'c@example.com שָׁלוֹם',
        'd@example.com Ze\u0301 A\u030aker',
        'e@example.com 𠮷野家',
      ],
    ],
    [],
  ],
  ['one-person-poorer-first.csv', 2, ['oblic-main', ['ana@example.com Ana']], ['email_required']],
  ['two-people-of-one-phone.csv', 2, ['oblic-main', ['ana@example.com Ana', 'bob@example.com Bob']], []],
  ['two-people-of-one-email.csv', 2, ['oblic-main', ['family@example.com Ana']], ['duplicate_in_file']],
  ['values-without-a-place.csv', 1, ['oblic-main', ['jane@example.com Jane']], []],
  ['two-columns-of-one-field.csv', 1, ['vobiz-in', []], ['name_required']],
  ['semicolons.csv', 1, ['vobiz-in', ['+33612345678 Zoé Dupont newsletter,vip,lyon']], []],
  ['scientific-notation.csv', 2, ['vobiz-in', ['+919876543210 Ravi newsletter']], ['phone_invalid']],
  ['apostrophe-phones.csv', 2, ['vobiz-in', ['+33612345678 Zoé newsletter']], ['duplicate_in_file']],
  ['loosely-written-phones.csv', 2, ['vobiz-in', ['+33612345678 Zoé newsletter']], ['duplicate_in_file']],
  ['lost-plus-or-zero.csv', 3, ['vobiz-in', []], ['phone_not_e164', 'phone_not_e164', 'phone_not_e164']],
  [
    'lost-plus-or-zero.csv',
    3,
    ['vobiz-in', ['+33612345678 Zoé newsletter']],
    ['duplicate_in_file', 'duplicate_in_file'],
    'FR',
  ],
  [
    'formulas.csv',
    2,
    ['vobiz-in', ['+33612345678 =HYPERLINK("http://x.example","y") newsletter', '+33698765432 Tab newsletter']],
    [],
  ],
  ['first-name-beside-name.csv', 1, ['vobiz-in', ['+4915112345678 Anna Schmidt newsletter']], []],
  ['mailchimp-tags.csv', 1, ['vobiz-in', ['+33612345678 Jane Smith newsletter,vip,a, b']], []],
  ['google-labels.csv', 1, ['vobiz-in', ['+33612345678 Jane Smith newsletter,Friends']], []],
  ['google-several-values.csv', 1, ['vobiz-in', []], ['phone_invalid']],
  ['quotes-after-blanks.csv', 1, ['oblic-main', ['jane@example.com Jane Smith']], []],
  ['quotes-after-blanks-in-header.csv', 1, ['vobiz-in', ['+33612345678 Jane newsletter']], []],
  ['padded-cells.csv', 1, ['oblic-main', ['jane@example.com Jane Smith']], []],
  ['texts-as-formulas.csv', 1, ['vobiz-in', ['+33612345678 Jane newsletter']], []],
  ['apostrophe-before-every-cell.csv', 1, ['oblic-main', ['jane@example.com Jane']], []],
  ['decorated-header.csv', 1, ['vobiz-in', ['+33612345678 Jane newsletter']], []],
  ['outlook-french.csv', 1, ['vobiz-in', ['+33612345678 Anne Martin newsletter']], []],
  ['brevo.csv', 1, ['vobiz-in', ['+33612345678 Jane Smith newsletter']], []],
  ['outlook-short-rows.csv', 2, ['vobiz-in', ['+33612345678 Jane newsletter', '+33612345679 Joe newsletter']], []],
  ['final-control-z.csv', 1, ['oblic-main', ['jane@example.com Jane']], []],
  [
    'placeholders.csv',
    3,
    ['oblic-main', ['jane@example.com Jane', 'jill@example.com Jill', 'joe@example.com Joe']],
    [],
  ],
]

test('every file of the fixtures is one of them', () => {
  const named = new Set([...refused, ...taken].map(([file]) => file))
  expect([...named].toSorted()).toEqual(Object.keys(fixtures).toSorted())
})

withImportStores('with %s', { abovePort: true }, (gateway) => {
  const csvOf = (file: string) => new Uint8Array(fixtures[file] as Uint8Array)

  test.each(refused)('%s is refused: %i %s', async (file, status, code, detail) => {
    const before = await gateway.call('GET', '/imports')
    const answer = await upload(gateway, { csv: csvOf(file) })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body.detail).toMatch(detail)
    expect((await gateway.call('GET', '/imports')).text).toBe(before.text)
    const { oblic, octopush, vobiz } = gateway.simulators
    expect([oblic, octopush, vobiz].map((simulator) => simulator.requestTotal())).toEqual([0, 0, 0])
  })

  test.each(taken)('%s is taken: %i rows', async (file, rows, [account, keys], codes, country) => {
    const options = country && { defaultCountry: country }
    const done = await importWhole(gateway, { csv: csvOf(file), options })
    expect(done.rows).toBe(rows)
    expect(heldAt(gateway, account)).toEqual(keys)
    const { body } = await gateway.call('GET', `/imports/${done.id}/errors`)
    const own = body.items.filter((item: { account: string }) => item.account === account)
    expect(own.map((item: { code: string }) => item.code)).toEqual(codes)
  })
})

/** Key, name and, where the provider has them, tags of each contact. */
function heldAt({ simulators: { oblic, octopush, vobiz } }: TestGateway, account: Held[0]): string[] {
  if (account === 'oblic-main')
    return oblic
      .contacts()
      .map(({ email, name }) => `${email} ${name}`)
      .toSorted()
  if (account === 'octopush-fr') return octopush.contacts().map(({ phone_number }) => phone_number)
  return vobiz
    .contacts()
    .map(
      ({ phone_number, name, tags }) =>
        `${phone_number} ${name} ${tags.toSorted((a, b) => Number(b === 'newsletter') - Number(a === 'newsletter')).join(',')}`,
    )
    .toSorted()
}
