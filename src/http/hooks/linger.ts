import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/** How long the rest of a refused body is read … */
const longestMs = 5_000
/** … and how long its sender may be silent meanwhile. */
const longestSilenceMs = 500

/** True while a caller may still be sending what nobody will read. */
export function isStillSending(request: IncomingMessage): boolean {
  const { headers, complete } = request
  return !complete && (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0')
}

/**
 * An answer that is there at once and ends when the body has come. Many clients look at the answer only after they have
 * sent everything; if the connection were closed before, the answer would be lost on them.
 */
export function lingering(answer: Buffer, request: IncomingMessage): Readable {
  return Readable.from(answerAndRead(answer, request))
}

async function* answerAndRead(answer: Buffer, request: IncomingMessage): AsyncGenerator<Buffer> {
  yield answer
  if (request.readableEnded || request.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const ending = setTimeout(resolve, longestMs)
  const silence = setTimeout(resolve, longestSilenceMs)
  request.on('data', () => silence.refresh()).resume()
  request.once('end', resolve).once('close', resolve).once('error', resolve)
  await promise
  clearTimeout(ending)
  clearTimeout(silence)
}
