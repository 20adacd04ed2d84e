import Fastify, { type FastifyBaseLogger, type FastifyRequest, LogController } from 'fastify'
import type { App } from './http/app-type.ts'
import { answerClientErrors, answerFrameworkErrors, answerProblems } from './http/hooks/answer-problems.ts'
import { type Identification, identifyCallers } from './http/hooks/identify.ts'
import { logRequests } from './http/hooks/log-requests.ts'
import { requestId, returnRequestIds } from './http/hooks/request-ids.ts'
import { describeApi } from './http/openapi.ts'
import { refuseOtherMethods } from './http/other-methods.ts'
import { type AddToListServices, addToListRoute } from './http/routes/add-to-list.ts'
import { listRoutes } from './http/routes/lists.ts'
import { problemPages } from './http/routes/problem-pages.ts'
import { type Readiness, serviceRoutes } from './http/routes/service.ts'
import { readJsonBody } from './http/strict-json.ts'
import { validatorCompiler } from './http/validation.ts'

/** What the API is an interface to. */
export type Services = AddToListServices & Identification & Readiness

export type AppOptions = {
  readonly version: string
  /** The gateway's public address, without a trailing slash; asked for when it is listening. */
  readonly publicUrl: () => string
  readonly docs: boolean
  readonly limits: { readonly jsonBytes: number; readonly batchContacts: number; readonly deadlineMs: number }
  readonly logger: FastifyBaseLogger
}

/** Builds the HTTP application: the same for production and for tests. It does not listen yet. */
export async function createApp(services: Services, options: AppOptions): Promise<App> {
  const { publicUrl, limits, logger } = options
  const app: App = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: requestId,
    bodyLimit: limits.jsonBytes,
    frameworkErrors: answerFrameworkErrors({ publicUrl }),
    clientErrorHandler: answerClientErrors({ publicUrl }, () => requestId({ headers: {} })),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) =>
    readJsonBody(request, bytes),
  )

  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(() => JSON.stringify)

  returnRequestIds(app)
  answerProblems(app, { publicUrl })
  logRequests(app)
  identifyCallers(app, services)
  const refuse = refuseOtherMethods(app)
  await describeApi(app, { version: options.version, serve: options.docs })
  addToListRoute(app, services, limits)
  listRoutes(app, services)
  serviceRoutes(app, services)
  if (options.docs) problemPages(app)
  refuse()
  return app
}
