import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyRequest } from 'fastify'
import type { Routes } from '../app-type.ts'
import { Problem } from '../problems/problems.ts'
import { type ConsoleFile, readConsole } from './read-console.ts'

const pack = promisify(gzip)
const hidden = { config: { scope: 'open' }, schema: { hide: true } } as const

/** `GET /console` and the files that it loads: pages for people, which use the API like any other caller. */
export function consoleRoutes(app: Routes): void {
  const { digest, html, contentPolicy, files } = readConsole()
  const etag = `"${digest}"`
  const packed = new Map<ConsoleFile, Promise<Buffer>>()
  const packedOnce = (file: ConsoleFile) => {
    const bytes = packed.get(file) ?? pack(file.bytes)
    packed.set(file, bytes)
    return bytes
  }

  app.get('/console', hidden, async (request, reply) => {
    // Its addresses are relative to the one without a slash at the end.
    if (request.url.split('?')[0]?.endsWith('/')) return reply.redirect('../console')
    reply.headers({ 'content-security-policy': contentPolicy, 'cache-control': 'no-cache', etag })
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('text/html; charset=utf-8').send(html)
  })

  // What has this digest in its address never changes.
  app.get('/console/:digest/*', { ...hidden, config: { scope: 'open', partOfPage: true } }, async (request, reply) => {
    const { digest: wanted, '*': path } = request.params as { digest: string; '*': string }
    const file = wanted === digest ? files.get(path) : undefined
    if (file === undefined) throw new Problem('not-found')
    reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' })
    reply.type(file.type)
    if (!takesGzip(request)) return reply.send(file.bytes)
    return reply.header('content-encoding', 'gzip').send(await packedOnce(file))
  })
}

function takesGzip({ headers }: FastifyRequest): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(String(headers['accept-encoding'] ?? ''))
}
