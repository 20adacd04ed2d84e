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
 * the length that it says it has, before any of it is read, and until its answer is sent: V8 knows nothing of what lies in
 * buffers, and so neither does a guard of its heap. Files are not held in memory and do not count. What came of a body is
 * charged to its client's quota.
 */
export function limitBodies(
  app: FastifyInstance,
  { jsonBytes }: { readonly jsonBytes: number },
  charge: ChargeBody,
): void {
  const most = Math.max(mostBytes, leastBodies * jsonBytes)
  const ofClients = new Map<string, number>()
  let held = 0
  app.addHook('onRequest', (request, reply, done) => {
    const bytes = bytesToCome(request.headers, jsonBytes)
    if (bytes <= uncountedBytes || bytes > jsonBytes) return done()
    const { client, headers } = request
    if (client === undefined || !isJson(headers['content-type'])) return done()
    const ofClient = (ofClients.get(client.id) ?? 0) + bytes
    if (ofClient > most * clientShare) return done(tooManyOfClient())
    if (held + bytes > most) return done(new Problem('overloaded', { retryAfterSeconds }))
    ofClients.set(client.id, ofClient)
    held += bytes
    reply.raw.once('close', () => {
      charge(client.id, request.bodyBytes)
      held -= bytes
      const left = (ofClients.get(client.id) ?? 0) - bytes
      if (left === 0) ofClients.delete(client.id)
      else ofClients.set(client.id, left)
    })
    done()
  })
}

type Headers = { readonly 'content-length'?: string | undefined; readonly 'transfer-encoding'?: string | undefined }

function bytesToCome({ 'content-length': length, 'transfer-encoding': encoding }: Headers, jsonBytes: number): number {
  return length === undefined ? (encoding === undefined ? 0 : jsonBytes) : Number(length)
}

function tooManyOfClient(): Problem {
  return new Problem('rate-limited', {
    detail: 'The bodies that this client is sending at once are too large together. Send fewer at a time.',
    headers: { connection: 'close' },
    retryAfterSeconds,
  })
}
