import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { StoredDataUnreadable, StoreUnavailable } from '../../services/store-port.ts'
import { Problem, type ProblemExtras, type ProblemSlug, problemBody } from '../problems/problems.ts'
import { InvalidRequest } from '../problems/validation.ts'
import { wrongType } from '../requests/json-bodies.ts'
import { publicPath } from '../requests/public-path.ts'
import type {} from '../requests/request-trail.ts'
import { isStillSending, lingering } from './linger.ts'
import type { RequestObserver } from './observe-requests.ts'
import { alwaysHeaders, requestId } from './request-ids.ts'

export type ProblemOptions = {
  /** The gateway's public address, without a trailing slash; known once it listens. */
  readonly publicUrl: () => string
  readonly requestObserver?: Pick<RequestObserver, 'problem'> | undefined
  /** Where a browser is led that asks for `/`. */
  readonly homePage?: string | undefined
}

/** Makes every error an `application/problem+json` answer: the gateway's own, the framework's, and defects. */
export function answerProblems(app: FastifyInstance, options: ProblemOptions): void {
  app.setErrorHandler((error: FastifyError | Error, request, reply) =>
    sendProblem(toProblem(error, request), request, reply, options),
  )
  app.setNotFoundHandler((request, reply) =>
    options.homePage !== undefined && asksForPage(request)
      ? reply.redirect(publicPath(options.publicUrl(), options.homePage))
      : sendProblem(nothingHere, request, reply, options),
  )
}

function asksForPage({ method, url, headers }: FastifyRequest): boolean {
  return method === 'GET' && url === '/' && headers.accept?.includes('text/html') === true
}

/** What the framework finds before it has a route, for example a path that cannot be decoded. */
export function answerFrameworkErrors(options: ProblemOptions) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    sendProblem(toProblem(error, request), request, reply, options)
  }
}

/** Answers with a problem. */
export function sendProblem(
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply,
  { publicUrl, requestObserver }: ProblemOptions,
): FastifyReply {
  const { slug, extras } = problem
  requestObserver?.problem(slug)
  request.problem = slug
  const body = problemBody(slug, extras, publicUrl(), request.id)
  reply.headers(alwaysHeaders(request.id))
  if (extras.headers !== undefined) reply.headers(extras.headers)
  if (extras.retryAfterSeconds !== undefined) reply.header('retry-after', extras.retryAfterSeconds)
  if (slug.startsWith('idempotency-key')) reply.header('link', `<${body.type}>; rel="describedby"`)
  // As bytes: to a text the framework would add a charset, which the media type does not have.
  const bytes = Buffer.from(JSON.stringify(body))
  reply.code(body.status).header('content-type', 'application/problem+json')
  request.server?.explain?.(request, reply)
  // Who is too slow is not waited for.
  const closes = reply.getHeader('connection') === 'close' && slug !== 'request-timeout'
  if (!closes || !isStillSending(request.raw)) return reply.send(bytes)
  return reply.header('content-length', bytes.length).send(lingering(bytes, request.raw))
}

const nothingHere = new Problem('not-found')

/** The framework's own errors; others of its 4xx are `malformed-request`. */
const slugOfCode: Readonly<Record<string, ProblemSlug>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_BAD_URL: 'not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
}

function toProblem(error: FastifyError | Error, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  if (error instanceof InvalidRequest) return error.problem
  if (error instanceof StoreUnavailable) return new Problem('store-unavailable', { retryAfterSeconds: 1 })
  if (error instanceof StoredDataUnreadable) return new Problem('internal', { detail: unreadable })
  const { code = '', statusCode = 500 } = error as Partial<FastifyError>
  const slug = slugOfCode[code] ?? (statusCode >= 400 && statusCode < 500 ? 'malformed-request' : 'internal')
  if (slug === 'internal')
    request.log.error(
      { err: { name: error.name, code, stack: error.stack } },
      'a defect: the request could not be answered',
    )
  return new Problem(slug, extrasOf(slug, request))
}

/** Its like is logged where it is found. */
const unreadable =
  'What is stored for this request cannot be opened, and nothing was sent. Report the value of instance to the operators.'

function extrasOf(slug: ProblemSlug, request: FastifyRequest): ProblemExtras {
  if (slug === 'unsupported-media-type') return wrongType(request).extras
  if (slug !== 'payload-too-large') return {}
  const limit = request.routeOptions.bodyLimit
  return {
    detail: `The body is over the limit of ${limit} bytes. Send it in smaller parts.`,
    headers: { connection: 'close' },
  }
}

/** Answers requests that expect anything but `100-continue`; without this, Node gives them a bare 417. */
export function answerExpectations(app: FastifyInstance, { publicUrl, requestObserver }: ProblemOptions): void {
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const slug: ProblemSlug = 'malformed-request'
    requestObserver?.problem(slug)
    const id = requestId(request)
    const detail = 'The only expectation that is met here is 100-continue. Send the request without this Expect header.'
    const body = problemBody(slug, { detail }, publicUrl(), id)
    response
      // Its body is not waited for.
      .writeHead(body.status, {
        ...alwaysHeaders(id),
        'content-type': 'application/problem+json',
        connection: 'close',
      })
      .end(JSON.stringify(body))
  })
}
