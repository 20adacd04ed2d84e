import { stringify } from 'csv-stringify/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/domain/outcome.ts'
import { importWhole, untilDone } from '../support/import-calls.ts'
import { createRandom } from '../support/random.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

type Person = Readonly<Record<string, string>>
type ImportError = {
  readonly row: number
  readonly account: string
  readonly status: string
  readonly code: string
  readonly detail: string
}

const columns = ['ref', 'name', 'email', 'phone', 'whatsapp'] as const
const accounts = ['oblic-main', 'octopush-fr', 'vobiz-in'] as const

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())
beforeEach(() => reset())

function reset(): void {
  const { oblic, octopush, vobiz } = gateway.simulators
  for (const simulator of [oblic, octopush, vobiz]) simulator.reset()
}

/** What becomes of each person at each account, in the same words whichever way they came; `-` is sent. */
type Verdicts = readonly Readonly<Record<string, string>>[]

async function asJson(people: readonly Person[], query: string): Promise<Verdicts> {
  const answer = await gateway.call('POST', `/lists/newsletter/contacts${query}`, { body: { contacts: people } })
  const results = answer.body.results as readonly { readonly outcomes: readonly Outcome[] }[]
  return results.map(({ outcomes }) =>
    Object.fromEntries(outcomes.map((outcome) => [outcome.account, verdictOf(outcome)])),
  )
}

function verdictOf({ error, warnings }: Outcome): string {
  if (error !== undefined) return error.code
  const repeat = warnings.find(({ code }) => code === 'duplicate_in_batch')
  return repeat === undefined ? '-' : inRows(repeat.detail, /contact (\d+) of this batch/, 1)
}

/** The same, by file or, with `Prefer: respond-async`, as contacts that became an import. */
async function asImport(people: readonly Person[], query: string, isAsync: boolean): Promise<Verdicts> {
  const done = isAsync ? await importContacts(people, query) : await importWhole(gateway, { csv: toCsv(people), query })
  const errors: ImportError[] = (await gateway.call('GET', `/imports/${done.id}/errors?limit=1000`)).body.items
  return people.map((_person, index) =>
    Object.fromEntries(
      accounts.map((account) => {
        const error = errors.find((one) => one.row === index + 1 && one.account === account)
        if (error === undefined) return [account, '-']
        return [account, error.status === 'skipped' ? inRows(error.detail, /row (\d+)/, 0) : error.code]
      }),
    ),
  )
}

async function importContacts(contacts: readonly Person[], query: string) {
  const headers = { prefer: 'respond-async' }
  const accepted = await gateway.call('POST', `/lists/newsletter/contacts${query}`, { body: { contacts }, headers })
  return untilDone(gateway, accepted.body.id)
}

/** The text with the row instead of what counts from `shift` less. */
function inRows(detail: string, place: RegExp, shift: number): string {
  return detail.replace(place, (_, number: string) => `row ${Number(number) + shift}`)
}

function toCsv(people: readonly Person[]): string {
  return stringify([[...columns], ...people.map((person) => columns.map((column) => person[column] ?? ''))])
}

const counts = (row: number) => `It is the same person as row ${row}, which counts.`
const differs = (row: number) =>
  `It is the same person as row ${row}, which counts; its values differ and were not sent.`

const cases: readonly (readonly [what: string, people: readonly Person[], last: Readonly<Record<string, string>>])[] = [
  [
    'a row that an account cannot take stands for nobody there',
    [
      { name: 'Ana', phone: '+33612345678' },
      { name: 'Ana', email: 'ana@example.com', phone: '+33612345678' },
    ],
    { 'oblic-main': '-', 'octopush-fr': differs(1), 'vobiz-in': differs(1) },
  ],
  [
    'two of one phone are two where an account knows them by their e-mails',
    [
      { name: 'Ana', email: 'ana@example.com', phone: '+33612345678' },
      { name: 'Bob', email: 'bob@example.com', phone: '+33612345678' },
    ],
    { 'oblic-main': '-', 'octopush-fr': differs(1), 'vobiz-in': differs(1) },
  ],
  [
    'two of one e-mail are two where an account knows them by their phones',
    [
      { name: 'Ana', email: 'family@example.com', phone: '+33612345678' },
      { name: 'Bob', email: 'Family@Example.com', phone: '+33612345679' },
    ],
    { 'oblic-main': differs(1), 'octopush-fr': '-', 'vobiz-in': '-' },
  ],
  [
    'the same person, written in another way, does not differ',
    [
      { name: 'Ana', email: 'ana@example.com', phone: '+33612345678' },
      { name: 'Ana', email: ' ANA@example.com ', phone: '0033 612345678' },
    ],
    { 'oblic-main': counts(1), 'octopush-fr': counts(1), 'vobiz-in': counts(1) },
  ],
  [
    'a WhatsApp number is the phone where it stands in for it, and nowhere else',
    [
      { name: 'Ana', phone: '+33612345678' },
      { name: 'Ana', email: 'ana@example.com', whatsapp: '+33612345678' },
    ],
    { 'oblic-main': '-', 'octopush-fr': 'phone_required', 'vobiz-in': differs(1) },
  ],
  [
    'who is unacceptable stands for nobody, and repeats nobody',
    [
      { name: 'Ana', email: 'ana@example.com', phone: '12' },
      { name: 'Ana', email: 'ana@example.com', phone: '+33612345678' },
      { email: 'ana@example.com', phone: '+33612345678' },
    ],
    { 'oblic-main': 'name_required', 'octopush-fr': differs(2), 'vobiz-in': 'name_required' },
  ],
]

describe.each(['', '?validateOnly=true'])('who is the same person (%s)', (query) => {
  test.each(cases)('%s', async (_what, people, last) => {
    expect((await asJson(people, query)).at(-1)).toEqual(last)
    reset()
    expect((await asImport(people, query, false)).at(-1)).toEqual(last)
    expect((await asImport(people, query, true)).at(-1)).toEqual(last)
  })
})

test('random people who share phones and e-mails come to the same end at each account as JSON, as a file and as an import of JSON', {
  timeout: 60_000,
}, async () => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  const random = createRandom(seed)
  const some = (probability: number, values: readonly string[]) =>
    random.chance(probability) ? random.pick(values) : undefined
  const person = (_: unknown, index: number): Person => {
    const own = {
      // Or who has nothing at all would be no row.
      ref: `r-${index}`,
      name: some(0.8, ['Ana', 'Bob']),
      email: some(0.7, ['a@example.com', 'A@example.com', 'b@example.com', 'no address']),
      phone: some(0.7, ['+33612345678', '0033 612345678', '+33612345679', '12']),
      whatsapp: some(0.3, ['+33612345678', '+33612345679']),
    }
    return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) as Person
  }
  for (let run = 0; run < 12; run++) {
    const people = Array.from({ length: 2 + random.int(30) }, person)
    const expected = await asJson(people, '?validateOnly=true')
    expect({ seed, run, people, verdicts: await asImport(people, '?validateOnly=true', false) }).toEqual({
      seed,
      run,
      people,
      verdicts: expected,
    })
    expect({ seed, run, verdicts: await asImport(people, '?validateOnly=true', true) }).toEqual({
      seed,
      run,
      verdicts: expected,
    })
  }
})

test('a row for some accounts only repeats others at those, and is repeated there', async () => {
  const rows = [
    'Ana,ana@example.com,+33612345678,octopush-fr',
    'Ana,ana@example.com,+33612345678,oblic-main',
    'Ana,ana@example.com,+33612345678,octopush-fr vobiz-in',
    'Ana,ana@example.com,+33612345678,',
    'Bob,bob@example.com,+33612345679,',
    'Bob,bob@example.com,+33612345679,vobiz-in',
  ]
  const done = await importWhole(gateway, { csv: ['name,email,phone,_account', ...rows].join('\n') })
  const errors: ImportError[] = (await gateway.call('GET', `/imports/${done.id}/errors`)).body.items
  expect(errors.map(({ row, account, detail }) => `${row} ${account} ${/row (\d)/.exec(detail)?.[1]}`)).toEqual([
    '3 octopush-fr 1',
    '4 oblic-main 2',
    '4 octopush-fr 1',
    '4 vobiz-in 3',
    '6 vobiz-in 5',
  ])
  expect(gateway.simulators.oblic.contacts()).toHaveLength(2)
})
