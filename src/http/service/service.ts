import { Type } from 'typebox'
import type { Build } from '../../domain/build.ts'
import type { Routes } from '../app-type.ts'
import { problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'

const statusMember = (status: string) => Type.Literal(status, { description: 'Always this word.' })
const readySchema = Type.Object({ status: statusMember('ready') }, { description: 'The state.' })
const healthExample = { status: 'ok', version: '0.1.0', revision: '98b7add11c9d41a0b6f6f1c8a1a1b8e5a0c2f3d4' }
const healthSchema = Type.Object(
  {
    status: statusMember('ok'),
    version: Type.String({ description: 'Of the gateway.' }),
    revision: Type.String({ description: 'The commit that it was built from, or `unknown`.' }),
  },
  { description: 'The state, and what runs.' },
)

/** `GET /healthz` and `GET /readyz`, open to everybody. An outage of a provider does not make the gateway unready. */
export function serviceRoutes(app: Routes, { notReady }: Pick<Services, 'notReady'>, build: Build): void {
  app.get(
    '/healthz',
    {
      config: { scope: 'open', forProbes: true },
      schema: {
        operationId: 'getHealth',
        summary: 'Is the process alive?',
        description: 'Answers as long as the process can, and says what runs.',
        tags: ['Service'],
        response: {
          200: {
            description: 'It is.',
            content: { 'application/json': { schema: healthSchema, example: healthExample } },
          },
          ...problemResponses('malformed-request'),
        },
      },
    },
    async () => ({ status: 'ok' as const, ...build }),
  )
  app.get(
    '/readyz',
    {
      config: { scope: 'open', forProbes: true },
      schema: {
        operationId: 'getReadiness',
        summary: 'Can requests be sent here?',
        description:
          'For load balancers: the configuration is loaded, the store reachable, the folder of uploads writable, and no shutdown under way.',
        tags: ['Service'],
        response: {
          200: {
            description: 'They can.',
            content: { 'application/json': { schema: readySchema, example: { status: 'ready' } } },
          },
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
