import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { vobiz } from '../../src/providers/vobiz/index.ts'
import { answer, contact, htmlPage, operationOf, runAnswers, runCases, textAnswer } from './adapter-cases.ts'

const settings = { emailAttribute: 'email', csvImport: true, updateReplaces: false }
const rahul = contact({ name: 'Rahul Sharma', phone: '+919876543210', tags: ['enterprise'] })
const priya = contact({ firstName: 'Priya', lastName: 'Nair', whatsapp: '+919123456789' })
const jane = contact({ name: 'Jane', phone: '+33612345678' })
const batch = (contacts: object[], onConflict = 'update', tag = 'vip') => ({
  contacts,
  target: { tag },
  onConflict,
  settings,
})
const importOf = (content: string) => ({
  method: 'POST' as const,
  path: '/contacts/import',
  file: { field: 'file', fileName: 'contacts.csv', type: 'text/csv', content },
})
const failure = (kind: string, provider: object) => ({ failure: { kind, provider } })
const created = { status: 'created', warnings: [] }
const replaced = expect.objectContaining({ code: 'tags_may_be_replaced', pointer: '/tags' })
const updated = { status: 'updated', warnings: [replaced] }
const accepted = { status: 'accepted', warnings: [replaced] }
const rejected = (message?: string) => ({
  status: 'rejected',
  error: {
    code: 'rejected_by_provider',
    detail: expect.any(String),
    retriable: false,
    provider: { status: 200, ...(message && { message }) },
  },
})
const untold = { status: 'unknown', error: expect.objectContaining({ code: 'provider_unreadable', retriable: true }) }
const reason = 'invalid phone_number: must be E.164 format'

describe('the file of an import', () => {
  runCases(vobiz, 'importContacts', [
    {
      name: 'the documented columns, several tags in one quoted cell',
      input: batch([rahul, priya]),
      request: importOf(
        'phone_number,name,tags\n+919876543210,Rahul Sharma,"vip,enterprise"\n+919123456789,Priya Nair,vip\n',
      ),
      response: answer(200, { total: 2, created: 2, updated: 0, failed: 0, errors: [] }),
      outcome: { ok: [created, created] },
    },
    {
      name: "a tag that is the list's own stands once",
      input: batch([contact({ ...jane, tags: ['vip'] })]),
      request: importOf('phone_number,name,tags\n+33612345678,Jane,vip\n'),
      response: answer(200, { total: 1, created: 1, updated: 0, failed: 0 }),
      outcome: { ok: [created] },
    },
  ])

  test.each([
    'a "quoted" name, with commas',
    'two\nlines',
    'a lone\rreturn',
    ' space at the ends ',
    '=HYPERLINK("http://x")',
    'محمد 🎉',
    '李小龍',
  ])('carries the name %j unharmed', (name) => {
    const { file } = operationOf(vobiz, 'importContacts').toRequest(batch([contact({ ...jane, name })]))
    expect(parse(file?.content ?? '')).toStrictEqual([
      ['phone_number', 'name', 'tags'],
      ['+33612345678', name, 'vip'],
    ])
  })

  test.each([' Jane ', 'Ja\rne'])('quotes %j, for readers that trim cells or end rows at a lone return', (name) => {
    const { file } = operationOf(vobiz, 'importContacts').toRequest(batch([contact({ ...jane, name })]))
    expect(file?.content).toBe(`phone_number,name,tags\n+33612345678,"${name}",vip\n`)
  })

  const carries = vobiz.operations.importContacts?.carries
  test.each([
    ['a plain contact', rahul, settings, true],
    ['an attribute', contact({ ...rahul, attributes: { city: 'Pune' } }), settings, false],
    ['an attribute to be cleared', contact({ ...rahul, attributes: { city: null } }), settings, false],
    ['an e-mail', contact({ ...rahul, email: 'r@example.com' }), settings, false],
    [
      'an e-mail that is dropped anyway',
      contact({ ...rahul, email: 'r@example.com' }),
      { ...settings, emailAttribute: null },
      true,
    ],
    ['a tag with a comma', contact({ ...rahul, tags: ['a,b'] }), settings, false],
    ['a tag with a space at its end', contact({ ...rahul, tags: ['a '] }), settings, false],
    ['imports turned off', rahul, { ...settings, csvImport: false }, false],
  ])('%s: the file carries it whole: %#', (_, one, by, whole) => {
    expect(carries?.(one, by)).toBe(whole)
  })

  test('20 to 1,000 contacts go in one file', () => {
    expect(vobiz.operations.importContacts).toMatchObject({ minContacts: 20, maxContacts: 1000 })
  })
})

describe('what the summary of an import says of each contact', () => {
  const three = batch([rahul, priya, jane])
  const summary = (total: number, created: number, updated: number, failed: number, errors?: unknown) =>
    answer(200, { total, created, updated, failed, ...(errors !== undefined && { errors }) })
  const row = (row: unknown, phone_number: unknown, why: unknown = reason) => ({ row, phone_number, reason: why })
  runAnswers(vobiz, 'importContacts', three, [
    { name: 'all created', response: summary(3, 3, 0, 0, []), outcome: { ok: [created, created, created] } },
    { name: 'all updated', response: summary(3, 0, 3, 0, null), outcome: { ok: [updated, updated, updated] } },
    {
      name: 'created and updated: the counts do not tell which',
      response: summary(3, 1, 2, 0),
      outcome: { ok: [accepted, accepted, accepted] },
    },
    {
      name: 'a failed row is found by its number, though its row names another',
      response: summary(3, 1, 1, 1, [row(1, '+33612345678')]),
      outcome: { ok: [accepted, accepted, rejected(reason)] },
    },
    {
      name: 'a number without its plus is the same',
      response: summary(3, 0, 2, 1, [row(3, '919123456789')]),
      outcome: { ok: [updated, rejected(reason), updated] },
    },
    {
      name: 'a number that was not sent: by the row of data',
      response: summary(3, 2, 0, 1, [row(2, '98765')]),
      outcome: { ok: [created, rejected(reason), created] },
    },
    {
      name: 'a row in a text, no number and no reason',
      response: summary(3, 2, 0, 1, [{ row: '1' }]),
      outcome: { ok: [rejected(), created, created] },
    },
    {
      name: 'all failed, and only one row named',
      response: summary(3, 0, 0, 3, [row(2, '+919123456789')]),
      outcome: { ok: [rejected(), rejected(reason), rejected()] },
    },
    {
      name: 'more failed than are named: the others are unknown',
      response: summary(3, 1, 0, 2, [row(1, '+919876543210')]),
      outcome: { ok: [rejected(reason), untold, untold] },
    },
    {
      name: 'a failed row that cannot be found: all are unknown',
      response: summary(3, 2, 0, 1, [row(9, 'x')]),
      outcome: { ok: [untold, untold, untold] },
    },
  ])
  runAnswers(vobiz, 'importContacts', batch([rahul, jane], 'skip'), [
    { name: 'skip of new contacts', response: summary(2, 2, 0, 0), outcome: { ok: [created, created] } },
    {
      name: 'skip where something was updated is told',
      response: summary(2, 0, 2, 0),
      outcome: {
        ok: Array(2).fill({
          status: 'updated',
          warnings: [replaced, expect.objectContaining({ code: 'policy_not_enforced' })],
        }),
      },
    },
  ])
  const unreadable = failure('unreadable', { status: 200 })
  const odd = [
    { total: 2, created: 2, updated: 0, failed: 0 },
    { total: 3, created: 1, updated: 1, failed: 0 },
    { total: 3, created: 4, updated: -1, failed: 0 },
    { total: '3', created: 'three', updated: '0', failed: '0' },
    { created: 3, updated: 0, failed: 0 },
    { status: 'accepted', job: 'x' },
  ]
  runAnswers(vobiz, 'importContacts', three, [
    ...odd.map((body) => ({
      name: `${JSON.stringify(body)} is unreadable`,
      response: answer(200, body),
      outcome: unreadable,
    })),
    {
      name: 'HTML',
      response: textAnswer(200, htmlPage),
      outcome: failure('unreadable', { status: 200 }),
    },
    { name: 'an empty body', response: textAnswer(200, ''), outcome: failure('unreadable', { status: 200 }) },
    {
      name: 'a missing column',
      response: answer(400, { status: 'error', error: { code: 'VALIDATION_ERROR', message: 'missing column' } }),
      outcome: failure('invalid', { status: 400, code: 'VALIDATION_ERROR', message: 'missing column' }),
    },
    {
      name: '413',
      response: textAnswer(413, 'too large'),
      outcome: failure('invalid', { status: 413, message: 'too large' }),
    },
    { name: '504', response: textAnswer(504, ''), outcome: failure('unavailable', { status: 504 }) },
  ])
})
