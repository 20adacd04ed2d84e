import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A document that does not change while the process lives, as it is sent. */
type KeptDocument = { readonly text: string; readonly etag: string }

/**
 * Makes a handler that answers with a document: it is written out once, when it is first asked for, and whoever has it already
 * (`If-None-Match`) is not sent it again.
 */
export function keepDocument(make: () => object) {
  let kept: KeptDocument | undefined
  return async (request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> => {
    kept ??= write(make())
    reply.header('etag', kept.etag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match']?.includes(kept.etag)) {
      reply.code(304)
      return undefined
    }
    reply.header('content-type', 'application/json; charset=utf-8')
    return kept.text
  }
}

function write(document: object): KeptDocument {
  const text = JSON.stringify(document)
  return { text, etag: `"${hash('sha256', text, 'base64url').slice(0, 22)}"` }
}
