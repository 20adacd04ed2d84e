import { worstTexts } from './texts.ts'

/** A request that is as bad as one caller can make it. */
export type WorstRequest = {
  /** What is bad about it. */
  readonly title: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
}

/** Just below the limits that a configuration has by itself. */
const jsonBytes = 2_000_000 - 2_000
const optionsBytes = 255 * 1024
const headerBytes = 60_000
const json = { 'content-type': 'application/json' }

/**
 * Requests that give every parser and every field its largest value, in the worst shapes that are known. All are made
 * anew at each call, one after the other, so that they need not be held together.
 */
export function* worstRequests(): Generator<WorstRequest> {
  yield* worstBodies()
  yield* worstFields()
  yield* worstUploads()
  yield* worstAddresses()
}

function* worstBodies(): Generator<WorstRequest> {
  const post = (title: string, body: string, path = '/lists/newsletter/contacts'): WorstRequest => ({
    title,
    method: 'POST',
    path,
    headers: json,
    body: Buffer.from(body),
  })
  const deep = jsonBytes / 2
  yield post('lists in lists, to the end', '['.repeat(deep) + ']'.repeat(deep))
  yield post('lists in lists that stay open', '['.repeat(jsonBytes))
  yield post('objects in objects', `${'{"a":'.repeat(deep / 3)}1${'}'.repeat(deep / 3)}`)
  yield post('10,000 levels', `{"contacts":[{"attributes":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}]}`)
  yield post('a number after the other as contacts', `{"contacts":[${list('0', jsonBytes)}]}`)
  yield post('a number after the other', `[${list('0', jsonBytes)}]`)
  yield post('empty contacts without end', `{"contacts":[${list('{}', jsonBytes)}]}`)
  yield post('a thousand contacts, each wrong everywhere', `{"contacts":[${times(1_000, () => wrongEverywhere)}]}`)
  yield post(
    'a thousand contacts with members that nobody knows',
    `{"contacts":[${times(1_000, (at) => unknownMembers(at, 40))}]}`,
  )
  yield post('members that nobody knows', `{"contacts":[],${members(jsonBytes, (at) => `"mailadress${at}":0`)}}`)
  yield post(
    'long members that nobody knows',
    `{"contacts":[],${members(jsonBytes, (at) => `"${'ﷺ'.repeat(60)}${at}":0`)}}`,
  )
  yield post('one member of two million characters', `{"${'@'.repeat(jsonBytes)}":0}`)
  yield post('one member of slashes', `{"contacts":[{"attributes":{"${'/~'.repeat(jsonBytes / 2)}":{}}}]}`)
  for (const path of ['/contacts?account=vobiz-in', '/lists/newsletter/contacts']) {
    const frame = (contact: string) => (path.startsWith('/contacts') ? contact : `{"contacts":[${contact}]}`)
    const attributes = (one: (at: number) => string) =>
      frame(`{"email":"a@example.com","attributes":{${members(jsonBytes, one)}}}`)
    yield post(
      `attributes without end (${path})`,
      attributes((at) => `"a${at}":1`),
      path,
    )
    yield post(
      `attributes that are lists (${path})`,
      attributes((at) => `"a${at}":[[],{}]`),
      path,
    )
    yield post(
      `attributes with names that are none (${path})`,
      attributes((at) => `" ${at}-é":"x"`),
      path,
    )
    yield post(
      `tags without end (${path})`,
      frame(`{"email":"a@example.com","tags":[${list('"a"', jsonBytes)}]}`),
      path,
    )
    yield post(
      `tags that are none (${path})`,
      frame(`{"email":"a@example.com","tags":[${list('[]', jsonBytes)}]}`),
      path,
    )
    yield post(
      `exact numbers without end (${path})`,
      attributes((at) => `"a${at}":12345678901234567890`),
      path,
    )
    yield post(`one long exact number (${path})`, frame(`{"attributes":{"a":0.${'1'.repeat(jsonBytes)}}}`), path)
  }
  yield post('a text that is never closed', `{"contacts":[{"name":"${'a'.repeat(jsonBytes)}`)
  yield post('escapes', `{"contacts":[{"name":"${'\\u00e9'.repeat(jsonBytes / 6)}"}]}`)
  yield post('blanks, and then no JSON', `{"contacts":[,${' '.repeat(jsonBytes)}x`)
  yield post('commas and blanks, and then no JSON', `[${'0 , '.repeat(jsonBytes / 4)}`)
  yield post('a thousand contacts of the largest size', `{"contacts":[${times(1_000, largestContact)}]}`)
}

const wrongEverywhere =
  '{"ref":1,"name":[],"firstName":{},"lastName":0,"email":true,"phone":4,"whatsapp":5,"tags":"a","attributes":[],"x":1}'

function unknownMembers(at: number, count: number): string {
  return `{${members(count * 30, (member) => `"phonenumbr_${at}_${member}":0`)}}`
}

function largestContact(at: number): string {
  const attributes = Array.from({ length: 50 }, (_, member) => [`a${member}`, 'x'.repeat(20)])
  return JSON.stringify({
    email: `person${at}@example.com`,
    phone: `+9198765${String(at).padStart(5, '0')}`,
    name: 'ﷺ'.repeat(200),
    tags: Array.from({ length: 5 }, (_, tag) => `t${tag}`),
    attributes: Object.fromEntries(attributes.slice(0, 8)),
  })
}

const fields = ['ref', 'name', 'firstName', 'lastName', 'email', 'phone', 'whatsapp', 'tags', 'attributes'] as const
/** The most that a field may have, in characters, where it has such a limit; what is longer is refused before. */
const legal = 255

function* worstFields(): Generator<WorstRequest> {
  for (const [kind, text] of Object.entries(worstTexts))
    for (const [size, length] of [
      ['as long as may be', legal],
      ['as long as the body', jsonBytes / 8],
    ] as const) {
      const value = text(length).slice(0, length)
      const contact = Object.fromEntries(fields.map((field) => [field, valueFor(field, value)]))
      const body = Buffer.from(JSON.stringify({ contacts: [contact, { ...contact, email: 'a@example.com' }] }))
      const title = `every field of ${kind}, ${size}`
      if (body.length < jsonBytes)
        yield { title, method: 'POST', path: '/lists/newsletter/contacts', headers: json, body }
      for (const field of fields) {
        const patch = Buffer.from(JSON.stringify({ [field]: valueFor(field, value) }))
        if (patch.length > jsonBytes) continue
        const path = '/contacts/octopush-fr:+33612345678'
        yield { title: `a patch of ${field}: ${kind}, ${size}`, method: 'PATCH', path, headers: json, body: patch }
      }
    }
}

function valueFor(field: (typeof fields)[number], value: string): unknown {
  if (field === 'tags') return [value.slice(0, 64), value]
  if (field === 'attributes') return { plan: value, [value.slice(0, 64)]: value }
  return field === 'phone' || field === 'whatsapp' ? value.slice(0, value.length > legal ? value.length : 64) : value
}

function* worstUploads(): Generator<WorstRequest> {
  for (const [kind, text] of Object.entries(worstTexts)) {
    const long = text(headerBytes / 3).slice(0, headerBytes / 3)
    yield upload(`a header of ${kind}`, `${cell(long)}\n1\n`)
    yield upload(`a header of ${kind} beside an e-mail`, `email,${cell(long)}\na@example.com,1\n`)
    const columns = Array.from({ length: 480 }, (_, at) => cell(`${text(36).slice(0, 36)}${at}`))
    yield upload(`480 columns of ${kind}`, `email,${columns.join(',')}\na@example.com${',1'.repeat(480)}\n`)
    const mapping = Object.fromEntries(columns.slice(1).map((_, at) => [`${text(36).slice(0, 36)}${at + 1}`, null]))
    const options = JSON.stringify({ mapping })
    yield upload(
      `480 columns of ${kind}, each with a mapping`,
      `email,${columns.join(',')}\na@example.com${',1'.repeat(480)}\n`,
      options,
    )
    const cells = `${cell(text(15_000).slice(0, 15_000))},`.repeat(4).slice(0, -1)
    yield upload(`cells of ${kind}`, `email,phone,name,tags\n${`${cells}\n`.repeat(40)}`)
    yield upload(
      `a cell of ${kind}, a phone in a country`,
      `phone\n${`${cell(text(20_000).slice(0, 20_000))}\n`.repeat(40)}`,
      '{"defaultCountry":"DE"}',
    )
  }
  yield upload('30,000 columns', `${list('a', 60_000)}\n${list('1', 60_000)}\n`)
  yield upload('30,000 columns with names of their own', `email,${members(60_000, (at) => at.toString(36))}\n1\n`)
  yield upload(
    '500 columns that are mapped, and 500 names that are not there',
    `email,${members(5_000, (at) => `col${at}`)}\n1\n`,
    JSON.stringify({
      mapping: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`nobody${at}${'ﷺ'.repeat(60)}`, 'phone'])),
    }),
  )
  yield upload('rows of many cells', `email,phone\n${`${','.repeat(30_000)}\n`.repeat(60)}`)
  yield upload('rows of nothing', `email\n${'\n'.repeat(2_000_000)}`)
  yield upload('rows of one letter', `email\n${'a\n'.repeat(500_000)}`)
  yield upload('a quote that stays open', `email\n"${'a\n'.repeat(1_000_000)}`)
  yield upload('quotes without end', `email\n${'"'.repeat(2_000_000)}`)
  yield upload('tags without end', `email,tags\n${`a@example.com,"${'a,'.repeat(15_000)}"\n`.repeat(60)}`)
  yield upload('tags in quotes without end', `email,tags\n${`a@example.com,"${'""a"",'.repeat(5_000)}"\n`.repeat(60)}`)
  yield upload(
    'tags by a separator of ten characters',
    `email,tags\n${`a@example.com,${'aaaaaaaaa'.repeat(5_000)}\n`.repeat(60)}`,
    '{"tagSeparator":"aaaaaaaaab"}',
  )
  yield upload(
    'empty cells by fifty spellings',
    `email,name\n${`a@example.com,${'n'.repeat(99)}\n`.repeat(20_000)}`,
    JSON.stringify({ emptyCells: Array.from({ length: 50 }, (_, at) => `${'n'.repeat(98)}${at}`) }),
  )
  yield upload(
    'a mapping of 500 long names',
    'email\na@example.com\n',
    JSON.stringify({
      mapping: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`${'ﷺ'.repeat(165)}${at}`, null])),
    }),
  )
  yield upload(
    'one name in a mapping',
    'email\na@example.com\n',
    JSON.stringify({ mapping: { ['ﷺ'.repeat(80_000)]: 'email' } }),
  )
  yield upload(
    'options in options',
    'email\na@example.com\n',
    `{"mapping":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
  )
  yield upload('options of lists', 'email\na@example.com\n', '['.repeat(optionsBytes))
  yield upload('options of members', 'email\na@example.com\n', `{${members(optionsBytes, (at) => `"a${at}":0`)}}`)
  yield upload('empty cells without end', 'email\na@example.com\n', `{"emptyCells":[${list('"a"', optionsBytes)}]}`)
  const parts = '--b\r\ncontent-disposition: form-data; name="x"\r\n\r\n\r\n'.repeat(20_000)
  yield { ...upload('', ''), title: 'parts without end', body: Buffer.from(`${parts}--b--\r\n`) }
  const heads = `--b\r\n${'x: y\r\n'.repeat(100_000)}\r\n\r\n--b--\r\n`
  yield { ...upload('', ''), title: 'headers of a part without end', body: Buffer.from(heads) }
  const almost = `--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nemail\n${'\r\n--'.repeat(400_000)}\r\n--b--\r\n`
  yield { ...upload('', ''), title: 'what almost ends a part, without end', body: Buffer.from(almost) }
  const name = `--b\r\ncontent-disposition: form-data; name="file"; filename*=UTF-8''${'%'.repeat(60_000)}\r\n\r\nemail\n\r\n--b--\r\n`
  yield { ...upload('', ''), title: 'a file name of percent signs', body: Buffer.from(name) }
}

function upload(title: string, file: string, options?: string): WorstRequest {
  const part = (name: string, content: string) =>
    `--b\r\ncontent-disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n${content}\r\n`
  const body = `${options === undefined ? '' : part('options', options)}${part('file', file)}--b--\r\n`
  return {
    title,
    method: 'POST',
    path: '/lists/newsletter/imports',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.from(body),
  }
}

/** What stands in the address and in headers; Node takes 16 KB of them. */
function* worstAddresses(): Generator<WorstRequest> {
  const get = (title: string, path: string, headers: Record<string, string> = {}): WorstRequest => ({
    title,
    method: 'GET',
    path,
    headers,
  })
  const longest = 12_000
  for (const [kind, text] of Object.entries(worstTexts)) {
    const inAddress = encodeURIComponent(
      text(longest / 9)
        .slice(0, 1_000)
        .toWellFormed(),
    )
      .slice(0, longest)
      .replace(/%.?$/, '')
    yield get(`a contact's id of ${kind}`, `/contacts/${inAddress}`)
    yield get(`a contact's id at an account of ${kind}`, `/contacts/octopush-fr:${inAddress}`)
    yield get(`a list's id of ${kind}`, `/lists/${inAddress}/contacts`)
    yield get(`a query of ${kind}`, `/contacts?account=octopush-fr&phone=${inAddress}`)
    yield get(`an e-mail in a query of ${kind}`, `/contacts?account=oblic-main&email=${inAddress}`)
    yield get(`a cursor of ${kind}`, `/lists/newsletter/contacts?account=oblic-main&cursor=${inAddress}`)
    yield get(`a name in a query of ${kind}`, `/contacts?${inAddress}=1`)
    const header = text(longest / 3)
      .replace(/[^\x20-\x7e]/g, '9')
      .slice(0, longest)
      .trim()
    const of = [
      'idempotency-key',
      'x-forwarded-for',
      'traceparent',
      'prefer',
      'accept',
      'last-event-id',
      'content-type',
      'x-request-id',
      'baggage',
      'origin',
    ]
    for (const name of of) yield get(`a header ${name} of ${kind}`, '/lists', { [name]: header })
    yield {
      title: `a key of ${kind}`,
      method: 'POST',
      path: '/contacts?account=oblic-main',
      headers: { ...json, 'idempotency-key': header },
      body: Buffer.from('{"email":"a@example.com"}'),
    }
    yield {
      title: `a type of ${kind}`,
      method: 'POST',
      path: '/lists/newsletter/imports',
      headers: { 'content-type': `multipart/form-data; boundary=${header}` },
      body: Buffer.from('x'),
    }
  }
  yield get('many addresses before this one', '/lists', { 'x-forwarded-for': list('1.1.1.1', longest) })
  yield get('many preferences', '/lists', { prefer: list('a=b', longest) })
  yield get('many members of a query', `/contacts?${members(longest, (at) => `a${at}=1`).replaceAll(',', '&')}`)
  yield get('one member of a query many times', `/contacts?${list('account=a', longest).replaceAll(',', '&')}`)
  yield get('many steps of a path', '/a'.repeat(longest / 2))
}

/** A list of the same thing, without brackets. */
function list(item: string, bytes: number): string {
  return `${item},`.repeat(Math.floor(bytes / (item.length + 1))).slice(0, -1)
}

/** Items that are told apart by their place, as many as there is room for. */
function members(bytes: number, one: (at: number) => string): string {
  const all: string[] = []
  for (let at = 0, length = 0; ; at++) {
    const member = one(at)
    length += Buffer.byteLength(member) + 1
    if (length > bytes) return all.join(',')
    all.push(member)
  }
}

function times(count: number, one: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => one(at)).join(',')
}

function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
