import { Type } from 'typebox'
import { breakerStates } from '../../domain/breaker-state.ts'
import type { Routes } from '../app-type.ts'
import { usableAccounts } from '../contacts/find-account.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { oneOf } from '../openapi/one-of.ts'
import { commonProblems, problemResponses } from '../problems/problem-schema.ts'
import type { Services } from '../services.ts'

const mostMinutes = 60

const querystring = Type.Object(
  {
    minutes: Type.Optional(
      Type.Integer({
        format: 'int32',
        minimum: 1,
        maximum: mostMinutes,
        default: mostMinutes,
        description: 'How many minutes, the current one with them.',
      }),
    ),
  },
  { additionalProperties: false },
)

const MinuteSchema = Type.Object(
  {
    at: Type.String({ format: 'date-time', description: 'When the minute began. RFC 3339, UTC.' }),
    calls: Type.Record(Type.String(), Type.Integer({ minimum: 1, description: 'How many.' }), {
      description: 'Requests that were sent to the provider, by result: `ok`, or the kind of failure.',
    }),
    p95Ms: Type.Optional(
      Type.Integer({
        description: 'Within how many milliseconds 95 of 100 of them were answered; absent without any.',
      }),
    ),
    waiting: Type.Optional(Type.Integer({ description: 'Calls that waited; absent where no replica was there.' })),
    breaker: Type.Optional(
      oneOf(breakerStates, 'The worst that it was in that minute, at any replica.', 'BreakerState'),
    ),
  },
  { title: 'ActivityMinute', description: 'One minute of an account.' },
)

const ActivitySchema = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          account: Type.String({ description: 'The account.' }),
          minutes: Type.Array(MinuteSchema, { description: 'From the oldest; the last one goes on.' }),
        },
        { title: 'AccountActivity', description: 'What went on at one account.' },
      ),
      { description: 'Each account that the client may use.' },
    ),
  },
  { title: 'AccountsActivity', description: 'What went on at the accounts.' },
)

/** `GET /accounts/activity`. */
export function accountActivityRoute(app: Routes, services: Pick<Services, 'accounts' | 'activity'>): void {
  app.get(
    '/accounts/activity',
    {
      config: { scope: 'contacts:read' },
      schema: {
        operationId: 'getAccountsActivity',
        summary: 'Show what went on at your accounts in the last hour',
        description:
          'For each account and minute: calls by result, how long they took, how many waited, and the breaker. Of all replicas, at most ten seconds old; with the embedded store of the process that answers, since its start.',
        tags: ['Providers'],
        querystring,
        response: {
          200: { description: 'Each account.', content: { 'application/json': { schema: ActivitySchema } } },
          ...problemResponses(...commonProblems, 'validation-failed', 'store-unavailable'),
        },
      },
    },
    async (request) => {
      const accounts = usableAccounts(services.accounts, clientOf(request)).map(({ account }) => account.id)
      const found = await services.activity.read(accounts, request.query.minutes ?? mostMinutes)
      return {
        items: accounts.map((account) => ({
          account,
          minutes: (found.get(account) ?? []).map(({ at, ...minute }) => ({
            at: new Date(at).toISOString(),
            ...minute,
          })),
        })),
      }
    },
  )
}
