import type { FastifyInstance } from 'fastify'
import { Problem } from '../problems/problems.ts'
import { isJson } from '../requests/json-bodies.ts'
import type { ChargeBody } from './limit-requests.ts'

/** Of all bodies that are held in memory at once, unless a single one may be so large that this would be few of them. */
const mostBytes = 64 * 1024 * 1024
const leastBodies = 16
/** Of that, for one client. */
const clientShare = 0.25
/** Smaller bodies are not counted: as many of them as there may be connections have room beside the others. */
const uncountedBytes = 4_096
const retryAfterSeconds = 1

/**
 * Caps the bytes of the JSON bodies that are being read or worked on, of each client and of the process. A body counts with
 * the length that it says it has, before any of it is read, or as it comes where it says none, and until its answer is sent:
 * V8 knows nothing of what lies in buffers, and so neither does a guard of its heap. Files are not held in memory and do not
 * count. What came of a body is charged to its client's quota.
 */
export function limitBodies(
  app: FastifyInstance,
  { jsonBytes }: { readonly jsonBytes: number },
  charge: ChargeBody,
): void {
  const most = Math.max(mostBytes, leastBodies * jsonBytes)
  const ofClients = new Map<string, number>()
  let held = 0
  const take = (client: string, bytes: number): Problem | undefined => {
    const ofClient = (ofClients.get(client) ?? 0) + bytes
    if (ofClient > most * clientShare) return tooManyOfClient()
    if (held + bytes > most) return new Problem('overloaded', { retryAfterSeconds })
    ofClients.set(client, ofClient)
    held += bytes
    return undefined
  }
  const giveBack = (client: string, bytes: number) => {
    held -= bytes
    const left = (ofClients.get(client) ?? 0) - bytes
    if (left === 0) ofClients.delete(client)
    else ofClients.set(client, left)
  }
  app.addHook('onRequest', (request, reply, done) => {
    const bytes = Number(request.headers['content-length'] ?? 0)
    if (bytes <= uncountedBytes || bytes > jsonBytes) return done()
    const { client, headers } = request
    if (client === undefined || !isJson(headers['content-type'])) return done()
    const refusal = take(client.id, bytes)
    if (refusal !== undefined) return done(refusal)
    reply.raw.once('close', () => {
      charge(client.id, request.bodyBytes)
      giveBack(client.id, bytes)
    })
    done()
  })
  app.addHook('preParsing', (request, reply, payload, done) => {
    const { client, headers } = request
    const isChunked = headers['transfer-encoding'] !== undefined && client !== undefined
    if (!isChunked || !isJson(headers['content-type'])) return done()
    let bytes = 0
    payload.on('data', ({ length }: Buffer) => {
      const refusal = take(client.id, length)
      if (refusal === undefined) bytes += length
      else if (payload.listenerCount('error') > 0) payload.emit('error', refusal)
    })
    reply.raw.once('close', () => {
      charge(client.id, request.bodyBytes)
      giveBack(client.id, bytes)
    })
    done()
  })
}

function tooManyOfClient(): Problem {
  return new Problem('rate-limited', {
    detail: 'The bodies that this client is sending at once are too large together. Send fewer at a time.',
    headers: { connection: 'close' },
    retryAfterSeconds,
  })
}
