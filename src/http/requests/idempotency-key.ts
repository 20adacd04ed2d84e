import type { FastifyRequest } from 'fastify'
import type { Client } from '../../domain/client.ts'
import { Problem } from '../problems/problems.ts'

const acceptable = /^[A-Za-z0-9_.:-]{16,255}$/

/**
 * Reads the `Idempotency-Key` of a write (draft-ietf-httpapi-idempotency-key-header-07): bare or in double quotes,
 * parameters behind it ignored. Two headers arrive joined by a comma and are refused like any other malformed key.
 * @throws Problem when it is malformed, or missing where the client has to send one
 */
export function readIdempotencyKey(request: FastifyRequest, client: Client): string | undefined {
  const header = request.headers['idempotency-key']
  if (header === undefined) {
    if (client.requireIdempotencyKey) throw new Problem('idempotency-key-missing')
    return undefined
  }
  const item = String(header).split(';', 1)[0]?.trim() ?? ''
  const key = item.startsWith('"') && item.endsWith('"') ? item.slice(1, -1) : item
  if (!acceptable.test(key)) throw new Problem('idempotency-key-invalid')
  return key
}
