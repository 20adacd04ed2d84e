import { afterAll, beforeAll, expect, test } from 'vitest'
import { converse, statusOf } from '../support/converse.ts'
import { startGateway, type TestGateway } from '../support/start-gateway.ts'

/** Requests with an `Expect` header, which Node answers below the framework. */
const path = '/lists/newsletter/contacts'
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway?.close())

test.each(['nonsense', '200-ok', '100'])(
  'a request that expects %s is refused with a problem, and its connection closed',
  async (expectation) => {
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\n`
    const rest = 'content-type: application/json\r\ncontent-length: 200\r\nx-request-id: expects-1234\r\n'
    const answer = await converse(gateway.url, `${head}${rest}expect: ${expectation}\r\n\r\n`)
    expect(statusOf(answer), answer).toBe(400)
    expect(answer).toMatch(/content-type: application\/problem\+json\r/i)
    expect(answer).toContain('"code":"malformed-request"')
    expect(answer).toMatch(/x-request-id: expects-1234\r/i)
  },
)

test('100-continue is met once the head is read', async () => {
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\nconnection: close\r\n`
  const body = 'content-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n{}'
  const answer = await converse(gateway.url, head + body)
  expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 422'])
})
