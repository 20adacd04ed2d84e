import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { converse } from '../support/converse.ts'
import { post, upload } from '../support/import-calls.ts'
import { type Answer, startGateway, type TestGateway } from '../support/start-gateway.ts'

/** The first mistakes of people: what they are told mends them. */
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway({ clients: { 'sms-only': { lists: ['sms'] } } })
})
afterAll(() => gateway?.close())

const path = '/lists/newsletter/contacts'
const add = (body: unknown, to = path) => gateway.call('POST', `${to}?validateOnly=true`, { body })
const told = ({ body }: Answer): Record<string, string> =>
  Object.fromEntries((body.errors ?? []).map(({ pointer, detail }: Record<string, string>) => [pointer, detail]))
const jane = { name: 'Jane', email: 'jane@example.com' }

describe('a member of another name', () => {
  test.each([
    ['first_name', 'firstName'],
    ['lastname', 'lastName'],
    ['mobile', 'phone'],
    ['Email', 'email'],
    ['e-mail', 'email'],
    ['Vorname', 'firstName'],
    ['phoneNumber', 'phone'],
    ['whatsApp', 'whatsapp'],
    ['attribute', 'attributes'],
  ])('%s: did you mean %s?', async (written, meant) => {
    const detail = `No such member is known here. Did you mean ${meant}?`
    expect(told(await add({ contacts: [{ ...jane, [written]: 'x' }] }))[`#/contacts/0/${written}`]).toBe(detail)
    const single = await gateway.call('POST', '/contacts?account=vobiz-in', { body: { [written]: 'x' } })
    expect(told(single)[`#/${written}`]).toBe(detail)
  })

  test('of a batch and of options', async () => {
    expect(told(await add({ contacts: [jane], default_country: 'IN' }))['#/default_country']).toContain(
      'Did you mean defaultCountry?',
    )
    expect(told(await add({ contact: [jane] }))['#/contact']).toContain('Did you mean contacts?')
    const csv = 'email\na@b.example\n'
    expect(told(await upload(gateway, { csv, options: { seperator: ';' } }))['#/options/seperator']).toContain(
      'Known are',
    )
    expect(told(await upload(gateway, { csv, options: { delimeter: ';' } }))['#/options/delimeter']).toContain(
      'Did you mean delimiter?',
    )
  })

  test('that is none at all can become an attribute, so that nothing is lost', async () => {
    expect(told(await add({ contacts: [{ ...jane, city: 'Pune' }] }))['#/contacts/0/city']).toBe(
      'No such member is known here. Further values go into attributes, as {"attributes": {"city": … }}. Put it there, or leave it out.',
    )
    expect(told(await add({ contacts: [{ ...jane, attributes: { 'home town': 'Pune' } }] }))).toEqual({
      '#/contacts/0/attributes/home%20town': expect.stringContaining('Did you mean home_town?'),
    })
  })
})

describe('the frame of a batch', () => {
  test.each([
    ['one contact without it', jane, '#/contacts'],
    ['a list without it', [jane], '#'],
    ['a text', 'jane@example.com', '#'],
  ])('%s', async (_name, body, pointer) => {
    expect(told(await add(body))[pointer]).toMatch(/^Send \{"contacts": \[ … \]\}: /)
  })

  test('one contact in the place of the list, and the frame where one contact goes', async () => {
    expect(told(await add({ contacts: jane }))).toEqual({
      '#/contacts': 'It is an object, and has to be a list. Put it in brackets: [ … ].',
    })
    const single = await gateway.call('POST', '/contacts?account=vobiz-in', { body: { contacts: [jane] } })
    expect(told(single)['#/contacts']).toContain('One contact goes here, without a frame')
  })
})

test('what is wrong is told in words, never in those of the validator', async () => {
  const wrong = {
    contacts: [
      {
        phone: 919876543210,
        name: null,
        email: 'x'.repeat(300),
        tags: 'vip',
        attributes: { a: {}, b: 'x'.repeat(1001) },
      },
      { tags: ['', 5] },
      5,
      { attributes: [], tags: Array(60).fill('a') },
    ],
    onConflict: 'merge',
    defaultCountry: 'india',
  }
  expect(told(await add(wrong))).toEqual({
    '#/contacts/0/phone': 'It is a number, and has to be a text. Put it in quotes: " … ".',
    '#/contacts/0/name': 'It is null, and has to be a text. Leave it out instead.',
    '#/contacts/0/email': 'It has more than 254 characters, which is the most. Shorten it.',
    '#/contacts/0/tags': 'It is a text, and has to be a list. Put it in brackets: [ … ].',
    '#/contacts/0/attributes/a': 'It is an object, and has to be a text or a number or true or false or null.',
    '#/contacts/0/attributes/b': 'It has more than 1000 characters, which is the most. Shorten it.',
    '#/contacts/1/tags/0': 'It is empty. Leave it out instead.',
    '#/contacts/1/tags/1': 'It is a number, and has to be a text. Put it in quotes: " … ".',
    '#/contacts/2': 'It is a number, and has to be an object.',
    '#/contacts/3/attributes': 'It is a list, and has to be an object.',
    '#/contacts/3/tags': 'It has more than 50 items, which is the most.',
    '#/onConflict': 'It has to be "update" or "skip".',
    '#/defaultCountry': 'It is not of the right form, which is for example "IN".',
  })
  expect(told(await add({ contacts: [] }))).toEqual({ '#/contacts': 'It is empty. Put something into it.' })
  expect(told(await gateway.call('GET', '/contacts?account=vobiz-in&limit=0'))).toEqual({
    '#/query/limit': 'It has to be at least 1.',
  })
  expect(told(await gateway.call('GET', '/contacts?account=vobiz-in&limit=ten'))).toEqual({
    '#/query/limit': 'It is a text, and has to be a whole number.',
  })
  expect(told(await gateway.call('GET', '/contacts?acount=vobiz-in'))).toEqual({
    '#/query/acount': 'No such member is known here. Did you mean account?',
  })
})

describe('JSON that is none', () => {
  test.each([
    [
      '{"contacts":[\n  {"name":"Jane",\n   "email" "a@b.example"}\n]}',
      'line 3, column 12. A comma or a colon seems to be missing before it.',
    ],
    ["{'contacts':[]}", 'line 1, column 2. Texts and names stand in double quotes.'],
    ['{contacts:[]}', 'line 1, column 2. Texts and names stand in double quotes.'],
    ['{"contacts":[{"name":"Jane",}]}', 'line 1, column 29. There is a comma behind the last item.'],
    ['{"contacts":[1,]}', 'line 1, column 16. There is a comma behind the last item.'],
    [
      '{"contacts":[{"name":"Jane" "email":"a@b"}]}',
      'line 1, column 29. A comma or a colon seems to be missing before it.',
    ],
    ['{“contacts”:[]}', 'line 1, column 2. These quotes are not the plain ones: ".'],
    ['{"contacts":[', 'line 1, column 14. It ends there: something is missing at the end.'],
    ['{"contacts":[]}}', 'line 1, column 16.'],
    ['{"contacts":[] // none\n}', 'line 1, column 16. JSON has no comments.'],
    ['{"name":"C:\\Users"}', 'line 1, column 12. A backslash in a text is written \\\\.'],
    ['{"name":"a\nb"}', 'line 1, column 11. A line break or tab inside a text is written \\n or \\t.'],
    ['{"a":NaN}', 'line 1, column 6.'],
    ['{"a":01}', 'line 1, column 7.'],
  ])('%j: %s', async (raw, where) => {
    const { status, body } = await gateway.call('POST', path, { raw })
    expect([status, body.code]).toEqual([400, 'malformed-json'])
    expect(body.detail).toBe(`The body is not valid JSON: ${where} Mend it and send it again; nothing was sent.`)
  })

  test('is found at any depth without a defect', async () => {
    for (const raw of ['['.repeat(200_000), `${'{"a":'.repeat(100_000)}x`, `[${'1,'.repeat(99_000)}`])
      expect((await gateway.call('POST', path, { raw })).status).toBe(400)
  })

  test('a byte order mark before it is passed over', async () => {
    const { status } = await gateway.call('POST', `${path}?validateOnly=true`, {
      raw: `\ufeff${JSON.stringify({ contacts: [jane] })}`,
    })
    expect(status).toBe(207)
  })
})

describe('uploads', () => {
  const file = new Blob(['email\na@b.example\n'])
  const form = (parts: Record<string, string | Blob>) => {
    const made = new FormData()
    for (const [name, value] of Object.entries(parts)) made.append(name, value)
    return made
  }

  test('the part options that is no JSON is told by its name and place', async () => {
    const { status, body } = await post(gateway, form({ options: "{mapping: {'City': null}}", file }))
    expect([status, body.code]).toEqual([400, 'malformed-json'])
    expect(body.detail).toContain(
      'The part options is not valid JSON: line 1, column 2. Texts and names stand in double quotes.',
    )
  })

  test.each([
    ['File', 'Did you mean file?'],
    ['option', 'Did you mean options?'],
    ['mapping', `Put it into options: -F 'options={"mapping": … }'.`],
    ['delimiter', `Put it into options: -F 'options={"delimiter": … }'.`],
    ['list', 'Leave the others out.'],
  ])('a part %s: %s', async (name, words) => {
    expect(told(await post(gateway, form({ [name]: 'x' })))[`#/${name}`]).toContain(words)
  })

  test('-F file=people.csv sends a name and no file', async () => {
    expect(told(await post(gateway, form({ file: 'people.csv' })))).toEqual({
      '#/file': 'The part file holds the name of a file, not the file. With curl an @ reads it: -F file=@people.csv.',
    })
    expect((await post(gateway, form({ file: 'email\na@b.example\n' }))).status).toBe(202)
  })

  test('a boundary that is missing is not to be sent again, but left to the library', async () => {
    const head = `POST /lists/newsletter/imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\nconnection: close\r\n`
    const answer = await converse(
      gateway.url,
      `${head}content-type: multipart/form-data\r\ncontent-length: 5\r\n\r\n--x--`,
    )
    expect(answer).toContain('The header Content-Type has no boundary. Do not set it yourself')
  })

  test('a mapping the wrong way round', async () => {
    const csv = 'Mobile,Plan\n+919876543210,gold\n'
    const { status, body } = await upload(gateway, { csv, options: { mapping: { phone: 'Mobile' } } })
    expect(status).toBe(422)
    expect(body.errors[0].detail).toBe('The mapping is the wrong way round: write {"Mobile": "phone"}.')
    expect((await upload(gateway, { csv, options: { mapping: { Mobile: 'phone' } } })).status).toBe(202)
  })
})

describe('a list that is misspelt', () => {
  const detail = async (id: string, client?: string, key?: null) =>
    (
      await gateway.call('POST', `/lists/${id}/contacts`, {
        body: { contacts: [jane] },
        key: key ?? gateway.key(client),
      })
    ).body.detail

  test('is told the near name among those that the client may use', async () => {
    for (const id of ['newsleter', 'Newsletter', 'news-letter', 'newsletters'])
      expect(await detail(id)).toBe('There is no such list, or this client may not see it. Did you mean newsletter?')
    expect(await detail('nothing')).toContain('GET /lists shows those that it may use.')
  })

  test('never tells a name that the client may not use, nor that there is one', async () => {
    for (const id of ['newsleter', 'newsletter', 'whatsap', 'whatsapp', 'nothing'])
      expect(await detail(id, 'sms-only')).toBe(await detail('elsewhere', 'sms-only'))
    const unknown = await gateway.call('GET', '/lists/newsleter', { key: null })
    expect([unknown.status, unknown.text]).toEqual([401, expect.not.stringContaining('newsletter')])
  })
})
