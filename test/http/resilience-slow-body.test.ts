import { connect } from 'node:net'
import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { answerProblems } from '../../src/http/hooks/answer-problems.ts'
import { limitSockets } from '../../src/http/hooks/limit-sockets.ts'
import { startTurnClock } from '../support/turn-clock.ts'

const bodyMs = 200
const app = () => {
  const made = Fastify()
  answerProblems(made, { publicUrl: () => 'http://gateway.example' })
  limitSockets(made, bodyMs)
  made.post('/', async (request) => ({ got: request.body }))
  return made
}

let running: ReturnType<typeof app> | undefined
afterEach(() => running?.close())

/** Sends the parts with pauses between them; reads until the connection is closed, or `untilText` has come. */
async function converse(parts: readonly string[], pauseMs: number, untilText?: string) {
  running = app()
  await running.listen({ host: '127.0.0.1', port: 0 })
  const { port } = running.server.address() as { port: number }
  return new Promise<string>((resolve) => {
    let received = ''
    const socket = connect(port, '127.0.0.1')
    let next = 0
    const drip = setInterval(() => {
      const part = parts[next++]
      if (part !== undefined && socket.writable) socket.write(part)
    }, pauseMs)
    const end = () => {
      clearInterval(drip)
      socket.destroy()
      resolve(received)
    }
    socket.on('data', (bytes) => {
      received += bytes
      if (untilText !== undefined && received.includes(untilText)) end()
    })
    socket.on('error', () => {})
    socket.on('close', end)
  })
}

const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n'

test('a body of one byte every now and then ends in 408, and the connection with it', async () => {
  const clock = startTurnClock()
  const received = await converse([head, ...'{"a":1}'], 100)
  expect(received).toMatch(/^HTTP\/1\.1 408 /)
  expect(received).toContain('"code":"request-timeout"')
  expect(received.toLowerCase()).toContain('connection: close')
  expect(clock.stop()).toBeLessThan(bodyMs + 700)
})

test('a body in several parts within the time is read', async () => {
  expect(await converse([head, '{"a"', ':1}'], 20, '"got"')).toContain('{"got":{"a":1}}')
})

test('a caller that goes away in the middle leaves nothing behind', async () => {
  running = app()
  await running.listen({ host: '127.0.0.1', port: 0 })
  const { port } = running.server.address() as { port: number }
  const socket = connect(port, '127.0.0.1', () => socket.write(`${head}{"a"`))
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.destroy()
  // An error without a listener would end the process.
  await new Promise((resolve) => setTimeout(resolve, bodyMs + 100))
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  expect(answer.status).toBe(200)
})
