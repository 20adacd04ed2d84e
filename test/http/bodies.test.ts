import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { converse, statusOf } from '../support/converse.ts'
import { post, upload } from '../support/import-calls.ts'
import { type CallOptions, startGateway, type TestGateway } from '../support/start-gateway.ts'

/** What bodies come as: types, codings, and none at all. */
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway?.close())

const path = '/lists/newsletter/contacts'
const batch = JSON.stringify({ contacts: [{ name: 'Jane', email: 'jane@example.com', phone: '+919876543210' }] })
const preview = (options: CallOptions) => gateway.call('POST', `${path}?validateOnly=true`, options)
const ask = (method: string, to: string, rest: string) =>
  converse(
    gateway.url,
    `${method} ${to} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\nconnection: close\r\n${rest}`,
  )

describe('where a route takes no body and none came, its type does not matter', () => {
  const types = [
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'nonsense',
    '',
  ]
  const none = ['\r\n', 'content-length: 0\r\n\r\n']
  test.each(types)('%s', async (type) => {
    const started = await upload(gateway, { csv: 'email\na@b.example\n' })
    for (const end of [...none, 'transfer-encoding: chunked\r\n\r\n0\r\n\r\n']) {
      if (end.includes('chunked') && !type.includes('/')) continue
      const rest = `content-type: ${type}\r\n${end}`
      expect(statusOf(await ask('POST', `/imports/${started.body.id}/cancel`, rest)), rest).toBe(202)
      expect(statusOf(await ask('DELETE', '/contacts/octopush-fr:+33612345678', rest)), rest).toBe(204)
      expect([204, 404], rest).toContain(statusOf(await ask('DELETE', `${path}/octopush-fr:+33612345678`, rest)))
    }
  })

  test('JSON that came is passed over; a body of any other type is refused, and nothing is done', async () => {
    const { body } = await upload(gateway, { csv: 'email\na@b.example\n' })
    const cancel = (raw: string, type: string) =>
      gateway.call('POST', `/imports/${body.id}/cancel`, { raw, headers: { 'content-type': type } })
    expect((await cancel('{}', 'Application/JSON')).status).toBe(202)
    const refused = await cancel('a=b', 'application/x-www-form-urlencoded')
    expect([refused.status, refused.body.detail]).toEqual([
      415,
      'This address takes no body. Send the request without one.',
    ])
  })

  test('a path that leads nowhere is 404, whatever came with it', async () => {
    const { status } = await gateway.call('POST', '/nowhere', { raw: 'a=b', headers: { 'content-type': 'text/plain' } })
    expect(status).toBe(404)
  })
})

describe('types and codings are compared without case', () => {
  test.each([
    'APPLICATION/JSON',
    'Application/Json; Charset=UTF-8',
    'application/json;charset=utf8',
    'application/json; charset="UTF8"',
  ])('%s is JSON in UTF-8', async (type) => {
    expect((await preview({ raw: batch, headers: { 'content-type': type } })).status).toBe(207)
  })

  test.each(['identity', 'Identity', 'IDENTITY'])('the coding %s is none', async (coding) => {
    expect((await preview({ raw: batch, headers: { 'content-encoding': coding } })).status).toBe(207)
  })

  test.each(['gzip', 'Gzip', 'br', 'identity, gzip'])('the coding %s is refused in words', async (coding) => {
    const { status, body } = await preview({ raw: batch, headers: { 'content-encoding': coding } })
    expect([status, body.detail]).toEqual([415, 'The body has a Content-Encoding. Send it as it is, without one.'])
  })
})

describe('a body of another type is told what came and what to send', () => {
  test.each([
    [
      'application/x-www-form-urlencoded',
      "as curl -d and HTML forms send it. Send JSON, with Content-Type: application/json; with curl, add -H 'Content-Type: application/json'.",
    ],
    ['multipart/form-data; boundary=x', 'The body came as a form (multipart/form-data), and here goes JSON'],
    ['text/csv', 'A CSV file goes to POST /lists/{listId}/imports: curl -F file=@people.csv.'],
    ['application/json; charset=latin1', 'The body is not in UTF-8.'],
    ['application/xml', 'The body is not of a type that is read here. Send JSON'],
    ['json', 'The body is not of a type that is read here. Send JSON'],
  ])('%s', async (type, words) => {
    const { status, body } = await preview({ raw: batch, headers: { 'content-type': type } })
    expect([status, body.code]).toEqual([415, 'unsupported-media-type'])
    expect(body.detail).toContain(words)
  })

  test('no type at all', async () => {
    const answer = await ask('POST', path, `content-length: ${batch.length}\r\n\r\n${batch}`)
    expect(answer).toContain(
      "came without a Content-Type. Send JSON, with Content-Type: application/json; with curl, add -H 'Content-Type: application/json'.",
    )
  })

  test.each([
    ['application/json', '{}', 'Here goes a file, not JSON'],
    ['application/x-www-form-urlencoded', 'email', 'The body came as curl -d and --data-binary send it.'],
    ['text/csv', 'email', 'Send the file as multipart/form-data'],
  ])('to an import: %s', async (type, raw, words) => {
    const { status, body } = await gateway.call('POST', '/lists/newsletter/imports', {
      raw,
      headers: { 'content-type': type },
    })
    expect([status, body.code]).toEqual([415, 'unsupported-media-type'])
    expect(body.detail).toContain(words)
    expect(body.detail).toContain('curl -F file=@people.csv')
  })

  test('a form to a list', async () => {
    const form = new FormData()
    form.append('file', new Blob([batch]), 'batch.json')
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${gateway.key()}` },
    })
    expect(response.status).toBe(415)
    expect(((await response.json()) as { detail: string }).detail).toContain('POST /lists/{listId}/imports')
    expect((await post(gateway, form)).status).not.toBe(415)
  })
})
