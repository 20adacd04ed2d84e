import multipart from '@fastify/multipart'
import Fastify, { type FastifyBaseLogger, type FastifyServerOptions, LogController } from 'fastify'
import type { Build } from './domain/build.ts'
import { accountActivityRoute } from './http/accounts/activity.ts'
import type { App } from './http/app-type.ts'
import { callbackRoutes } from './http/callbacks/callbacks.ts'
import { consoleRoutes } from './http/console/console.ts'
import { contactRoutes } from './http/contacts/contact-routes.ts'
import { beginErasureRoute } from './http/erasures/begin-erasure.ts'
import { carryOnErasureRoutes } from './http/erasures/carry-on-erasures.ts'
import { readErasureRoutes } from './http/erasures/read-erasures.ts'
import { requestRoutes } from './http/explanations/requests.ts'
import { answerClientErrors } from './http/hooks/answer-client-errors.ts'
import { answerExpectations, answerFrameworkErrors, answerProblems } from './http/hooks/answer-problems.ts'
import { auditRequests } from './http/hooks/audit-requests.ts'
import { closeGently, type Farewell } from './http/hooks/close-gently.ts'
import { explainRequests } from './http/hooks/explain-requests.ts'
import { identifyCallers } from './http/hooks/identify-callers.ts'
import { lazyLogger } from './http/hooks/lazy-logger.ts'
import { letInCallbacks } from './http/hooks/let-in-callbacks.ts'
import { limitBodies } from './http/hooks/limit-bodies.ts'
import { limitLoad, loadLimits } from './http/hooks/limit-load.ts'
import { limitOpenRoutes } from './http/hooks/limit-open-routes.ts'
import { limitRequests } from './http/hooks/limit-requests.ts'
import { limitSockets, socketOptions } from './http/hooks/limit-sockets.ts'
import { logRequests } from './http/hooks/log-requests.ts'
import type { LoopDelay } from './http/hooks/loop-delay.ts'
import { noticeCallers } from './http/hooks/notice-callers.ts'
import { observeRequests } from './http/hooks/observe-requests.ts'
import { protectBrowsers } from './http/hooks/protect-browsers.ts'
import { requestId, returnRequestIds } from './http/hooks/request-ids.ts'
import { traceRequests } from './http/hooks/trace-requests.ts'
import { importErrorRoutes } from './http/imports/import-errors.ts'
import { importEventsRoute } from './http/imports/import-events.ts'
import { importExplanationRoute } from './http/imports/import-explanation.ts'
import { importStatusRoutes } from './http/imports/import-status.ts'
import { uploadRoute } from './http/imports/imports.ts'
import { inspectRoute } from './http/imports/inspect.ts'
import { addToListRoute } from './http/lists/add-to-list.ts'
import { listContactsOfListRoute, removeFromListRoute } from './http/lists/list-contacts.ts'
import { listRoutes } from './http/lists/lists.ts'
import { meRoute } from './http/me/me.ts'
import type { ExampleValues } from './http/openapi/document-examples.ts'
import { describeApi } from './http/openapi/openapi.ts'
import { searchPeopleRoute } from './http/people/search-people.ts'
import { problemPages } from './http/problems/problem-pages.ts'
import { validatorCompiler } from './http/problems/validation.ts'
import { providersRoute } from './http/providers/providers.ts'
import { readBodies } from './http/requests/json-bodies.ts'
import { rememberRoutes } from './http/requests/route-of.ts'
import { metricsRoute } from './http/service/metrics.ts'
import { refuseOtherMethods } from './http/service/other-methods.ts'
import { serviceRoutes } from './http/service/service.ts'
import { type TlsIdentity, tlsOptions } from './http/service/tls-listener.ts'
import type { RouteOptions, Services } from './http/services.ts'
import { suppressionRoutes } from './http/suppressions/suppression-routes.ts'
import { listDeliveriesRoute } from './http/webhooks/deliveries.ts'
import { retryDeliveryRoute } from './http/webhooks/retry-delivery.ts'

export type AppOptions = RouteOptions & {
  readonly build: Build
  readonly docs: boolean
  /** Whether there are pages for people. */
  readonly console: boolean
  /** For examples in the OpenAPI document, which everybody can read. */
  readonly examples?: ExampleValues | undefined
  readonly logger: FastifyBaseLogger
  readonly loopDelay: LoopDelay
  readonly farewell: Farewell
  /** Absent: plain HTTP. */
  readonly tls?: TlsIdentity | undefined
  /** How long an idle connection of a caller is kept. */
  readonly keepAliveMs: number
}

/** TypeBox validates, and answers are serialised as they are. Named here, so that Fastify does not load compilers of its own. */
const schemaController = {
  compilersFactory: { buildValidator: () => validatorCompiler, buildSerializer: () => () => JSON.stringify },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>

/** Builds the HTTP application: the same for production and for tests. It does not listen yet. */
export async function createApp(services: Services, options: AppOptions): Promise<App> {
  const { publicUrl, limits, logger, farewell } = options
  const { requestObserver } = services
  const sockets = socketOptions(Math.max(limits.jsonBytes, limits.importBytes), options.keepAliveMs, farewell)
  const app: App = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: lazyLogger,
    // Closing has a limit of its own (SHUTDOWN_TIMEOUT_MS); the framework's is shorter, and would end the process in the middle.
    pluginTimeout: 0,
    requestIdHeader: false,
    genReqId: requestId,
    bodyLimit: limits.jsonBytes,
    // A request on an open connection is still served; its answer closes the connection.
    return503OnClosing: false,
    // Room for the longest account and the longest key, each sign URL-encoded. A slash at the end changes nothing.
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    schemaController,
    frameworkErrors: answerFrameworkErrors({ publicUrl, requestObserver }),
    ...sockets,
    // The framework makes the server by it; in its types it would be another kind of application.
    ...(options.tls !== undefined && { https: { ...sockets.http, ...tlsOptions(options.tls) } }),
    clientErrorHandler: answerClientErrors({ publicUrl, requestObserver }, () => requestId({ headers: {} })),
  })
  rememberRoutes(app)
  returnRequestIds(app)
  answerProblems(app, { publicUrl, requestObserver, homePage: homePageOf(options) })
  answerExpectations(app, { publicUrl, requestObserver })
  logRequests(app, services)
  auditRequests(app, services)
  explainRequests(app, services, limits)
  if (requestObserver !== undefined) observeRequests(app, requestObserver)
  limitSockets(app)
  closeGently(app, farewell)
  protectBrowsers(app)
  limitLoad(app, loadLimits(limits.overloadDelayMs), options.loopDelay)
  const turnAway = identifyCallers(app, services)
  letInCallbacks(app, services, turnAway)
  limitOpenRoutes(app, services)
  traceRequests(app, services.tracer)
  limitBodies(app, limits, limitRequests(app, services))
  noticeCallers(app, services)
  readBodies(app)
  const refuse = refuseOtherMethods(app)
  await describeApi(app, {
    version: options.build.version,
    serve: options.docs,
    publicUrl: publicUrl(),
    examples: options.examples,
  })
  addToListRoute(app, services, options)
  listRoutes(app, services)
  // The library adds work to every request of the routes that it is told of.
  await app.register(async (uploads: App) => {
    await uploads.register(multipart)
    uploadRoute(uploads, services, options)
    inspectRoute(uploads, services, options)
  })
  importStatusRoutes(app, services)
  importEventsRoute(app, services, options, farewell.closing)
  importErrorRoutes(app, services)
  importExplanationRoute(app, services)
  contactRoutes(app, services, options)
  listContactsOfListRoute(app, services, options)
  removeFromListRoute(app, services, options)
  suppressionRoutes(app, services, options)
  await app.register((callbacks: App) => callbackRoutes(callbacks, services))
  searchPeopleRoute(app, services, options)
  beginErasureRoute(app, services)
  readErasureRoutes(app, services, options)
  carryOnErasureRoutes(app, services)
  listDeliveriesRoute(app, services, options)
  retryDeliveryRoute(app, services)
  providersRoute(app, services)
  accountActivityRoute(app, services)
  requestRoutes(app, services, options)
  meRoute(app, services, options)
  serviceRoutes(app, services, options.build)
  if (services.metrics !== undefined) metricsRoute(app, services.metrics)
  if (options.docs) problemPages(app)
  if (options.console) consoleRoutes(app)
  refuse()
  return app
}

/** Where a browser is led that asks for nothing in particular. */
function homePageOf({ console, docs }: Pick<AppOptions, 'console' | 'docs'>): string | undefined {
  if (console) return '/console'
  return docs ? '/docs' : undefined
}
