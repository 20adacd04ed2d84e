import type { AddressInfo } from 'node:net'
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
} from 'fastify'
import type { Answer } from './answer.ts'
import { type Behaviour, faultOf } from './behaviour.ts'
import { behaviourSchema } from './behaviour-schema.ts'
import { addControlRoutes } from './control-routes.ts'
import { copyJson } from './exact-json.ts'
import { type GeneralQuirks, type Refuse, refuseInGeneral } from './general-habits.ts'
import { refuseOtherSites } from './loopback-callers.ts'
import { answerAfterApplying, failBeforeApplying, pause } from './misbehaviour.ts'
import { type Call, type Provider, type Route, toCall } from './provider.ts'
import type { Quirks, QuirkTable } from './quirk-table.ts'
import { createRequestLog, type RecordedRequest, type RequestLogOptions } from './request-log.ts'
import { createRuleBook } from './rule-book.ts'
import { changeAsTold } from './told-changes.ts'

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
  const operations = [...provider.operations, elsewhere]
  const rules = createRuleBook(provider.quirks, operations, options.quirks)
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
  refuseOtherSites(app)
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
  provider.control?.(app)
  addControlRoutes(app, {
    rules,
    log,
    contacts: provider.contacts,
    counts: provider.counts,
    reset,
    schema: () => behaviourSchema(provider.quirks, operations),
  })

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

/** No route here has a schema: Fastify need not load its compilers of them, a twentieth of the sandbox's modules. */
const noCompilers = {
  compilersFactory: { buildValidator: () => () => () => true, buildSerializer: () => () => JSON.stringify },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>

/** A server that leaves bodies as they are: what is not JSON must be answered in the provider's own way. */
function createServer(): FastifyInstance {
  const app = fastify({
    schemaController: noCompilers,
    bodyLimit: bodyLimitBytes,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4_096 },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  return app
}

const bodyOf = (request: FastifyRequest): Buffer => (Buffer.isBuffer(request.body) ? request.body : noBody)
