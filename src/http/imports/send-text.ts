import type { FastifyReply } from 'fastify'

/** Sends a stream with its own media type. */
export function sendText(reply: FastifyReply, type: string, body: NodeJS.ReadableStream): FastifyReply {
  return reply.header('content-type', type).header('cache-control', 'no-store').send(body)
}
