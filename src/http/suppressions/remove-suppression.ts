import { Type } from 'typebox'
import { holdsAddress } from '../../domain/holds-address.ts'
import type { Routes } from '../app-type.ts'
import { commonProblems, idempotencyProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'
import { suppressionIdParams, suppressionLimits } from './suppression-schema.ts'

const querystring = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: suppressionLimits.takeBackReason,
      description: 'Why it is taken back, for the audit; without an address.',
      examples: ['asked for it again by letter'],
    }),
  },
  { additionalProperties: false },
)

/** `DELETE /suppressions/{suppressionId}`. */
export function removeSuppressionRoute(
  app: Routes,
  { suppressions, idempotently }: Pick<Services, 'suppressions' | 'idempotently'>,
): void {
  app.delete(
    '/suppressions/:suppressionId',
    {
      config: { scope: 'admin', keyed: true, audit: 'suppression.remove' },
      schema: {
        operationId: 'deleteSuppression',
        summary: 'Take somebody off the suppression list',
        description:
          'The person may be contacted again, at every provider. The audit log has who took it back, and why.',
        tags: ['Suppressions'],
        params: suppressionIdParams,
        querystring,
        response: {
          204: { description: 'It is off the list.' },
          ...problemResponses(
            ...commonProblems,
            'not-found',
            'validation-failed',
            ...idempotencyProblems,
            'store-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const { reason } = request.query
      if (holdsAddress(reason)) throw withAddress()
      return idempotently(request, reply, async (journal) => {
        const { suppressionId: id } = request.params
        const removed = await suppressions.remove(id, request.id)
        // Who died over the same request may have done it.
        if (removed === undefined && journal?.earlier === undefined) throw new Problem('not-found')
        const facts = { suppressions: [{ id, status: 'removed' as const, takenBackFor: reason }] }
        return { status: 204, keep: true, resumable: false, facts }
      })
    },
  )
}

function withAddress(): Problem {
  const detail = 'This text seems to hold an e-mail address or a phone number. Say it without.'
  return new Problem('validation-failed', { errors: [{ pointer: '#/query/reason', code: 'holds_address', detail }] })
}
