import { Type } from 'typebox'
import type { Routes } from '../app-type.ts'
import { problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'

const statusSchema = (status: string) =>
  Type.Object({ status: Type.Literal(status, { description: 'Always this word.' }) }, { description: 'The state.' })

/** `GET /healthz` and `GET /readyz`, open to everybody. An outage of a provider does not make the gateway unready. */
export function serviceRoutes(app: Routes, { notReady }: Pick<Services, 'notReady'>): void {
  app.get(
    '/healthz',
    {
      config: { scope: 'open' },
      schema: {
        operationId: 'getHealth',
        summary: 'Is the process alive?',
        description: 'Answers as long as the process can.',
        tags: ['Service'],
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
      config: { scope: 'open' },
      schema: {
        operationId: 'getReadiness',
        summary: 'Can requests be sent here?',
        description:
          'For load balancers: the configuration is loaded, the store reachable, the folder of uploads writable, and no shutdown under way.',
        tags: ['Service'],
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
