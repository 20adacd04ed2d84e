import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Answer, sendAnswer, textOf } from './answer.ts'
import type { Rule } from './behaviour.ts'
import { errorPages } from './error-pages.ts'
import { withRetryAfter } from './rate-limit.ts'

// Not imported: that would load Node's whole fetch, too (ADR 0011).
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** A request with all that is needed to answer it wrongly. */
export interface Exchange {
  rule: Rule
  request: FastifyRequest
  reply: FastifyReply
  /** The provider's own error body for a status, as an answer. */
  refuse: (status: number) => Answer
  /** What the rule makes of an answer before it is sent. */
  change: (answer: Answer) => Answer
}

/** A delay that keeps no process alive. */
export const pause = (milliseconds: number): Promise<void> => wait(milliseconds, undefined, { ref: false })

/**
 * The faults that strike before the request has any effect.
 * @returns false when there is none: the request is then to be handled.
 */
export function failBeforeApplying({ rule, request, reply, refuse, change }: Exchange): boolean {
  if (rule.status !== undefined) sendAnswer(reply, change(refuse(rule.status)))
  else if (rule.rateLimit !== undefined) sendAnswer(reply, change(withRetryAfter(refuse(429), rule.rateLimit)))
  else if (rule.redirect !== undefined)
    sendAnswer(reply, { status: rule.redirect.status ?? 307, headers: { location: rule.redirect.location } })
  else if (rule.garbage !== undefined && rule.garbage.when !== 'after') sendGarbage(reply, rule.garbage)
  else if (rule.hang === 'before') reply.hijack()
  else if (rule.reset === 'before') cutOff(request, reply)
  else return false
  return true
}

/** Answers a request that was handled: well, or as the rule says. */
export function answerAfterApplying({ rule, request, reply, refuse, change }: Exchange, answer: Answer): void {
  if (rule.statusAfterApplying !== undefined) sendAnswer(reply, change(refuse(rule.statusAfterApplying)))
  else if (rule.garbage !== undefined) sendGarbage(reply, rule.garbage)
  else if (rule.hang === 'after') reply.hijack()
  else if (rule.reset === 'after') cutOff(request, reply)
  else if (rule.reset === 'mid-response') cutInTheMiddle(request, reply, change(answer))
  else if (rule.drip !== undefined) sendDrip(reply, change(answer), rule.drip)
  else if (rule.giantBody !== undefined) sendGiant(reply, rule.giantBody)
  else sendAnswer(reply, change(answer))
}

function sendGarbage(reply: FastifyReply, garbage: NonNullable<Rule['garbage']>): void {
  reply
    .code(garbage.status ?? 200)
    .header('content-type', garbage.contentType ?? 'text/html; charset=utf-8')
    .send(Buffer.from(garbage.text ?? errorPages.welcome))
}

/** A TCP reset: the caller sees ECONNRESET and no byte of an answer. */
function cutOff(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  request.raw.socket.resetAndDestroy()
}

/** Headers that promise the whole body, half of it, then the end of the connection (without a body: half of the head). */
function cutInTheMiddle(request: FastifyRequest, reply: FastifyReply, answer: Answer): void {
  const body = textOf(answer)
  const head =
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n` +
    `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  const sent = body === '' ? head.slice(0, head.length / 2) : head + body.slice(0, body.length / 2)
  reply.hijack()
  const { socket } = request.raw
  socket.write(sent, () => socket.destroy())
}

function sendDrip(reply: FastifyReply, answer: Answer, drip: NonNullable<Rule['drip']>): void {
  const body = Buffer.from(textOf(answer))
  async function* drops() {
    for (let start = 0; start < body.length; start += drip.bytes) {
      if (start > 0) await pause(drip.intervalMs)
      yield body.subarray(start, start + drip.bytes)
    }
  }
  if (body.length === 0) sendAnswer(reply, answer)
  else
    reply
      .code(answer.status)
      .headers({ ...answer.headers, 'content-type': 'application/json; charset=utf-8', 'content-length': body.length })
      .send(Readable.from(drops(), { objectMode: false, highWaterMark: 1 }))
}

/** Streamed as fast as the caller reads it, so that the simulator's own memory stays flat. */
function sendGiant(reply: FastifyReply, size: number | 'endless'): void {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  function* chunks() {
    yield Buffer.from('{"x":"')
    for (let left = size === 'endless' ? Number.POSITIVE_INFINITY : size - 8; left > 0; left -= chunk.length)
      yield left < chunk.length ? chunk.subarray(0, left) : chunk
    yield Buffer.from('"}')
  }
  reply.code(200).header('content-type', 'application/json; charset=utf-8')
  reply.send(Readable.from(chunks(), { objectMode: false }))
}
