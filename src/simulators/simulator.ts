import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, type HTTPMethods } from 'fastify'
import type { Answer } from './answer.ts'
import { type Behaviour, faultOf, type Rule } from './behaviour.ts'
import { type AnswerStep, changeAnswer } from './change-answer.ts'
import { addControlRoutes } from './control-routes.ts'
import { copyJson } from './exact-json.ts'
import { type GeneralQuirks, type Refuse, refuseInGeneral } from './general-habits.ts'
import { answerAfterApplying, failBeforeApplying, pause } from './misbehaviour.ts'
import type { Quirks, QuirkTable } from './quirk-table.ts'
import { changeAtRandom } from './random-changes.ts'
import type { Refusal } from './refusals.ts'
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
  /** What it does, in the provider's own words; for a path that does several things, told by the request. */
  operation: string | ((call: Pick<Call<Q>, 'query' | 'body'>) => string)
  method: HTTPMethods
  path: string
  /** How many contacts are sent, where they may be several. */
  contactsIn?: (call: Call<Q>) => number
  answer: (call: Call<Q>) => Answer | Promise<Answer>
}

/** What makes one provider different from the next. */
export interface Provider<T extends QuirkTable, C> {
  /** The path that the gateway's `baseUrl` for this provider ends with. */
  basePath: string
  quirks: T
  /** All that the routes have. */
  operations: readonly string[]
  /** The headers that the documents name, in their case. */
  headers: readonly string[]
  routes: Route<Quirks<T>>[]
  /** A refusal when the credentials are not right, else undefined. Asked before any route. */
  authorise: (call: Call<Quirks<T>>) => Answer | undefined
  /** Answers paths that are none of the routes; the credentials have been checked. */
  notFound: (call: Call<Quirks<T>>) => Answer
  /** The provider's own error body for any status, with its own words or with these. */
  refuse: (status: number, quirks: Quirks<T>, words?: Refusal) => Answer
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
/** The operation of a path that is none of the provider's. */
const elsewhere = 'elsewhere'

/** Builds the server of one provider around its routes: credentials, record, misbehaviour and the `/_sim` routes. */
export function createSimulator<T extends QuirkTable, C>(
  provider: Provider<T, C>,
  options: SimulatorOptions<Quirks<T>> = {},
): Simulator<Quirks<T>, C> {
  const rules = createRuleBook(provider.quirks, [...provider.operations, elsewhere], options.quirks)
  const log = createRequestLog(options)
  const reset = () => {
    provider.clear()
    log.clear()
    rules.set({})
  }

  const respond = async (
    request: FastifyRequest,
    reply: FastifyReply,
    {
      operation: operationOf,
      contactsIn,
      answer: route,
    }: Pick<Route<Quirks<T>>, 'operation' | 'contactsIn' | 'answer'>,
  ) => {
    const body = bodyOf(request)
    const query = request.query as Call<Quirks<T>>['query']
    const operation = typeof operationOf === 'string' ? operationOf : operationOf({ query, body })
    const path = request.raw.url ?? ''
    const { rule, quirks, number } = rules.next({ operation, method: request.method, path, body })
    const fault = faultOf(rule)
    const entry = log.add({
      at: new Date().toISOString(),
      operation,
      method: request.method,
      path,
      headers: request.headers,
      rawBody: body,
      applied: false,
      ...(fault === undefined ? {} : { fault }),
    })
    const exchange = {
      rule,
      request,
      reply,
      refuse: (status: number) => provider.refuse(status, quirks),
      change: (answer: Answer) => {
        const changed = changeAsTold(rule, answer, number)
        if (changed.steps.length > 0) entry.changed(changed.steps)
        return changed.answer
      },
    }
    if (rule.latencyMs !== undefined) await pause(rule.latencyMs)
    if (failBeforeApplying(exchange)) return reply
    const call = toCall(request, body, quirks, provider.headers)
    const refuse: Refuse = (status, words) => provider.refuse(status, quirks, words)
    const contacts = () => contactsIn?.(call) ?? 0
    const answer =
      provider.authorise(call) ??
      refuseInGeneral(quirks as GeneralQuirks, { body, contacts }, refuse) ??
      (await route(call))
    if (answer.applied ?? answer.status < 400) entry.applied()
    answerAfterApplying(exchange, answer)
    return reply
  }

  const app = createServer()
  for (const route of provider.routes)
    app.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => respond(request, reply, route),
    })
  app.setNotFoundHandler((request, reply) =>
    respond(request, reply, { operation: elsewhere, answer: provider.notFound }),
  )
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    if (error.statusCode === undefined) process.emitWarning(error)
    const answer = (call: Call<Quirks<T>>) => provider.refuse(error.statusCode ?? 500, call.quirks)
    return respond(request, reply, { operation: elsewhere, answer })
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

/** First the steps that were told, then random ones. */
function changeAsTold(rule: Rule, honest: Answer, number: number): { answer: Answer; steps: AnswerStep[] } {
  if (rule.answer === undefined && rule.random === undefined) return { answer: honest, steps: [] }
  const told = [rule.answer ?? []].flat() as AnswerStep[]
  const answer = changeAnswer(honest, told)
  if (rule.random === undefined) return { answer, steps: told }
  const random = changeAtRandom(answer, rule.random, number)
  return { answer: random.answer, steps: [...told, ...random.steps] }
}

function toCall<Q>(request: FastifyRequest, body: Buffer, quirks: Q, documented: readonly string[]): Call<Q> {
  const isPicky = (quirks as GeneralQuirks).headerCase === 'documented'
  return {
    method: request.method,
    path: (request.raw.url ?? '').split('?', 1)[0] ?? '',
    params: request.params as Call<Q>['params'],
    query: request.query as Call<Q>['query'],
    headers: isPicky ? headersInCase(request, documented) : request.headers,
    body,
    quirks,
  }
}

/** Without the headers that the documents write in another case. */
function headersInCase({ raw, headers }: FastifyRequest, documented: readonly string[]): IncomingHttpHeaders {
  const missing = documented.filter((name) => !raw.rawHeaders.includes(name)).map((name) => name.toLowerCase())
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !missing.includes(name)))
}
