import { expect, test } from 'vitest'
import { ok, secret, serve } from './channel.ts'

const timeoutMs = 2_000

test('a form goes out encoded, with its type and the credentials', async () => {
  const { server, channel } = await serve({ request: (socket) => socket.write(ok('{}')) })
  await channel.send({ method: 'POST', path: '/token', form: { grant_type: 'a', secret: 'x&y=z é' } }, { timeoutMs })
  expect(server.received()).toContain('content-type: application/x-www-form-urlencoded\r\n')
  expect(server.received()).toContain(`api-key: ${secret}\r\n`)
  expect(server.received().endsWith('\r\n\r\ngrant_type=a&secret=x%26y%3Dz+%C3%A9')).toBe(true)
})

test('headers of a request go beside those of all, and its type stands in place of the usual one', async () => {
  const { server, channel } = await serve({ request: (socket) => socket.write(ok('{}')) })
  const headers = { 'content-type': 'application/merge-patch+json', 'if-match': '"7"' }
  await channel.send({ method: 'PATCH', path: '/a', headers, json: { name: null } }, { timeoutMs })
  const [head = '', body] = server.received().split('\r\n\r\n')
  expect(head).toMatch(/^PATCH \/a HTTP/)
  expect(head.toLowerCase().match(/^content-type:.*$/gm)).toEqual(['content-type: application/merge-patch+json'])
  expect(head).toContain('if-match: "7"')
  expect(head).toContain(`api-key: ${secret}`)
  expect(body).toBe('{"name":null}')
})

test.each([{ 'api-key': 'another' }, { 'user-agent': 'curl' }, { 'If-Match': '"7"' }])(
  'an adapter that sets %j is a defect, and nothing is sent',
  async (headers) => {
    const { server, channel } = await serve({ request: (socket) => socket.write(ok('{}')) })
    await expect(channel.send({ method: 'GET', path: '/a', headers }, { timeoutMs })).rejects.toThrow('header')
    expect(server.received()).toBe('')
  },
)

test('an answer shows the headers that came, by their names in lower case', async () => {
  const { channel } = await serve({
    request: (socket) =>
      socket.write('HTTP/1.1 201 Created\r\nLocation: /lists/7\r\nX-A: 1\r\nX-A: 2\r\ncontent-length: 0\r\n\r\n'),
  })
  const answer = await channel.send({ method: 'POST', path: '/lists', json: {} }, { timeoutMs })
  expect(answer).toMatchObject({ status: 201, headers: { location: '/lists/7', 'x-a': ['1', '2'] } })
})
