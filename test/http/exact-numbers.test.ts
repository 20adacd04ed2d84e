import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { post, untilDone } from '../support/import-calls.ts'
import { createRandom } from '../support/random.ts'
import { type CallOptions, startGateway, type TestGateway } from '../support/start-gateway.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await startGateway({ accounts: { 'vobiz-in': { timeoutMs: 400, retries: 0 } } })
})
afterEach(() => gateway.close())

const phone = '+919876543210'
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** What a contact may hold at Vobiz: every form that a double would change, alone and inside of others. */
const numbers = [
  '"whole":9007199254740993',
  '"long":123456789012345678901234567890',
  '"huge":1e400',
  '"tiny":-1.5E-400',
  '"zero":-0',
  '"one":1.0',
  '"price":0.10',
  '"fraction":0.1000000000000000055',
  '"digits":3.141592653589793238462643383279',
  '"list":[1.0,[9007199254740993],"9007199254740993"]',
  '"object":{"deep":{"deeper":-12345678901234567890.50}}',
  '"plain":42',
].join()

/** Puts a contact into Vobiz as somebody else would. @returns its id at the gateway */
async function heldAtVobiz(attributes: string): Promise<string> {
  const { authId, authToken } = gateway.simulators.credentials.vobiz
  const response = await fetch(`${gateway.simulators.vobiz.baseUrl}/contacts`, {
    method: 'POST',
    headers: { 'x-auth-id': authId, 'x-auth-token': authToken, 'content-type': 'application/json' },
    body: `{"phone_number":"${phone}","name":"Jane","tags":["vip","whatsapp"],"custom_attributes":{${attributes}}}`,
  })
  const { id } = (await response.json()) as { id: string }
  return `vobiz-in:${id}`
}

const attributesAtVobiz = () => JSON.stringify(gateway.simulators.vobiz.contacts()[0]?.custom_attributes)
const tagsAtVobiz = () => gateway.simulators.vobiz.contacts()[0]?.tags
const at = (id: string) => `/contacts/${encodeURIComponent(id)}`
const json = (raw: string, headers: Record<string, string> = {}): CallOptions => ({ raw, headers })
const puts = () => gateway.simulators.vobiz.requests().filter(({ method }) => method === 'PUT')

describe('long whole numbers that a contact holds at Vobiz come back digit by digit', () => {
  test('from every read', async () => {
    const id = await heldAtVobiz(numbers)
    for (const path of [at(id), '/contacts?account=vobiz-in', '/lists/whatsapp/contacts']) {
      const { status, text } = await gateway.call('GET', path)
      expect([path, status]).toEqual([path, 200])
      expect(text).toContain(`"attributes":{${numbers}}`)
    }
  })

  test('from a page in the form before June 2026 whose counts are written with a fraction', async () => {
    const page = `{"data":[{"id":"x","phone_number":"${phone}","custom_attributes":{${numbers}}}],"meta":{"total":26.0,"limit":25.0}}`
    gateway.simulators.vobiz.setBehaviour({ garbage: { text: page, contentType: 'application/json' } })
    const { status, text, body } = await gateway.call('GET', '/contacts?account=vobiz-in')
    expect([status, typeof body.nextCursor]).toEqual([200, 'string'])
    expect(text).toContain(`"attributes":{${numbers}}`)
  })

  test.each([
    ['a patch of the tags', '{"tags":["gold"]}', numbers, ['gold']],
    ['a patch of the name', '{"name":"Ann"}', numbers, ['vip', 'whatsapp']],
    ['a patch of another attribute', '{"attributes":{"plan":"a"}}', `${numbers},"plan":"a"`, ['vip', 'whatsapp']],
    ['a patch of the e-mail', '{"email":"j@example.com"}', `${numbers},"email":"j@example.com"`, ['vip', 'whatsapp']],
    [
      'a patch that takes one away',
      '{"attributes":{"plain":null}}',
      numbers.replace(',"plain":42', ''),
      ['vip', 'whatsapp'],
    ],
  ])('from %s', async (_name, patch, attributes, tags) => {
    const id = await heldAtVobiz(numbers)
    const { status, text } = await gateway.call('PATCH', at(id), json(patch))
    expect(status, text).toBe(200)
    expect(text).toContain('"whole":9007199254740993,"long":123456789012345678901234567890,"huge":1e400')
    expect([attributesAtVobiz(), tagsAtVobiz()]).toEqual([`{${attributes}}`, tags])
    expect(puts()).toHaveLength(1)
  })

  test.each([
    ['the attributes of which merge', 'merged'],
    ['the attributes of which are replaced', 'replaced'],
  ] as const)('from a list that it is added to, %s', async (_name, attributesUpdate) => {
    gateway.simulators.vobiz.setBehaviour({ quirks: { attributesUpdate } })
    await heldAtVobiz(numbers)
    const contacts = `{"contacts":[{"name":"Jane","phone":"${phone}","tags":["gold"],"attributes":{"plan":"a","one":2.0}}]}`
    const { status, body } = await gateway.call('POST', '/lists/whatsapp/contacts', json(contacts))
    expect([status, body.results[0].outcomes[0].status]).toEqual([207, 'updated'])
    expect(attributesAtVobiz()).toBe(`{${numbers.replace('"one":1.0', '"one":2.0')},"plan":"a"}`)
    expect(new Set(tagsAtVobiz())).toEqual(new Set(['vip', 'whatsapp', 'gold']))
  })

  test('from a list that it is taken off', async () => {
    const id = await heldAtVobiz(numbers)
    expect((await gateway.call('DELETE', `/lists/whatsapp${at(id)}`)).status).toBe(204)
    expect([attributesAtVobiz(), tagsAtVobiz()]).toEqual([`{${numbers}}`, ['vip']])
  })

  test.each(['update', 'skip'])('from a create that meets it (%s)', async (onConflict) => {
    await heldAtVobiz(numbers)
    const contact = `{"name":"Jane","phone":"${phone}","tags":["gold"],"onConflict":"${onConflict}"}`
    const { status, text } = await gateway.call('POST', '/contacts?account=vobiz-in', json(contact))
    expect(status).toBe(200)
    expect(text).toContain(`"attributes":{${numbers}}`)
    expect(attributesAtVobiz()).toBe(`{${numbers}}`)
  })

  test('from an answer that is kept under a key', async () => {
    const id = await heldAtVobiz(numbers)
    const keyed = json('{"tags":["gold"]}', { 'idempotency-key': 'exact-numbers-0001' })
    const first = await gateway.call('PATCH', at(id), keyed)
    const again = await gateway.call('PATCH', at(id), keyed)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.text).toBe(first.text)
    expect(again.text).toContain(`"attributes":{${numbers}}`)
    expect(puts()).toHaveLength(1)
  })

  test(`of any form, from a read and a patch (SEED=${seed})`, async () => {
    const random = createRandom(seed)
    const digits = (most: number) => Array.from({ length: 1 + random.int(most) }, () => random.int(10)).join('')
    const number = () =>
      random.pick(['', '-']) +
      random.pick(['0', `${1 + random.int(9)}`, `${1 + random.int(9)}${digits(40)}`]) +
      random.pick(['', '', `.${digits(30)}`]) +
      random.pick(['', '', `${random.pick(['e', 'E'])}${random.pick(['', '+', '-'])}${digits(3)}`])
    const many = Array.from({ length: 200 }, (_, index) => `"n${index}":${number()}`).join()
    const id = await heldAtVobiz(many)
    expect((await gateway.call('GET', at(id))).text).toContain(`"attributes":{${many}}`)
    const { text } = await gateway.call('PATCH', at(id), json('{"attributes":{"plan":"a"}}'))
    expect(text).toContain(`"attributes":{${many},"plan":"a"}`)
    expect(attributesAtVobiz()).toBe(`{${many},"plan":"a"}`)
  })
})

const tooLarge = [
  '12345678901234567890',
  '9007199254740993',
  '-9007199254740993',
  '9007199254740994',
  '9007199254740993.0',
  '9007199254740992.5',
  '900719925474099.3e1',
  '1e16',
  '1e400',
  '-1e400',
  '100000000000000000000',
  `1${'0'.repeat(400)}`,
]
const carried = ['9007199254740992', '-9007199254740992', '1.0', '1e3', '-0', '0.10', '1.10000000000000001', '1e-400']

describe('a number of a caller', () => {
  const attribute = (number: string) => `{"name":"Jane","phone":"${phone}","attributes":{"a":1,"n":${number}}}`
  const places: [string, (contact: string) => Promise<{ status: number; body: { errors: unknown[] } }>, string][] = [
    [
      'a batch',
      (contact) => gateway.call('POST', '/lists/whatsapp/contacts', json(`{"contacts":[${contact}]}`)),
      '#/contacts/0/attributes/n',
    ],
    [
      'a batch that becomes an import',
      (contact) =>
        gateway.call(
          'POST',
          '/lists/whatsapp/contacts',
          json(`{"contacts":[${contact}]}`, { prefer: 'respond-async' }),
        ),
      '#/contacts/0/attributes/n',
    ],
    ['a contact', (contact) => gateway.call('POST', '/contacts?account=vobiz-in', json(contact)), '#/attributes/n'],
    ['a patch', (contact) => gateway.call('PATCH', '/contacts/vobiz-in%3Acnt_1', json(contact)), '#/attributes/n'],
  ]

  test.each(places)('beyond ±2^53 is refused in %s, with its place and what to do', async (_name, send, pointer) => {
    for (const number of tooLarge) {
      const { status, body } = await send(attribute(number))
      expect([number, status, body.errors]).toEqual([
        number,
        422,
        [
          {
            pointer,
            code: 'number_too_large',
            detail: expect.stringMatching(/±9007199254740992.*send it as a string/),
          },
        ],
      ])
    }
    expect(gateway.simulators.vobiz.requestTotal()).toBe(0)
  })

  test.each(['12345678901234567890', '1.0', '1e400'])('%s stands where there is no place for one', async (number) => {
    const wrong = `{"contacts":[{"phone":${number},"tags":[${number}],"attributes":${number},"x":${number}},${number}]}`
    const { status, body } = await gateway.call('POST', '/lists/whatsapp/contacts', json(wrong))
    expect(status).toBe(422)
    expect(body.errors.map(({ pointer, code }: Record<string, string>) => [pointer, code]).sort()).toEqual([
      ['#/contacts/0/attributes', 'type'],
      ['#/contacts/0/phone', 'type'],
      ['#/contacts/0/tags/0', 'type'],
      ['#/contacts/0/x', 'unknown_member'],
      ['#/contacts/1', 'type'],
    ])
    expect((await gateway.call('POST', '/lists/whatsapp/contacts', json(number))).body.errors).toMatchObject([
      { pointer: '#', code: 'type' },
    ])
    const form = new FormData()
    form.append('options', `{"mapping":{"text":${number}}}`)
    form.append('file', new Blob(['name,phone\nJane,+919876543210\n']), 'people.csv')
    const upload = await post(gateway, form)
    expect([upload.status, upload.body.errors[0].pointer]).toEqual([422, '#/options/mapping/text'])
  })

  test('is named beside what else is wrong', async () => {
    const raw = `{"contacts":[{"phone":5,"attributes":{"n":1e16}},{"phone":"${phone}","attributes":{"m":1e400,"ok":1.0}}]}`
    const { body } = await gateway.call('POST', '/lists/whatsapp/contacts', json(raw))
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '#/contacts/0/phone',
      '#/contacts/0/attributes/n',
      '#/contacts/1/attributes/m',
    ])
  })

  test('of more than 1,000 characters is refused, as a text is', async () => {
    const number = (characters: number) => `0.${'1'.repeat(characters - 2)}`
    const refused = await gateway.call('POST', '/contacts?account=vobiz-in', json(attribute(number(1001))))
    expect([refused.status, refused.body.errors]).toMatchObject([
      422,
      [{ pointer: '#/attributes/n', code: 'number_too_long' }],
    ])
    expect((await gateway.call('POST', '/contacts?account=vobiz-in', json(attribute(number(1000))))).status).toBe(201)
    expect(attributesAtVobiz()).toBe(`{"a":1,"n":${number(1000)}}`)
  })

  test.each(carried)('%s is sent and answered as it is written', async (number) => {
    const created = await gateway.call('POST', '/contacts?account=vobiz-in', json(attribute(number)))
    expect(created.status).toBe(201)
    expect(created.text).toContain(`"attributes":{"a":1,"n":${number}}`)
    expect(attributesAtVobiz()).toBe(`{"a":1,"n":${number}}`)
    const patched = await gateway.call('PATCH', at(created.body.contact.id), json(`{"attributes":{"m":${number}}}`))
    expect(patched.text).toContain(`"attributes":{"a":1,"n":${number},"m":${number}}`)
    expect(attributesAtVobiz()).toBe(`{"a":1,"n":${number},"m":${number}}`)
  })

  test.each(carried)(
    '%s is previewed, and sent by a batch, as it is written, to Octopush as a text',
    async (number) => {
      const batch = `{"contacts":[{"name":"Jane","phone":"${phone}","email":"j@example.com","attributes":{"title":${number}}}]}`
      const preview = await gateway.call('POST', '/lists/newsletter/contacts?validateOnly=true', json(batch))
      expect(preview.text).toContain(`"custom_attributes":{"title":${number},`)
      expect(preview.text).toContain(`"param3":"${number}"`)
      await gateway.call('POST', '/lists/newsletter/contacts', json(batch))
      expect(attributesAtVobiz()).toBe(`{"title":${number},"email":"j@example.com"}`)
      expect(gateway.simulators.octopush.contacts()[0]?.param3).toBe(number)
    },
  )

  test('is sent as it is written by an import of a batch, and stands so in its report', async () => {
    const attributes = carried.map((number, index) => `"n${index}":${number}`).join()
    const batch = `{"contacts":[{"name":"Jane","phone":"${phone}","attributes":{${attributes}}},{"name":"Bad","phone":"12","attributes":{${attributes}}}]}`
    const accepted = await gateway.call('POST', '/lists/whatsapp/contacts', json(batch, { prefer: 'respond-async' }))
    await untilDone(gateway, accepted.body.id)
    expect(attributesAtVobiz()).toBe(`{${attributes}}`)
    const report = await gateway.call('GET', `/imports/${accepted.body.id}/errors.csv`)
    // What a spreadsheet would take for a formula has an apostrophe before it, which an upload takes away again.
    const cells = carried.map((number) => (number.startsWith('-') ? `'${number}` : number))
    expect(report.text.split('\n')[1]).toMatch(`Bad,12,${cells.join()},2,vobiz-in,rejected,phone_not_e164,`)
  })

  test('that Vobiz has in another form is there already, in other digits it is not', async () => {
    const lost = { hang: 'after' as const, match: { method: 'POST' }, times: 1 }
    const send = (number: string) => gateway.call('POST', '/contacts?account=vobiz-in', json(attribute(number)))
    const now = new Date().toISOString()
    const answer = (number: string) => ({
      garbage: {
        text: `{"items":[{"id":"cnt_1","name":"Jane","phone_number":"${phone}","custom_attributes":{"a":1.0,"n":${number}},"created_at":"${now}","updated_at":"${now}"}]}`,
        contentType: 'application/json',
      },
      match: { method: 'GET' },
    })
    const { vobiz } = gateway.simulators
    vobiz.setBehaviour({ rules: [lost, answer('0.1')] })
    expect((await send('0.10')).body.status).toBe('created')
    expect(puts()).toEqual([])
    vobiz.reset()
    vobiz.setBehaviour({ rules: [lost, answer('1.1')] })
    await send('1.10000000000000001')
    expect(JSON.stringify(puts()[0]?.body)).toContain('"n":1.10000000000000001')
  })
})

describe('two different numbers under one key are two requests', () => {
  test.each([
    ['1.10000000000000001', '1.1'],
    ['0.1', '0.1000000000000000055'],
    ['1', '1.0'],
    ['0', '-0'],
    ['1e-400', '1e-401'],
  ])('%s and %s', async (one, other) => {
    const contact = (number: string) => `{"name":"Jane","phone":"${phone}","attributes":{"n":${number}}}`
    const ways: [
      string,
      (
        number: string,
        headers: Record<string, string>,
      ) => Promise<{ status: number; headers: Headers; body: { code?: string } }>,
    ][] = [
      [
        'contact',
        (number, headers) => gateway.call('POST', '/contacts?account=vobiz-in', json(contact(number), headers)),
      ],
      [
        'batch',
        (number, headers) =>
          gateway.call('POST', '/lists/whatsapp/contacts', json(`{"contacts":[${contact(number)}]}`, headers)),
      ],
      [
        'import',
        (number, headers) =>
          gateway.call(
            'POST',
            '/lists/whatsapp/contacts',
            json(`{"contacts":[${contact(number)}]}`, { ...headers, prefer: 'respond-async' }),
          ),
      ],
    ]
    for (const [name, send] of ways) {
      const key = { 'idempotency-key': `exact-numbers-${name}` }
      expect((await send(one, key)).status, name).toBeLessThan(300)
      const reused = await send(other, key)
      expect([name, reused.status, reused.body.code]).toEqual([name, 422, 'idempotency-key-reused'])
      expect((await send(one, key)).headers.get('idempotency-replayed'), name).toBe('true')
    }
  })
})

describe('the code of a provider, as a number,', () => {
  test.each([
    ['12345678901234567890', '[number]', 'is taken for personal data where it is as long as a phone number'],
    ['121.0', '121', 'is the same with a fraction of nothing'],
    ['1e2', '100', 'is the same with an exponent'],
    ['1.50', '1.50', 'is as it is written where it is no whole number'],
  ])('%s is shown as %s: it %s', async (code, shown) => {
    const contact = json('{"name":"Jane","phone":"+33612345678","email":"j@example.com"}')
    const { oblic, octopush, vobiz } = gateway.simulators
    const garbage = (text: string) => ({ garbage: { status: 400, text, contentType: 'application/json' } })
    oblic.setBehaviour(garbage(`{"status":"error","errors":[{"cd":${code}}]}`))
    octopush.setBehaviour(garbage(`{"code":${code}}`))
    vobiz.setBehaviour(garbage(`{"error":{"code":${code}}}`))
    for (const account of ['oblic-main', 'octopush-fr', 'vobiz-in']) {
      const { body } = await gateway.call('POST', `/contacts?account=${account}`, contact)
      expect([account, body.provider?.code]).toEqual([account, shown])
    }
  })
})

test('a body that is nested more than 64 levels deep is refused, with long numbers in it or without', async () => {
  const deep = (levels: number, number: string) =>
    json(`{"contacts":[{"attributes":${'{"a":'.repeat(levels)}${number}${'}'.repeat(levels)}}]}`)
  for (const number of ['1', '1.0', '9007199254740993'])
    for (const [levels, refusal] of [
      [61, '422 validation-failed'],
      [62, '400 malformed-json'],
      [5_000, '400 malformed-json'],
      [50_000, '400 malformed-json'],
    ] as const) {
      const { status, body } = await gateway.call('POST', '/lists/whatsapp/contacts', deep(levels, number))
      expect([number, levels, `${status} ${body.code}`]).toEqual([number, levels, refusal])
    }
})
