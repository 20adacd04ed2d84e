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
const rejected = (message?: string, status = 200) => ({
  status: 'rejected',
  error: {
    code: 'rejected_by_provider',
    detail: expect.any(String),
    retriable: false,
    provider: { status, ...(message && { message }) },
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

  test('rows that need no quotes are the same in a file with a row that does', () => {
    const contentOf = (contacts: object[]) =>
      operationOf(vobiz, 'importContacts').toRequest(batch(contacts)).file?.content ?? ''
    const plain = [
      jane,
      contact({ ...jane, name: undefined }),
      contact({ name: "O'Brien; =1", whatsapp: '+447700900123' }),
    ]
    expect(contentOf([...plain, rahul])).toBe(`${contentOf(plain)}+919876543210,Rahul Sharma,"vip,enterprise"\n`)
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
      name: 'a number that was not sent: any of those that the row may mean',
      response: summary(3, 2, 0, 1, [row(2, '98765')]),
      outcome: { ok: [untold, untold, untold] },
    },
    {
      name: 'a row in a text, no number and no reason',
      response: summary(3, 2, 0, 1, [{ row: '1' }]),
      outcome: { ok: [untold, untold, created] },
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
  const ofStatus = (status: number, body: object) => answer(status, body)
  const oneFailed = { total: 3, created: 2, updated: 0, failed: 1, errors: [row(2, '+919123456789')] }
  runAnswers(vobiz, 'importContacts', three, [
    ...[201, 202, 207, 400, 422].map((status) => ({
      name: `${status} with a summary is read as one`,
      response: ofStatus(status, oneFailed),
      outcome: { ok: [created, rejected(reason, status), created] },
    })),
    {
      name: 'counts as texts',
      response: ofStatus(201, { ...oneFailed, total: '3', created: '2', updated: '0', failed: '1' }),
      outcome: { ok: [created, rejected(reason, 201), created] },
    },
    {
      name: 'the summary in an envelope, its errors beside it',
      response: ofStatus(200, { summary: { ...oneFailed, errors: undefined }, errors: oneFailed.errors }),
      outcome: { ok: [created, rejected(reason), created] },
    },
    {
      name: 'more rows are named than failed by the counts: nothing is certain',
      response: summary(3, 3, 0, 0, [row(2, '+919123456789')]),
      outcome: { ok: [untold, untold, untold] },
    },
    {
      name: 'an error that nobody counts, about a row: it may be one of those',
      response: summary(3, 3, 0, 0, [{ row: 0, reason }]),
      outcome: { ok: [untold, created, created] },
    },
    {
      name: 'errors without a row or a number',
      response: summary(3, 2, 0, 1, [{ reason }]),
      outcome: { ok: [untold, untold, untold] },
    },
    {
      name: 'no errors, though some failed',
      response: summary(3, 2, 0, 1, null),
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
      outcome: failure('tooLarge', { status: 413, message: 'too large' }),
    },
    {
      name: 'too many rows, in words',
      response: answer(422, { error: { code: 'VALIDATION_ERROR', message: 'Too many rows in the file' } }),
      outcome: failure('tooLarge', { status: 422, code: 'VALIDATION_ERROR', message: 'Too many rows in the file' }),
    },
    { name: '504', response: textAnswer(504, ''), outcome: failure('unavailable', { status: 504 }) },
  ])
})

describe('the contact that an error of an import is about', () => {
  const people = Array.from({ length: 10 }, (_, i) =>
    contact({ name: `Person ${i}`, phone: `+9198765432${i}${9 - i}` }),
  )
  const numberAt = (place: number) => people[place]?.phone as string
  const masked = (place: number) => `${numberAt(place).slice(0, 3)}******${numberAt(place).slice(-4)}`
  const statusesAfter = (errors: unknown, failed: number, contacts = people) => {
    const response = answer(200, { total: 10, created: 10 - failed, updated: 0, failed, errors })
    const result = operationOf(vobiz, 'importContacts').toOutcome(response, batch(contacts))
    if ('failure' in result) throw new Error(result.failure.kind)
    return (result.ok as { status: string }[]).map(({ status }) => status)
  }
  const all = (places: Record<number, string>) => people.map((_, place) => places[place] ?? 'created')
  const at = (place: number, members: object) => ({ row: place + 1, reason, ...members })

  test.each([
    ['its digits', at(4, { phone_number: numberAt(4).slice(1) })],
    ['its masked number, that fits nobody else', at(4, { phone_number: masked(4) })],
    ['its number without the country code', at(4, { phone_number: numberAt(4).slice(3) })],
    ['its number in the reason', { reason: `invalid number: ${numberAt(4)}` }],
    ['its name, which nobody else has', { reason, name: 'Person 4' }],
    ['its number in a text', `Row 9: ${numberAt(4)} is invalid`],
    ['its number as another member', { phone: numberAt(4), message: reason }],
  ])('is found by %s', (_what, error) => {
    expect(statusesAfter([error], 1)).toEqual(all({ 4: 'rejected' }))
  })

  test.each([0, 1, 2, 4])('is found by its row, once another error shows that rows begin with %i', (base) => {
    const errors = [
      { row: 7 + base, phone_number: numberAt(7), reason },
      { row: 2 + base, phone_number: null, reason },
    ]
    expect(statusesAfter(errors, 2)).toEqual(all({ 2: 'rejected', 7: 'rejected' }))
  })

  test.each([
    ['no number', {}],
    ['null', { phone_number: null }],
    ['an empty text', { phone_number: '' }],
    ['a number that fits several', { phone_number: '+91******' }],
    ['a number of somebody else', { phone_number: '+4915112345678' }],
  ])('is one of three that the row may mean, with %s', (_what, members) => {
    expect(statusesAfter([at(4, members)], 1)).toEqual(all({ 3: 'unknown', 4: 'unknown', 5: 'unknown' }))
  })

  test.each([
    ['texts', ['Row 5: invalid phone_number']],
    ['an object by row', { 5: ['invalid phone_number'] }],
    ['rows as texts', [{ row: '5', reason }]],
    ['lines', [{ line: 5, reason }]],
  ])('is one of three that the row may mean, in errors as %s', (_what, errors) => {
    expect(statusesAfter(errors, 1)).toEqual(all({ 3: 'unknown', 4: 'unknown', 5: 'unknown' }))
  })

  test('rows that do not agree on where they begin teach nothing', () => {
    const errors = [
      { row: 3, phone_number: numberAt(2), reason },
      { row: 9, phone_number: numberAt(7), reason },
      { row: 5, reason },
    ]
    expect(statusesAfter(errors, 3)).toEqual(
      all({ 2: 'rejected', 7: 'rejected', 3: 'unknown', 4: 'unknown', 5: 'unknown' }),
    )
  })

  test('a name of several lines moves the lines of all that follow', () => {
    const contacts = people.map((one, place) => (place === 1 ? { ...one, name: 'a\nb\nc' } : one))
    // The line of the contact in the fifth place: header, five contacts, two more lines.
    const statuses = statusesAfter([{ row: 8, reason }], 1, contacts)
    expect(statuses[4]).toBe('unknown')
    expect(statuses.filter((status) => status === 'unknown')).toHaveLength(4)
  })

  test('a row that is none leaves everybody in doubt', () => {
    expect(statusesAfter([{ row: 99, reason }], 1)).toEqual(Array(10).fill('unknown'))
  })
})
