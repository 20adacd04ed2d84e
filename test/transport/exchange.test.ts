import { describe, expect, test } from 'vitest'
import type { TransportAnswer } from '../../src/providers/account.ts'
import { startTurnClock } from '../support/turn-clock.ts'
import { answered, ok, post, serve, timeoutMs } from './channel.ts'
import type { Serving } from './raw-server.ts'

const chunked = (...headers: string[]) =>
  `HTTP/1.1 200 OK\r\n${['transfer-encoding: chunked', ...headers].join('\r\n')}\r\n\r\n`
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const megabyte = 1024 * 1024
const proceed = 'HTTP/1.1 100 Continue\r\n\r\n'

type Case = {
  name: string
  serving: Serving
  answer: TransportAnswer
  keepsConnection?: true
}
const answers: Case[] = [
  {
    name: 'a whole answer',
    serving: { request: (socket) => socket.write(ok('{"a":1}')) },
    answer: answered(200, '{"a":1}'),
    keepsConnection: true,
  },
  {
    name: 'an answer in many pieces, split inside a character',
    serving: {
      request: (socket) => {
        const bytes = Buffer.from(ok('{"a":"é"}'))
        socket.write(bytes.subarray(0, bytes.length - 3))
        setTimeout(() => socket.write(bytes.subarray(bytes.length - 3)), 20)
      },
    },
    answer: answered(200, '{"a":"é"}'),
    keepsConnection: true,
  },
  {
    name: 'a 204 without a body',
    serving: { request: (socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n') },
    answer: answered(204, ''),
    keepsConnection: true,
  },
  {
    name: 'a 200 with an empty body',
    serving: { request: (socket) => socket.write(ok('')) },
    answer: answered(200, ''),
    keepsConnection: true,
  },
  {
    name: 'early hints before the answer',
    serving: {
      request: (socket) =>
        socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${ok('{}')}`),
    },
    answer: answered(200, '{}'),
    keepsConnection: true,
  },
  {
    name: 'a continue that nobody asked for, and hints, before the answer',
    serving: {
      request: (socket) =>
        socket.write(`${proceed}HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${proceed}${ok('{}')}`),
    },
    answer: answered(200, '{}'),
    keepsConnection: true,
  },
  {
    name: 'a continue, and the answer a byte at a time',
    serving: {
      request: (socket) => {
        const bytes = [...`${proceed}${ok('{"a":1}')}`]
        const drip = setInterval(
          () => (bytes.length === 0 ? clearInterval(drip) : socket.write(bytes.shift() ?? '')),
          1,
        )
      },
    },
    answer: answered(200, '{"a":1}'),
    keepsConnection: true,
  },
  {
    name: 'a body that looks like a continue',
    serving: { request: (socket) => socket.write(ok(proceed)) },
    answer: answered(200, proceed),
    keepsConnection: true,
  },
  {
    name: 'a continue, and then nothing',
    serving: { request: (socket) => socket.end(proceed) },
    answer: { lost: 'timeout' },
  },
  {
    name: 'a continue that does not end',
    serving: { request: (socket) => socket.write(`HTTP/1.1 100 Continue\r\nx: ${'y'.repeat(20_000)}`) },
    answer: { lost: 'tooLarge' },
  },
  {
    name: 'a body that ends with the connection',
    serving: { request: (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{"a":1}') },
    answer: answered(200, '{"a":1}'),
  },
  {
    name: '429 with Retry-After',
    serving: {
      request: (socket) => socket.write('HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n'),
    },
    answer: answered(429, '', '7'),
    keepsConnection: true,
  },
  {
    name: 'two Retry-After headers',
    serving: {
      request: (socket) =>
        socket.write('HTTP/1.1 429 Slow\r\nretry-after: 7\r\nretry-after: 9\r\ncontent-length: 0\r\n\r\n'),
    },
    answer: answered(429, ''),
    keepsConnection: true,
  },
  {
    name: 'a redirect, which is not followed',
    serving: {
      request: (socket) =>
        socket.write('HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n'),
    },
    answer: { lost: 'redirected', status: 307 },
  },
  {
    name: 'a connection that is reset before any answer',
    serving: { request: (socket) => socket.resetAndDestroy() },
    answer: { lost: 'timeout' },
  },
  {
    name: 'a connection that is closed before any answer',
    serving: { request: (socket) => socket.end() },
    answer: { lost: 'timeout' },
  },
  {
    name: 'a connection that ends in the head',
    serving: { request: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le') },
    answer: { lost: 'timeout' },
  },
  {
    name: 'a connection that is reset in the body',
    serving: {
      request: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a"')
        setTimeout(() => socket.resetAndDestroy(), 50)
      },
    },
    answer: { lost: 'timeout', status: 200 },
  },
  {
    name: 'a refusal that breaks off in its body',
    serving: { request: (socket) => socket.end('HTTP/1.1 422 No\r\ncontent-length: 100\r\n\r\n{"a"') },
    answer: { lost: 'timeout', status: 422 },
  },
  {
    name: 'no answer at all',
    serving: {},
    answer: { lost: 'timeout' },
  },
  {
    name: 'a byte every now and then, for ever',
    serving: {
      request: (socket) => {
        socket.write(chunked())
        const drip = setInterval(() => socket.write(chunk('x')), 20)
        socket.on('close', () => clearInterval(drip))
      },
    },
    answer: { lost: 'timeout', status: 200 },
  },
  {
    name: 'a refusal whose body drips for ever',
    serving: {
      request: (socket) => {
        socket.write('HTTP/1.1 422 No\r\ncontent-length: 1000\r\n\r\n')
        const drip = setInterval(() => socket.write('x'), 20)
        socket.on('close', () => clearInterval(drip))
      },
    },
    answer: { lost: 'timeout', status: 422 },
  },
  {
    name: 'a head that never ends, a byte at a time',
    serving: {
      request: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx: ')
        const drip = setInterval(() => socket.write('y'), 20)
        socket.on('close', () => clearInterval(drip))
      },
    },
    answer: { lost: 'timeout' },
  },
  {
    name: 'early hints for ever',
    serving: {
      request: (socket) => {
        const drip = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 20)
        socket.on('close', () => clearInterval(drip))
      },
    },
    answer: { lost: 'timeout' },
  },
  {
    name: 'more than a megabyte, announced',
    serving: {
      request: (socket) =>
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${2 * megabyte}\r\n\r\n{"x":"${'x'.repeat(megabyte)}`),
    },
    answer: { lost: 'tooLarge', status: 200 },
  },
  {
    name: 'chunks without end',
    serving: {
      request: (socket) => {
        socket.write(chunked())
        const more = () => {
          while (socket.writable && socket.write(chunk('x'.repeat(65_536))));
        }
        socket.on('drain', more)
        more()
      },
    },
    answer: { lost: 'tooLarge', status: 200 },
  },
  {
    name: 'a flood of headers',
    serving: {
      request: (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'x-flood: yyyyyyyyyyyyyyyyyy\r\n'.repeat(5_000)}\r\n`),
    },
    answer: { lost: 'tooLarge' },
  },
  {
    name: 'something that is not HTTP',
    serving: { request: (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n') },
    answer: { lost: 'timeout' },
  },
  {
    name: 'a body that says that it is compressed, and is not',
    serving: {
      request: (socket) =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n\x1f\x0b'),
    },
    answer: answered(200, '\x1f\x0b'),
    keepsConnection: true,
  },
]

describe('what comes back', () => {
  test.each(answers)('$name', async ({ serving, answer, keepsConnection }) => {
    const { server, channel } = await serve(serving)
    const clock = startTurnClock()
    expect(await channel.send(post, { timeoutMs })).toEqual(answer)
    expect(clock.stop()).toBeLessThan(timeoutMs + 200)
    expect(server.connections().opened).toBe(1)
    expect(server.received().split('POST /contacts HTTP/1.1')).toHaveLength(2)
    if (keepsConnection) expect(server.connections().open).toBe(1)
    else await server.allClosed()
  })

  test.each([
    [7, 'taken'],
    [9, 'cut off'],
  ])('a page of %i megabytes is %s, since contacts may be large', async (size, verdict) => {
    const text = JSON.stringify('x'.repeat(size * megabyte))
    const { channel } = await serve({ request: (socket) => socket.end(ok(text)) })
    const answer = await channel.send({ method: 'GET', path: '/contacts' }, { timeoutMs: 10_000 })
    expect(answer).toEqual(verdict === 'taken' ? answered(200, text) : { lost: 'tooLarge', status: 200 })
  })

  test('an answer that comes before the whole request was read counts, and the connection is given up', async () => {
    const { server, channel } = await serve({
      connection: (socket) => {
        socket.once('data', () => {
          socket.pause()
          socket.write('HTTP/1.1 413 Too much\r\ncontent-length: 2\r\n\r\n{}')
        })
      },
    })
    const large = { ...post, json: { name: 'x'.repeat(8 * megabyte) } }
    expect(await channel.send(large, { timeoutMs: 2_000 })).toEqual(answered(413, '{}'))
    expect(server.connections().opened).toBe(1)
  })
})
