import { Type } from 'typebox'
import type { Routes } from '../app-type.ts'
import { bodyProblems, commonProblems, problemResponses } from '../problems/problem-schema.ts'
import { Problem } from '../problems/problems.ts'
import type { Services } from '../services.ts'
import { DoneByHandSchema, ErasureSchema, erasureIdParams } from './erasure-schema.ts'
import { presentErasure } from './present-erasure.ts'
import { refuseAddressIn } from './refuse-address.ts'

const answer = {
  200: {
    description: 'The erasure as it is now.',
    content: { 'application/json': { schema: ErasureSchema } },
  },
}

const accountParams = Type.Object({
  ...erasureIdParams.properties,
  account: Type.String({ maxLength: 200, description: 'An account of the erasure.' }),
})

/** `POST /erasures/{erasureId}/accounts/{account}/done` and `POST /erasures/{erasureId}/retry`: repeats change nothing. */
export function carryOnErasureRoutes(
  app: Routes,
  { erasures, heldUntil }: Pick<Services, 'erasures' | 'heldUntil'>,
): void {
  app.post(
    '/erasures/:erasureId/accounts/:account/done',
    {
      config: {
        scope: 'erasures',
        keyed: false,
        audit: 'erasure.done',
        example: { by: 'A. Durand', note: 'deleted in the dashboard' },
      },
      schema: {
        operationId: 'finishErasureByHand',
        summary: 'Say that a person was deleted by hand',
        description:
          'For an account that is `by_hand`, `failed` or `pending`: it is `done_by_hand` from now on. Where the provider confirmed it before, that stays.',
        tags: ['Erasures'],
        params: accountParams,
        body: DoneByHandSchema,
        response: {
          ...answer,
          ...problemResponses(...commonProblems, ...bodyProblems, 'not-found', 'store-unavailable'),
        },
      },
    },
    async (request) => {
      const { erasureId, account } = request.params
      const { by, note } = request.body
      const before = await erasures.get(erasureId)
      if (before === undefined) throw new Problem('not-found')
      refuseAddressIn({ '#/by': by, ...(note !== undefined && { '#/note': note }) }, before.addresses ?? {})
      const erasure = await erasures.done(erasureId, account, by, note)
      if (erasure === undefined) throw new Problem('not-found')
      return presentErasure(erasure, await heldUntil(erasure))
    },
  )
  app.post(
    '/erasures/:erasureId/retry',
    {
      config: { scope: 'erasures', keyed: false, audit: 'erasure.retry' },
      schema: {
        operationId: 'retryErasure',
        summary: 'Try again what was given up',
        description:
          'Accounts that are `failed`, and those that were not configured, are tried again for 72 hours. Others stay as they are.',
        tags: ['Erasures'],
        params: erasureIdParams,
        response: { ...answer, ...problemResponses(...commonProblems, 'not-found', 'store-unavailable') },
      },
    },
    async (request) => {
      const erasure = await erasures.retry(request.params.erasureId)
      if (erasure === undefined) throw new Problem('not-found')
      return presentErasure(erasure, await heldUntil(erasure))
    },
  )
}
