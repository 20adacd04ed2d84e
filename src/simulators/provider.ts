import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify'
import type { Answer } from './answer.ts'
import type { GeneralQuirks } from './general-habits.ts'
import type { Quirks, QuirkTable } from './quirk-table.ts'
import type { Refusal } from './refusals.ts'

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
  /** Adds `/_sim` routes of its own. */
  control?: (app: FastifyInstance) => void
  /** Back to the state at the start. */
  clear: () => void
}

/** @param documented the headers that the documents name, in their case. */
export function toCall<Q>(request: FastifyRequest, body: Buffer, quirks: Q, documented: readonly string[]): Call<Q> {
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
