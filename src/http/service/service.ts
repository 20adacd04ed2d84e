import { Type } from 'typebox'
import type { App } from '../app-type.ts'
import { problemResponses } from '../problems/problem-schema.ts'
import { Problem, type ProblemSlug } from '../problems/problems.ts'

/** What keeps requests from being served. */
export type NotReady = { readonly slug: ProblemSlug; readonly detail?: string }

export type Readiness = {
  /** `undefined` when requests can be served. */
  readonly notReady: () => Promise<NotReady | undefined>
}

const statusSchema = (status: string) =>
  Type.Object({ status: Type.Literal(status, { description: 'Always this word.' }) }, { description: 'The state.' })

/** `GET /healthz` and `GET /readyz`, open to everybody. An outage of a provider does not make the gateway unready. */
export function serviceRoutes(app: App, { notReady }: Readiness): void {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        summary: 'Is the process alive?',
        description: 'Answers as long as the process can.',
        tags: ['Service'],
        security: [],
        response: {
          200: { description: 'It is.', content: { 'application/json': { schema: statusSchema('ok') } } },
          ...problemResponses('malformed-request'),
        },
      },
    },
    async () => ({ status: 'ok' as const }),
  )
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Can requests be sent here?',
        description:
          'For load balancers: the configuration is loaded, the store reachable, the folder of uploads writable, and no shutdown under way.',
        tags: ['Service'],
        security: [],
        response: {
          200: { description: 'They can.', content: { 'application/json': { schema: statusSchema('ready') } } },
          ...problemResponses('malformed-request', 'draining', 'idempotency-unavailable', 'store-unavailable'),
        },
      },
    },
    async () => {
      const problem = await notReady()
      if (problem !== undefined) throw new Problem(problem.slug, problem)
      return { status: 'ready' as const }
    },
  )
}
