import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, type HTTPMethods } from 'fastify'
import { type Behaviour, faultOf, type Quirks, type QuirkTable } from './behaviour.ts'
import { addControlRoutes } from './control-routes.ts'
import { copyJson } from './exact-json.ts'
import { type Answer, answerAfterApplying, failBeforeApplying, pause } from './misbehaviour.ts'
import { createRequestLog, type RecordedRequest, type RequestLogOptions } from './request-log.ts'
import { createRuleBook } from './rule-book.ts'

/** A request as a provider's routes see it. */
export interface Call<Q> {
  method: string
  /** Without the query. */
  path: string
  params: Record<string, string>
  query: Record<string, string | string[] | undefined>
  headers: IncomingHttpHeaders
  body: Buffer
  quirks: Q
}

export interface Route<Q> {
  method: HTTPMethods
  path: string
  answer: (call: Call<Q>) => Answer | Promise<Answer>
}

/** What makes one provider different from the next. */
export interface Provider<T extends QuirkTable, C> {
  /** The path that the gateway's `baseUrl` for this provider ends with. */
  basePath: string
  quirks: T
  routes: Route<Quirks<T>>[]
  /** A refusal when the credentials are not right, else undefined. Asked before any route. */
  authorise: (call: Call<Quirks<T>>) => Answer | undefined
  /** Answers paths that are none of the routes; the credentials have been checked. */
  notFound: (call: Call<Quirks<T>>) => Answer
  /** The provider's own error body for any status. */
  refuse: (status: number, quirks: Quirks<T>) => Answer
  contacts: () => Iterable<C>
  /** Cheap counts; `total` is the number of contacts. */
  counts: () => { total: number; [count: string]: number }
  /** Back to the state at the start. */
  clear: () => void
}

export interface SimulatorOptions<Q> extends RequestLogOptions {
  /** Quirks that hold from the start and again after a reset. */
  quirks?: Partial<Q>
}

/** A provider's server, on its own port. `Q` are its quirks, `C` is its form of a contact. */
export interface Simulator<Q = Record<string, unknown>, C = unknown> {
  /** The origin, e.g. `http://127.0.0.1:9101`; stays after `close`. @throws before `listen`. */
  readonly url: string
  /** What the gateway's account has as `baseUrl`. @throws before `listen`. */
  readonly baseUrl: string
  /** @returns the origin. Port 0 (the default) picks a free one. */
  listen(options?: { host?: string; port?: number }): Promise<string>
  /** Cuts all connections, also those left hanging. */
  close(): Promise<void>
  /** Forgets contacts, requests and behaviour. */
  reset(): void
  /** The newest 10,000 (or `limit`) requests, oldest first. */
  requests(limit?: number): RecordedRequest[]
  /** All requests since the start or the last reset. */
  requestTotal(): number
  /** Resolves with the first request, past or future, that is accepted; asked on arrival and again once applied. */
  waitForRequest(accepts: (request: RecordedRequest) => boolean): Promise<RecordedRequest>
  /** Copies, so that a state can be compared with a later one; `counts` is cheap. */
  contacts(): C[]
  counts(): { total: number; [count: string]: number }
  /** The same as `PUT /_sim/behaviour`. @throws BehaviourError */
  setBehaviour(behaviour: Behaviour<Q>): void
  behaviour(): Behaviour<Q>
}

const bodyLimitBytes = 10 * 1024 * 1024
const noBody = Buffer.alloc(0)

/** Builds the server of one provider around its routes: credentials, record, misbehaviour and the `/_sim` routes. */
export function createSimulator<T extends QuirkTable, C>(
  provider: Provider<T, C>,
  options: SimulatorOptions<Quirks<T>> = {},
): Simulator<Quirks<T>, C> {
  const rules = createRuleBook(provider.quirks, options.quirks)
  const log = createRequestLog(options)
  const reset = () => {
    provider.clear()
    log.clear()
    rules.set({})
  }

  const respond = async (request: FastifyRequest, reply: FastifyReply, route: Route<Quirks<T>>['answer']) => {
    const incoming = { method: request.method, path: request.raw.url ?? '', body: bodyOf(request) }
    const { rule, quirks } = rules.next(incoming)
    const fault = faultOf(rule)
    const entry = log.add({
      at: new Date().toISOString(),
      method: incoming.method,
      path: incoming.path,
      headers: request.headers,
      rawBody: incoming.body,
      applied: false,
      ...(fault === undefined ? {} : { fault }),
    })
    const refuse = (status: number) => provider.refuse(status, quirks)
    if (rule.latencyMs !== undefined) await pause(rule.latencyMs)
    if (failBeforeApplying(rule, request, reply, refuse)) return reply
    const call = toCall(request, incoming.body, quirks)
    const answer = provider.authorise(call) ?? (await route(call))
    if (answer.applied ?? answer.status < 400) entry.applied()
    answerAfterApplying(rule, request, reply, answer, refuse)
    return reply
  }

  const app = createServer()
  for (const route of provider.routes)
    app.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => respond(request, reply, route.answer),
    })
  app.setNotFoundHandler((request, reply) => respond(request, reply, provider.notFound))
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    if (error.statusCode === undefined) process.emitWarning(error)
    return respond(request, reply, (call) => provider.refuse(error.statusCode ?? 500, call.quirks))
  })
  addControlRoutes(app, { rules, log, contacts: provider.contacts, counts: provider.counts, reset })

  let address: AddressInfo | undefined
  const origin = () => {
    if (address === undefined) throw new Error('the simulator does not listen yet')
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
    return `http://${host}:${address.port}`
  }
  return {
    get url() {
      return origin()
    },
    get baseUrl() {
      return origin() + provider.basePath
    },
    async listen({ host = '127.0.0.1', port = 0 } = {}) {
      await app.listen({ host, port })
      address = app.server.address() as AddressInfo
      return origin()
    },
    close: () => app.close(),
    reset,
    requests: log.list,
    requestTotal: log.total,
    waitForRequest: log.waitFor,
    contacts: () => Array.from(provider.contacts(), (contact) => copyJson(contact)),
    counts: provider.counts,
    setBehaviour: rules.set,
    behaviour: rules.current,
  }
}

/** A server that leaves bodies as they are: what is not JSON must be answered in the provider's own way. */
function createServer(): FastifyInstance {
  const app = fastify({ bodyLimit: bodyLimitBytes, exposeHeadRoutes: false, forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  return app
}

const bodyOf = (request: FastifyRequest): Buffer => (Buffer.isBuffer(request.body) ? request.body : noBody)

function toCall<Q>(request: FastifyRequest, body: Buffer, quirks: Q): Call<Q> {
  return {
    method: request.method,
    path: (request.raw.url ?? '').split('?', 1)[0] ?? '',
    params: request.params as Call<Q>['params'],
    query: request.query as Call<Q>['query'],
    headers: request.headers,
    body,
    quirks,
  }
}
