import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importWhole } from '../support/import-calls.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * Values as people's lists have them, through HTTP to what the providers hold: each file as an import and, row by row, as
 * contacts in JSON. Of an account that refuses a row the code and a part of the text are given.
 */
type Account = 'oblic-main' | 'vobiz-in'
type Case = {
  readonly file: string
  readonly country?: string
  readonly account: Account
  /** `<e-mail> <name>` at Oblic, `<number> <name>` at Vobiz. */
  readonly held: readonly string[]
  readonly refused: readonly (readonly [code: string, detail: RegExp])[]
}

const decimal = ['phone_invalid', /decimal/] as const
const severalNumbers = ['phone_invalid', /several phone numbers/] as const
const noAddress = ['email_invalid', /no e-mail address/] as const

const cases: readonly Case[] = [
  { file: 'phones-with-two-decimals.csv', country: 'AT', account: 'vobiz-in', held: [], refused: [decimal, decimal] },
  { file: 'phone-of-seventeen-digits.csv', account: 'vobiz-in', held: [], refused: [['phone_invalid', /15 digits/]] },
  { file: 'padded-parts-of-a-name.csv', account: 'oblic-main', held: ['jane@example.com Jane Smith'], refused: [] },
  { file: 'name-of-zero-width.csv', account: 'oblic-main', held: [], refused: [['name_required', /requires a name/]] },
  {
    file: 'e-mails-with-invisible-characters.csv',
    account: 'oblic-main',
    held: ['jane@example.com Jane', 'joe@example.com Joe'],
    refused: [],
  },
  {
    file: 'phones-in-other-digits.csv',
    account: 'vobiz-in',
    held: ['+81312345678 Bob', '+966501234567 Ana'],
    refused: [],
  },
  // The second row has the first one's number: nothing more is sent for it.
  { file: 'phones-with-a-slash.csv', country: 'DE', account: 'vobiz-in', held: ['+49301234567 Anna'], refused: [] },
  {
    file: 'e-mail-of-a-domain-with-umlaut.csv',
    account: 'oblic-main',
    held: ['jane@xn--mller-kva.example Jane'],
    refused: [],
  },
  {
    file: 'e-mails-with-misplaced-dots.csv',
    account: 'oblic-main',
    held: [],
    refused: [noAddress, noAddress, noAddress, ['email_invalid', /64 characters before the @/]],
  },
  { file: 'apostrophes-of-a-spreadsheet.csv', account: 'oblic-main', held: ["jane@example.com 'Jane"], refused: [] },
  { file: 'name-with-a-line-break.csv', account: 'vobiz-in', held: ['+33612345678 Jane Smith'], refused: [] },
  {
    file: 'whatsapp-ids-in-replaced-forms.csv',
    account: 'vobiz-in',
    held: ['+525512345678 Ana', '+5531981234567 Rui'],
    refused: [],
  },
  {
    file: 'phones-dialled-from-australia.csv',
    country: 'AU',
    account: 'vobiz-in',
    held: ['+442079460958 Joe', '+6592345678 Jane'],
    refused: [],
  },
  {
    file: 'phones-that-could-be-two.csv',
    country: 'DE',
    account: 'vobiz-in',
    held: ['+49301234567 Fay'],
    refused: [
      ...[severalNumbers, severalNumbers, severalNumbers],
      ['phone_invalid', /extension/],
      ['phone_ambiguous', /\+494934120240 or \+4934120240\. .*E\.164/],
    ],
  },
  {
    file: 'e-mails-that-are-more.csv',
    account: 'oblic-main',
    held: [],
    refused: [
      ['email_invalid', /several e-mail addresses/],
      ['email_invalid', /several e-mail addresses/],
      ['email_invalid', /name stands beside/],
      ['email_invalid', /before the @/],
    ],
  },
]

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
beforeEach(() => {
  const { oblic, octopush, vobiz } = gateway.simulators
  for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
})
afterAll(() => gateway.close())

const fixture = (file: string) => readFile(join(import.meta.dirname, '../fixtures/written-values', file))

function heldAt(account: Account): string[] {
  const { oblic, vobiz } = gateway.simulators
  if (account === 'oblic-main')
    return oblic
      .contacts()
      .map(({ email, name }) => `${email} ${name}`)
      .toSorted()
  return vobiz
    .contacts()
    .map(({ phone_number, name }) => `${phone_number} ${name}`)
    .toSorted()
}

type Refusal = { readonly code: string; readonly detail: string }

function expectRefusals(found: readonly Refusal[], refused: Case['refused']): void {
  expect(found.map(({ code }) => code)).toEqual(refused.map(([code]) => code))
  for (const [index, [, detail]] of refused.entries()) expect(found[index]?.detail).toMatch(detail)
}

describe('the values of a list', () => {
  test.each(cases)('$file as an import', async ({ file, country, account, held, refused }) => {
    const csv = new Uint8Array(await fixture(file))
    const done = await importWhole(gateway, { csv, options: country && { defaultCountry: country } })
    expect(heldAt(account)).toEqual(held)
    const { body } = await gateway.call('GET', `/imports/${done.id}/errors`)
    const own = body.items.filter((item: { account: string; code: string }) => item.account === account)
    expectRefusals(
      own.filter(({ code }: Refusal) => code !== 'duplicate_in_file'),
      refused,
    )
  })

  test.each(cases)('$file as contacts in JSON', async ({ file, country, account, held, refused }) => {
    const contacts = parse(await fixture(file), { columns: true })
    const { status, body } = await gateway.call('POST', '/lists/newsletter/contacts', {
      body: { contacts, ...(country && { defaultCountry: country }) },
    })
    expect(status).toBe(207)
    expect(heldAt(account)).toEqual(held)
    type Result = { outcomes: { account: string; error?: Refusal }[] }
    const own = body.results.flatMap((result: Result) =>
      result.outcomes.filter((outcome) => outcome.account === account),
    )
    expectRefusals(
      own.flatMap(({ error }: { error?: Refusal }) => error ?? []),
      refused,
    )
  })
})

test('tags are sent without the blanks around them, and once', async () => {
  const body = JSON.parse(String(await fixture('padded-tags.json')))
  const { status } = await gateway.call('POST', '/lists/newsletter/contacts', { body })
  expect(status).toBe(207)
  expect(gateway.simulators.vobiz.contacts()).toMatchObject([{ tags: ['newsletter', 'vip'] }])
})

test('what was tidied is said, with the place', async () => {
  const contact = {
    name: 'Jane\nSmith',
    email: 'jane@müller.example',
    phone: '+5215512345678',
    tags: [' vip ', 'a\tb'],
    attributes: { city: 'Pune\u200b', note: '\u200b', seats: 3 },
  }
  const { body } = await gateway.call('POST', '/contacts?account=vobiz-in', { body: contact })
  const [name, ...others] = ['/name', '/email', '/phone', '/tags/1', '/attributes/city']
  const told = body.warnings.filter(({ code }: Refusal) => code === 'value_normalized')
  expect(told.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual(
    [name, ...others].map((pointer) => `#${pointer}`).toSorted(),
  )
  expect(told.find(({ pointer }: { pointer: string }) => pointer === '#/phone').detail).toMatch(
    /renumbered.*\+525512345678/,
  )
  expect(gateway.simulators.vobiz.contacts()).toMatchObject([
    {
      name: 'Jane Smith',
      phone_number: '+525512345678',
      tags: ['vip', 'a b'],
      custom_attributes: { city: 'Pune', seats: 3, email: 'jane@xn--mller-kva.example' },
    },
  ])
})

test('handling=strict takes tidied texts', async () => {
  const { status } = await gateway.call('POST', '/contacts?account=vobiz-in', {
    body: { name: ' Jane\n Smith ', phone: '+33612345678' },
    headers: { prefer: 'handling=strict' },
  })
  expect(status).toBe(201)
})

test('lengths are counted in code points, at the door and at the providers', async () => {
  const contact = (name: string, tag: string) => ({ name, phone: '+33612345678', tags: [tag] })
  const send = (name: string, tag: string) =>
    gateway.call('POST', '/contacts?account=octopush-fr', { body: contact(name, tag) })
  expect((await send('𠮷'.repeat(255), '𠮷'.repeat(20))).status).toBe(201)
  expect((await send('𠮷'.repeat(256), 'vip')).body).toMatchObject({
    code: 'validation-failed',
    errors: [{ pointer: '#/name', code: 'maxLength' }],
  })
  expect((await send('Jane', '𠮷'.repeat(21))).body.errors).toMatchObject([
    { pointer: '#/tags/0', code: 'tag_too_long' },
  ])
  expect((await send(`${'👩\u200d👩\u200d👧'.repeat(51)}a`, 'vip')).body).toMatchObject({ code: 'validation-failed' })
})
