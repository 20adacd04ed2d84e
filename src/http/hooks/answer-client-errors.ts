import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ProblemSlug, problemBody, problemKinds } from '../problems/problems.ts'
import type { ProblemOptions } from './answer-problems.ts'

/** A connection, with what Node writes on it just now. */
type BusySocket = Socket & { readonly _httpMessage?: (ServerResponse & { readonly req: IncomingMessage }) | null }

/** Answers below the framework, where there is a socket but no request: garbage, slow or oversized headers. */
export function answerClientErrors(options: ProblemOptions, newRequestId: () => string) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    // Nothing is said to who has no secured connection.
    const isHandshake = /^ERR_(?:SSL|TLS)_/.test(error.code ?? '')
    if (isHandshake || error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    const current = (socket as BusySocket)._httpMessage
    // What came belongs to no request that is being answered: whatever is written now would be taken for that answer.
    if (current?.req.complete === true) return void closeWhenAnswered(socket)
    if (current?.headersSent === true) return void socket.destroy()
    const slug = slugOf(error)
    options.requestObserver?.problem(slug)
    const id = newRequestId()
    const body = JSON.stringify(problemBody(slug, {}, options.publicUrl(), id))
    const { status, title } = problemKinds[slug]
    const head = `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\nX-Request-Id: ${id}\r\n`
    socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`)
  }
}

function slugOf({ code }: { readonly code?: string }): ProblemSlug {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'malformed-request'
}

const closing = new WeakSet<Socket>()
/** For the other side to read the answer and close. */
const goodbyeMs = 1_000

/** Every request that came whole is answered, one after the other, and the connection closed then. */
function closeWhenAnswered(socket: Socket): void {
  if (closing.has(socket)) return
  closing.add(socket)
  const next = () => {
    const current = (socket as BusySocket)._httpMessage
    if (current != null) {
      current.once('finish', next)
      return
    }
    socket.end()
    socket.setTimeout(goodbyeMs)
  }
  next()
}
