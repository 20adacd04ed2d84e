import Fastify, { type FastifyContextConfig } from 'fastify'
import { describe, expect, test } from 'vitest'
import type { Client } from '../../src/domain/client.ts'
import type { Routes } from '../../src/http/app-type.ts'
import { answerProblems } from '../../src/http/hooks/answer-problems.ts'
import { identifyCallers } from '../../src/http/hooks/identify-callers.ts'

const reader: Client = {
  id: 'reader',
  scopes: new Set(['contacts:read']),
  allowsAddress: () => true,
  maySeeList: () => true,
  mayUseAccount: () => true,
  rateLimit: { requests: 100, windowSeconds: 60 },
  requireIdempotencyKey: false,
}

function gateway() {
  const app = Fastify()
  answerProblems(app, { publicUrl: () => 'http://gateway.example' })
  identifyCallers(app, {
    clients: { byKey: (key) => (key === 'the-key' ? { id: '01234567', client: reader } : undefined) },
    isTrustedProxy: () => false,
  })
  return app
}

/** A gateway with one route of this configuration. */
function withRoute(method: 'GET' | 'POST', config: FastifyContextConfig | undefined) {
  const app = gateway()
  app.route({
    method,
    url: '/thing',
    ...(config !== undefined && { config }),
    handler: async ({ client }) => ({ client: client?.id }),
  })
  return app
}

describe('a route that does not say who may use it', () => {
  test('keeps the gateway from listening, and is named', async () => {
    const app = withRoute('GET', undefined)
    await expect(app.listen({ port: 0 })).rejects.toThrow(/^GET \/thing does not say who may use it: .*\nHEAD \/thing/)
    expect(app.server.listening).toBe(false)
  })

  test('does so though it says other things, or stands in a plugin', async () => {
    await expect(withRoute('POST', { keyed: true }).ready()).rejects.toThrow('POST /thing does not say who may use it')
    const app = gateway()
    app.register(
      async (plugin) => {
        plugin.get('/thing', async () => 'done')
      },
      { prefix: '/below' },
    )
    await expect(app.ready()).rejects.toThrow('GET /below/thing does not say who may use it')
  })

  test('does not compile', () => {
    const routes: Routes = Fastify()
    // @ts-expect-error: nobody is named
    routes.get('/a', { schema: {} }, async () => 'done')
    // @ts-expect-error: there is no such scope
    routes.get('/b', { config: { scope: 'contact:read' } }, async () => 'done')
    // @ts-expect-error: it does not say whether it takes a key
    routes.post('/c', { config: { scope: 'imports', audit: 'import.start' } }, async () => 'done')
    // @ts-expect-error: it does not say how it is audited
    routes.post('/d', { config: { scope: 'imports', keyed: true } }, async () => 'done')
  })
})

test('a route that could write for a client and does not say whether it takes a key keeps the gateway from starting', async () => {
  const silent = withRoute('POST', { scope: 'contacts:write' })
  await expect(silent.ready()).rejects.toThrow('POST /thing does not say whether it takes an Idempotency-Key')
  await withRoute('POST', { scope: 'contacts:read', keyed: false, audit: false }).ready()
  await withRoute('POST', { scope: 'open' }).ready()
})

test('a route that could write for a client and does not say how it is audited keeps the gateway from starting', async () => {
  const silent = withRoute('POST', { scope: 'contacts:write', keyed: true })
  await expect(silent.ready()).rejects.toThrow('POST /thing does not say how it is audited')
  await withRoute('POST', { scope: 'contacts:write', keyed: true, audit: 'contacts.add' }).ready()
})

describe('who may use a route', () => {
  const ask = async (config: FastifyContextConfig, key?: string) => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
    const answer = await withRoute('GET', config).inject({ url: '/thing', headers })
    return [answer.statusCode, answer.json().client ?? answer.json().code]
  }

  test('of one with a scope: the clients that have it', async () => {
    expect(await ask({ scope: 'contacts:read' }, 'the-key')).toEqual([200, 'reader'])
    expect(await ask({ scope: 'imports' }, 'the-key')).toEqual([403, 'scope-missing'])
    expect(await ask({ scope: 'contacts:read' })).toEqual([401, 'unauthorized'])
  })

  test('of one for any client: whatever its scopes are, but nobody without a key', async () => {
    expect(await ask({ scope: 'any' }, 'the-key')).toEqual([200, 'reader'])
    expect(await ask({ scope: 'any' }, 'another')).toEqual([401, 'unauthorized'])
    expect(await ask({ scope: 'any' })).toEqual([401, 'unauthorized'])
  })

  test('of an open one: everybody, and no client is known there', async () => {
    expect(await ask({ scope: 'open' })).toEqual([200, undefined])
    expect(await ask({ scope: 'open' }, 'another')).toEqual([200, undefined])
  })
})
