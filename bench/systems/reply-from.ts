import replyFrom from '@fastify/reply-from'
import Fastify from 'fastify'

/** A bare proxy: `@fastify/reply-from` as its readme shows it, bodies streamed, without a log. Argument: the upstream's port. */
const app = Fastify({ logger: false })
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_request, body, done) => done(null, body))
await app.register(replyFrom, {
  base: `http://127.0.0.1:${process.argv[2]}`,
  undici: { connections: 64, pipelining: 1 },
})
app.post('/*', (request, reply) => reply.from(request.raw.url))
await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.((app.server.address() as { port: number }).port)
