import { TooManySuppressions } from '../../services/suppressions/add-suppressions.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { bodyProblems, commonProblems, idempotencyProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import { knownCountry } from '../problems/refusals.ts'
import type { RouteOptions, Services } from '../services.ts'
import { auditedAdditions, presentAdded } from './present-suppression.ts'
import { AddedSuppressionsSchema, NewSuppressionsSchema } from './suppression-schema.ts'

const example = {
  suppressions: [
    { phone: '+33612345678', reason: 'opt_out', source: 'preference centre' },
    { email: 'jane@example.com', channels: ['email'], reason: 'complaint', saidAt: '2026-11-30T09:00:00Z' },
  ],
}

/** `POST /suppressions`. */
export function addSuppressionsRoute(
  app: Routes,
  services: Pick<Services, 'suppressions' | 'idempotently'>,
  { limits }: Pick<RouteOptions, 'limits'>,
): void {
  app.post(
    '/suppressions',
    {
      config: {
        scope: 'suppressions:write',
        keyed: true,
        audit: 'suppressions.add',
        answers: { 207: ['X-Items-Failed'] },
        example,
        leadsTo: {
          status: 207,
          operations: ['getSuppression', 'deleteSuppression'],
          parameters: { suppressionId: '$response.body#/results/0/id' },
        },
      },
      schema: {
        operationId: 'addSuppressions',
        summary: 'Say who is not to be contacted',
        description:
          'Puts addresses on the suppression list, which belongs to no client and holds at every provider. An entry that is answered holds for every request that begins after the answer. The same address again unites with what is there: its channels are never narrowed, and the strongest reason counts.',
        tags: ['Suppressions'],
        body: NewSuppressionsSchema,
        response: {
          207: {
            description: 'What became of each entry. What was taken is stored durably.',
            content: { 'application/json': { schema: AddedSuppressionsSchema } },
          },
          ...problemResponses(
            ...commonProblems,
            ...bodyProblems,
            ...idempotencyProblems,
            'too-many-suppressions',
            'store-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const { suppressions: drafts } = request.body
      const defaultCountry = knownCountry(request.body.defaultCountry)
      const mayKnow = client.scopes.has('suppressions:read')
      return services.idempotently(request, reply, async () => {
        const said = { drafts, client: client.id, defaultCountry, mayKnow, request: request.id }
        const added = await services.suppressions.add(said).catch((error) => {
          throw error instanceof TooManySuppressions ? tooMany(limits.suppressionsPerDay) : error
        })
        const rejected = added.filter(({ status }) => status === 'rejected').length
        return {
          status: 207,
          headers: { 'x-items-failed': String(rejected) },
          body: presentAdded(added, mayKnow),
          keep: rejected < added.length,
          resumable: false,
          facts: { suppressions: auditedAdditions(added) },
        }
      })
    },
  )
}

const dayMs = 86_400_000

function tooMany(perDay: number): Problem {
  const retryAfterSeconds = Math.ceil((dayMs - (Date.now() % dayMs)) / 1000)
  const detail = `This client has made as many new entries today (UTC) as it may, ${perDay} (limits.suppressionsPerDay), or these would be more. Nothing of this request was written. Send fewer, wait until tomorrow, or ask an operator.`
  return new Problem('too-many-suppressions', { detail, retryAfterSeconds })
}
