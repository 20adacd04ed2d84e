import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeBody, isPlain } from '../../src/transport/decode-body.ts'
import { post, serve } from './channel.ts'

const json = '{"name":"Zoë"}'
const bytes = Buffer.from(json)
const mark = Buffer.from([0xef, 0xbb, 0xbf])
const megabyte = 1024 * 1024

test('nearly every body is read as it is', () => {
  expect([isPlain(bytes, undefined), isPlain(bytes, 'identity'), isPlain(Buffer.alloc(0), undefined)]).toEqual([
    true,
    true,
    true,
  ])
})

test.each<[name: string, body: Buffer, encoding: string | undefined]>([
  ['a byte order mark', Buffer.concat([mark, bytes]), undefined],
  ['gzip', gzipSync(bytes), 'gzip'],
  ['gzip by its old name', gzipSync(bytes), 'x-gzip'],
  ['gzip that is not told', gzipSync(bytes), undefined],
  ['deflate', deflateSync(bytes), 'deflate'],
  ['deflate without its header', deflateRawSync(bytes), 'deflate'],
  ['UTF-16, little end first', Buffer.from(`\ufeff${json}`, 'utf16le'), undefined],
  ['UTF-16, big end first', Buffer.from(`\ufeff${json}`, 'utf16le').swap16(), undefined],
  ['Latin-1', Buffer.from(json, 'latin1'), undefined],
  ['gzip of Latin-1', gzipSync(Buffer.from(json, 'latin1')), 'gzip'],
  ['brotli', brotliCompressSync(bytes), 'br'],
  ['zstd', zstdCompressSync(bytes), 'zstd'],
  ['two, one over the other', gzipSync(brotliCompressSync(bytes)), 'br, gzip'],
  ['gzip of a text with a mark', gzipSync(Buffer.concat([mark, bytes])), 'GZIP'],
  ['a header that lies', bytes, 'gzip'],
])('%s', async (_name, body, encoding) => {
  expect(isPlain(body, encoding)).toBe(false)
  expect(await decodeBody(body, encoding, megabyte)).toEqual({ text: json, recoded: true })
})

test('what unpacks to more than is taken is too large, and is not unpacked further', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * megabyte))
  expect(await decodeBody(bomb, 'gzip', megabyte)).toEqual({ lost: 'tooLarge' })
  expect(await decodeBody(bomb, undefined, megabyte)).toEqual({ lost: 'tooLarge' })
})

test('what is cut off is handed on as it is, which nobody can read', async () => {
  const cut = gzipSync(bytes).subarray(0, 12)
  expect(await decodeBody(cut, 'gzip', megabyte)).toEqual({ text: cut.toString('utf8'), recoded: false })
})

test('over HTTP, with the connection kept', async () => {
  const body = gzipSync(bytes)
  const head = `HTTP/1.1 429 Slow\r\ncontent-encoding: gzip\r\nx-ratelimit-reset: 30\r\ncontent-length: ${body.length}\r\n\r\n`
  const { server, channel } = await serve({
    request: (socket) => socket.write(Buffer.concat([Buffer.from(head), body])),
  })
  for (let i = 0; i < 2; i++)
    expect(await channel.send(post, { timeoutMs: 5_000 })).toEqual({
      status: 429,
      text: json,
      retryAfter: undefined,
      headers: expect.any(Object),
      rateLimitReset: '30',
      recoded: true,
    })
  expect(server.connections()).toEqual({ opened: 1, open: 1 })
})
