import { list, members, times } from './repeat.ts'
import { json, jsonBytes, type WorstRequest } from './worst-request.ts'

/** Bodies that are deep, wide or long. */
export function* worstBodies(): Generator<WorstRequest> {
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
