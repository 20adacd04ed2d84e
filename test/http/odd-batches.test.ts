import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BatchResult, Outcome } from '../support/answer-bodies.ts'
import { takeStock } from '../support/held-contacts.ts'
import { importWhole } from '../support/import-calls.ts'
import { type Changes, startGateway, type TestGateway } from '../support/start-gateway.ts'

/**
 * Providers that answer batches otherwise than their documents say. Whatever they answer: nobody is `created`, `updated` or
 * `accepted` whom the provider has not, and nobody is `rejected` or `failed` whom it has.
 */

let gateway: TestGateway
let others: TestGateway[]
beforeEach(async () => {
  others = []
  gateway = await startGateway()
})
afterEach(async () => {
  for (const other of others) await other.close()
  await gateway.close()
})

/** One more gateway, in front of the same simulators. */
async function another(changes: Changes): Promise<TestGateway> {
  const other = await startGateway(changes, gateway.simulators)
  others.push(other)
  return other
}

/** A name that the gateway takes, and Vobiz' simulator refuses in a file. */
const refusedName = ' '
type Person = { name: string; email?: string; phone: string; tags?: string[] }
const people = (count: number, members: Partial<Person> = {}): Person[] =>
  Array.from({ length: count }, (_, i) => ({ name: `Person ${i}`, phone: `+9198765${String(10_000 + i)}`, ...members }))
const withEmail = (all: Person[]) => all.map((one, i) => ({ ...one, email: `p${i}@example.com` }))

const listOf = { oblic: 'newsletter', octopush: 'sms', vobiz: 'whatsapp' } as const
const accountOf = { oblic: 'oblic-main', octopush: 'octopush-fr', vobiz: 'vobiz-in' } as const
type Provider = keyof typeof listOf
const providers = Object.keys(listOf) as Provider[]

async function add(provider: Provider, contacts: Person[], own = gateway, more: object = {}) {
  const path = `/lists/${listOf[provider]}/contacts`
  const { body } = await own.call<BatchResult>('POST', path, { body: { contacts, ...more } })
  return body.results.map(({ outcomes }) => outcomes.find(({ account }) => account === accountOf[provider]) as Outcome)
}

const statuses = (outcomes: Outcome[]): string[] => outcomes.map(({ status }) => status)
const csvOf = (all: Person[]) =>
  `name,email,phone\n${all.map(({ name, email = '', phone }) => `${name},${email},${phone}`).join('\n')}\n`

function expectNoLies(provider: Provider, contacts: Person[], said: string[]): void {
  const stock = takeStock(gateway.simulators)
  for (const [index, status] of said.entries()) {
    const held = stock.holds(provider, contacts[index] as Person)
    if (['created', 'updated', 'accepted'].includes(status))
      expect([index, status, held]).toEqual([index, status, true])
    if (['rejected', 'failed'].includes(status)) expect([index, status, held]).toEqual([index, status, false])
  }
}

describe('too many contacts in one call', () => {
  const forms = ['own-code', '413', '413-page', '400-words', '422-words', '403-words'] as const
  const cases = providers.flatMap((provider) => forms.map((form) => [form, provider] as const))
  const writes = (provider: Provider) =>
    gateway.simulators[provider]
      .requests()
      .filter(({ path }) => /\/add$|contact\/create$|contacts\/import$/.test(path))
      .map(({ applied }) => applied)

  test.each(cases)('said as %s, by %s: they go in halves, and the size is remembered', async (form, provider) => {
    gateway.simulators[provider].setBehaviour({ quirks: { maxBatch: 30, tooMany: form } })
    const contacts = withEmail(people(100))
    const sent = provider === 'vobiz' ? people(100) : contacts
    const said = statuses(await add(provider, sent))
    expect(new Set(said)).toEqual(new Set([provider === 'oblic' ? 'accepted' : 'created']))
    expectNoLies(provider, sent, said)
    expect(gateway.logged()).toContain('Set batchSize')
    const before = writes(provider).length
    await add(provider, sent)
    // Four calls of 25: none is refused any more.
    expect(writes(provider).slice(before)).toEqual([true, true, true, true])
  })

  test.each(providers)('in an import to %s, all rows get in', async (provider) => {
    gateway.simulators[provider].setBehaviour({ quirks: { maxBatch: 40, tooMany: '413' } })
    const rows = provider === 'vobiz' ? people(150) : withEmail(people(150))
    const done = await importWhole(gateway, { list: listOf[provider], csv: csvOf(rows) })
    const { [accountOf[provider]]: counts } = done.progress
    expect(counts).toMatchObject({ pending: 0, rejected: 0, failed: 0, unknown: 0 })
    expectNoLies(
      provider,
      rows,
      rows.map(() => 'created'),
    )
  })

  test.each(providers)('a contact that is too large alone is no fault of the data: %s', async (provider) => {
    gateway.simulators[provider].setBehaviour({ status: 413 })
    const [outcome] = await add(provider, withEmail(people(1)))
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'provider_too_large', retriable: false } })
  })

  test('one contact that is too large does not make small calls of all that follow', async () => {
    gateway.simulators.octopush.setBehaviour({ quirks: { maxBodyBytes: 12_000, tooMany: '413' } })
    const contacts = people(100)
    contacts[70] = { ...(contacts[70] as Person), email: `${'x'.repeat(60)}@${'example.'.repeat(20)}com` }
    const own = await another({
      lists: { sms: { targets: [{ account: 'octopush-fr', list: 'sms', attributes: { note: 'param1' } }] } },
    })
    const noted = contacts.map((one, i) => ({ ...one, attributes: { note: i === 70 ? 'n'.repeat(990) : '' } }))
    expect(statuses(await add('octopush', noted, own)).filter((status) => status !== 'created')).toEqual([])
  })
})

describe('a list that may be there already', () => {
  const exists = [
    'code-302',
    '409',
    '409-words',
    '400-words',
    '400-words-fr',
    '422-words',
    '403-words',
    '500-words',
    'made-200',
    'made-201',
    'made-204',
  ] as const

  test.each(exists)('said as %s: contacts get in, one at a time too', async (listExists) => {
    await add('octopush', people(1))
    gateway.simulators.octopush.setBehaviour({ quirks: { listExists } })
    const own = await another({ accounts: { 'octopush-fr': { defaultList: 'sms' } } })
    const contacts = people(3)
    const said = statuses(await add('octopush', contacts, own))
    expect(said).toEqual(['updated', 'created', 'created'])
    const single = await another({ accounts: { 'octopush-fr': { defaultList: 'sms' } } })
    const { status } = await single.call('POST', '/contacts?account=octopush-fr', { body: { phone: '+33612345678' } })
    expect(status).toBe(201)
    const stored = gateway.simulators.octopush.contacts()
    expect(stored.every(({ lists }) => lists.includes('sms'))).toBe(true)
    const makings = gateway.simulators.octopush.requests().filter(({ path }) => path.endsWith('/contact-list/create'))
    expect(makings).toHaveLength(3)
  })

  test.each(['201', '201-list', '200', '200-list', '202', '204', '200-text'] as const)(
    'made with %s: contacts get in',
    async (listMade) => {
      gateway.simulators.octopush.setBehaviour({ quirks: { listMade } })
      expect(statuses(await add('octopush', people(2)))).toEqual(['created', 'created'])
    },
  )

  test.each([
    [{ status: 401 }, 'provider_credentials'],
    [{ status: 503 }, 'provider_unavailable'],
    [{ garbage: { status: 400, text: '{"code":301}', contentType: 'application/json' } }, 'provider_limit_reached'],
    [{ garbage: { status: 200, text: '<html></html>', contentType: 'text/html' } }, 'provider_unreadable'],
  ])('is no matter of course: %j ends it, and nobody is sent', async (behaviour, code) => {
    gateway.simulators.octopush.setBehaviour({ ...behaviour, match: { operation: 'list-create' } })
    const outcomes = await add('octopush', people(2))
    expect(outcomes[0]).toMatchObject({ status: 'failed', error: { code } })
    expect(gateway.simulators.octopush.contacts()).toEqual([])
  })

  test('a refusal in words that are not known: adding tells that it is not there', async () => {
    gateway.simulators.octopush.setBehaviour({
      garbage: { status: 400, text: '{"message":"No."}', contentType: 'application/json' },
      match: { operation: 'list-create' },
    })
    const outcomes = await add('octopush', people(2))
    expect(outcomes[0]).toMatchObject({ status: 'failed', error: { code: 'not_found' } })
  })

  test('a list that was made and does not show yet: the same may be sent again, and an import waits for it', async () => {
    gateway.simulators.octopush.setBehaviour({ quirks: { listLagCalls: 3 } })
    const own = await another({ accounts: { 'octopush-fr': { defaultList: 'sms' } } })
    const [outcome] = await add('octopush', people(1), own)
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'not_found', retriable: true } })
    const alone = await own.call('POST', '/contacts?account=octopush-fr', { body: { phone: '+33612345678' } })
    expect([alone.status, alone.body.retriable ?? true]).not.toEqual([502, false])
    gateway.simulators.octopush.reset()
    gateway.simulators.octopush.setBehaviour({ quirks: { listLagCalls: 3 } })
    const fresh = await another({})
    const done = await importWhole(fresh, { list: 'sms', csv: csvOf(people(3)) })
    expect(done.progress['octopush-fr']).toMatchObject({ created: 3, failed: 0 })
  })

  test('is not made where lists are made by hand', async () => {
    const own = await another({ accounts: { 'octopush-fr': { createLists: false } } })
    const outcomes = await add('octopush', people(2), own)
    expect(outcomes[0]).toMatchObject({ status: 'failed', error: { code: 'not_found' } })
    const paths = gateway.simulators.octopush.requests().map(({ path }) => path)
    expect(paths).toEqual(['/v1/public/contact/create'])
    const { body } = await own.call('POST', '/lists/sms/contacts?validateOnly=true', { body: { contacts: people(1) } })
    expect(body.preview[0].requests).toHaveLength(1)
  })
})

describe('what Octopush says of each contact', () => {
  const kinds = ['absent', 'none', 'strangers', 'first', 'without-numbers', 'masked', 'in-list-object'] as const
  test.each(kinds)('items %s: no lies', async (items) => {
    gateway.simulators.octopush.setBehaviour({ quirks: { items } })
    const contacts = people(5)
    const said = statuses(await add('octopush', contacts))
    expectNoLies('octopush', contacts, said)
    if (items === 'masked' || items === 'in-list-object') expect(new Set(said)).toEqual(new Set(['created']))
  })

  test.each(['pending', 'error', 'failed', 'invalid', 'number'] as const)(
    'the word %s is neither success nor refusal, in a batch, alone, and in a change',
    async (itemStatus) => {
      gateway.simulators.octopush.setBehaviour({ quirks: { itemStatus } })
      const outcomes = await add('octopush', people(3))
      expect(statuses(outcomes)).toEqual(Array(3).fill('unknown'))
      expect(outcomes[0]?.error).toMatchObject({ code: 'provider_unreadable', retriable: false })
      const alone = await gateway.call('POST', '/contacts?account=octopush-fr', { body: { phone: '+33612345678' } })
      expect([alone.status, alone.body.code]).toEqual([504, 'outcome-unknown'])
      const id = encodeURIComponent('octopush-fr:+33612345678')
      const changed = await gateway.call('PATCH', `/contacts/${id}`, { body: { firstName: 'X' } })
      expect([changed.status, changed.body.code]).toEqual([504, 'outcome-unknown'])
    },
  )

  test('capitals, and no word at all, are taken', async () => {
    gateway.simulators.octopush.setBehaviour({ quirks: { itemStatus: 'capitals' } })
    expect(statuses(await add('octopush', people(2)))).toEqual(['created', 'created'])
    gateway.simulators.octopush.setBehaviour({ quirks: { itemStatus: 'absent' } })
    expect(statuses(await add('octopush', people(2)))).toEqual(['accepted', 'accepted'])
  })

  test.each(['digits', 'spaced', 'dashed', 'double-zero', 'national'] as const)(
    'numbers as %s are read',
    async (numberForm) => {
      gateway.simulators.octopush.setBehaviour({ quirks: { numberForm } })
      expect(statuses(await add('octopush', people(3)))).toEqual(Array(3).fill('created'))
    },
  )

  test('one that is skipped, and nobody asked for it, is told; so is that it may be off the list', async () => {
    await add('octopush', people(2))
    gateway.simulators.octopush.setBehaviour({ quirks: { existing: 'skipped' } })
    const [outcome] = await add('octopush', people(2))
    expect(outcome?.status).toBe('skipped')
    expect(outcome?.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['policy_not_enforced', 'not_on_list']),
    )
    const id = encodeURIComponent(outcome?.id ?? '')
    const { status } = await gateway.call('PATCH', `/contacts/${id}`, { body: { firstName: 'X' } })
    expect(status).toBe(409)
  })

  test.each(['contact-left-out', 'call-refused'] as const)(
    'an e-mail that is not taken (%s) blames nobody of an opt-out; without e-mails all get in',
    async (email) => {
      gateway.simulators.octopush.setBehaviour({ quirks: { email } })
      const contacts = people(6).map((one, i) => (i === 4 ? { ...one, email: 'p@example.com' } : one))
      const outcomes = await add('octopush', contacts)
      expectNoLies('octopush', contacts, statuses(outcomes))
      expect(JSON.stringify(outcomes)).not.toContain('blacklisted')
      const own = await another({ accounts: { 'octopush-fr': { sendEmail: false } } })
      const again = await add('octopush', contacts, own)
      expect(statuses(again).filter((status) => status !== 'created' && status !== 'updated')).toEqual([])
      expect(JSON.stringify(again[4]?.warnings)).toContain('field_dropped')
    },
  )

  test.each(['refused', 'first', 'none'] as const)(
    'several tags that are %s: a warning, and with one call each all tags are there',
    async (severalTags) => {
      gateway.simulators.octopush.setBehaviour({ quirks: { severalTags } })
      const contacts = people(4, { tags: ['vip', 'new', 'old'] })
      const outcomes = await add('octopush', contacts)
      expectNoLies('octopush', contacts, statuses(outcomes))
      expect(JSON.stringify(outcomes[0]?.warnings)).toContain('/tags')
      if (severalTags === 'refused') expect(new Set(statuses(outcomes))).toEqual(new Set(['failed']))
      const own = await another({
        accounts: { 'octopush-fr': { manyTags: 'one call each', defaultList: 'sms' } },
      })
      const again = await add('octopush', contacts, own)
      expect(statuses(again).filter((status) => status !== 'created' && status !== 'updated')).toEqual([])
      expect(again[0]?.warnings.filter(({ code }: { code: string }) => code === 'best_effort')).toEqual([])
      await own.call('POST', '/contacts?account=octopush-fr', { body: { phone: '+33612345678', tags: ['a', 'b'] } })
      const tagsOf = new Map(
        gateway.simulators.octopush.contacts().map((one) => [one.phone_number, one.tags.toSorted()]),
      )
      for (const { phone } of contacts) expect(tagsOf.get(phone)).toEqual(['new', 'old', 'vip'])
      expect(tagsOf.get('+33612345678')).toEqual(['a', 'b'])
    },
  )

  test.each([
    [{ status: 400 }, 'created', 'tag_dropped'],
    [{ status: 503 }, 'unknown', undefined],
    [{ rateLimit: {} }, 'unknown', undefined],
    [{ quirks: { itemStatus: 'error' as const } }, 'unknown', undefined],
  ])('a further tag whose call ends with %j: %s', async (behaviour, status, warning) => {
    const own = await another({ accounts: { 'octopush-fr': { manyTags: 'one call each', retries: 0 } } })
    const { octopush } = gateway.simulators
    octopush.setBehaviour({ ...behaviour, match: { operation: 'create', body: '"tag_name":"two"' } })
    const outcomes = await add('octopush', people(2, { tags: ['one', 'two'] }), own)
    expect(statuses(outcomes)).toEqual([status, status])
    if (warning !== undefined)
      expect(outcomes[0]?.warnings).toContainEqual(
        expect.objectContaining({ code: warning, pointer: '#/contacts/0/tags/1' }),
      )
    else expect(outcomes[0]?.error?.retriable).toBe(status === 'unknown' && !('quirks' in behaviour))
  })
})

describe('the errors of an import by Vobiz', () => {
  const rowForms = ['as-quirk', 'zero-based', 'line', 'text', 'absent'] as const
  const numbers = ['shown', 'masked', 'absent', 'null', 'digits', 'empty'] as const
  const errors = ['objects', 'texts', 'null', 'none', 'first', 'by-row', 'details'] as const
  const cases = [
    ...rowForms.flatMap((importRowForm) => numbers.map((importNumber) => ({ importRowForm, importNumber }))),
    ...errors.map((importErrors) => ({ importErrors })),
    ...[201, 202, 207, 422].map((importStatus) => ({ importStatus: importStatus as 201 })),
    { importCounts: 'texts' as const },
    { importCounts: 'absent' as const },
    { importCounts: 'other-names' as const },
    { importCounts: 'nested' as const },
  ]

  test.each(cases)('%j: no lies', async (quirks) => {
    gateway.simulators.vobiz.setBehaviour({ quirks })
    const contacts = people(30).map((one, i) => (i === 7 || i === 21 ? { ...one, name: refusedName } : one))
    const outcomes = await add('vobiz', contacts)
    expectNoLies('vobiz', contacts, statuses(outcomes))
    for (const place of [7, 21]) expect(['rejected', 'unknown']).toContain(outcomes[place]?.status)
    for (const outcome of outcomes) if (outcome.status === 'unknown') expect(outcome.error?.retriable).toBe(true)
  })
})
