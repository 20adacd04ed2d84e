import { connect } from 'node:net'
import type { Random } from '../../test/support/random.ts'
import { damaged } from './fuzzed-request.ts'

/** Bytes that no HTTP client would send: damaged requests, and nothing like one. */
export function rawGarbage(random: Random, authorization: string): Buffer {
  const body = '{"contacts":[{"name":"Raw","email":"raw@example.com","phone":"+919876543210"}]}'
  const lines = [
    `POST /lists/newsletter/contacts?validateOnly=true HTTP/1.1`,
    'host: x',
    `authorization: ${authorization}`,
    'content-type: application/json',
    random.chance(0.5) ? `content-length: ${body.length}` : 'transfer-encoding: chunked',
    ...(random.chance(0.3) ? [random.pick(oddHeaders)] : []),
    ...(random.chance(0.05) ? Array.from({ length: 3_000 }, (_, index) => `x-${index}: ${index}`) : []),
  ]
  const whole = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1')
  if (random.chance(0.2)) return Buffer.from(Array.from({ length: 1 + random.int(300) }, () => random.int(256)))
  return random.chance(0.9) ? damaged(random, whole) : Buffer.concat([whole, whole])
}

const oddHeaders = [
  'content-length: 5',
  'content-length: -1',
  'content-length: 99999999999999999999',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'transfer-encoding : chunked',
  'expect: 100-continue',
  'expect: nonsense',
  'upgrade: websocket\r\nconnection: upgrade',
  'connection: close, keep-alive',
  'host: y',
  ' folded',
  ': empty',
  'x-bad: \u0000\u0001',
  'cookie: a=b',
]

/** Sends bytes, and resolves with what came when it is answered or closed, or after `patienceMs`: an end may be missing. */
export function sendRaw(url: string, bytes: Buffer, patienceMs = 100): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes))
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(received)
    }
    const timer = setTimeout(end, patienceMs)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (/^HTTP\/1\.1 (?!100)/.test(received)) end()
    })
    socket.on('error', end)
    socket.on('close', end)
  })
}
