import { type Static, Type } from 'typebox'
import type { ErasedAddresses } from '../../domain/erasure.ts'
import { readSuppressedEmail } from '../../domain/suppressed-address.ts'
import type { Routes } from '../app-type.ts'
import { clientOf } from '../hooks/identify-callers.ts'
import { readAddresses } from '../people/read-addresses.ts'
import { bodyProblems, commonProblems, idempotencyProblems, problemResponses } from '../problems/problem-schema.ts'
import type { Services } from '../services.ts'
import { ErasurePreviewSchema, ErasureSchema, NewErasureSchema } from './erasure-schema.ts'
import { presentAccountErasure, presentErasure } from './present-erasure.ts'
import { invalid, refuseAddressIn } from './refuse-address.ts'

const querystring = Type.Object(
  {
    validateOnly: Type.Optional(
      Type.Boolean({ default: false, description: 'Say who would be asked; keep nothing and ask nobody.' }),
    ),
  },
  { additionalProperties: false },
)

/** How far the clock of who passes it on may be ahead. */
const clockSkewMs = 5 * 60_000

/** `POST /erasures`: somebody is to be forgotten everywhere. */
export function beginErasureRoute(
  app: Routes,
  { erasures, heldUntil, idempotently }: Pick<Services, 'erasures' | 'heldUntil' | 'idempotently'>,
): void {
  app.post(
    '/erasures',
    {
      config: {
        scope: 'erasures',
        keyed: true,
        audit: 'erasure.begin',
        answers: { 202: ['Location'] },
        example: { phone: '+919876543210', email: 'jane@example.com', reference: 'DSR-17' },
        leadsTo: {
          status: 202,
          operations: ['getErasure', 'finishErasureByHand', 'retryErasure'],
          parameters: { erasureId: '$response.body#/id' },
        },
      },
      schema: {
        operationId: 'beginErasure',
        summary: 'Forget a person',
        description:
          'Suppresses the addresses for good, then deletes the person at every account that can be asked, and in the rows and reports of imports. It is answered when that is durable, and carried on until it is done; what no call does is said, for a person to do. One of the same addresses that is not completed is answered again.',
        tags: ['Erasures'],
        querystring,
        body: NewErasureSchema,
        response: {
          200: {
            description: 'With validateOnly, who would be asked.',
            content: { 'application/json': { schema: ErasurePreviewSchema } },
          },
          202: {
            description: 'It has begun; Location is its address. The addresses are shown there, and not here.',
            content: { 'application/json': { schema: ErasureSchema } },
          },
          ...problemResponses(...commonProblems, ...bodyProblems, ...idempotencyProblems, 'store-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const addresses = addressesOf(request.body)
      const { reference } = request.body
      if (reference !== undefined) refuseAddressIn({ '#/reference': reference }, addresses)
      const receivedAt = receivedAtOf(request.body)
      if (request.query.validateOnly === true)
        return reply.code(200).send({ accounts: erasures.preview(addresses).map(presentAccountErasure) })
      return idempotently(request, reply, async () => {
        const client = clientOf(request).id
        const erasure = await erasures.begin({ addresses, client, reference, receivedAt, request: request.id })
        return {
          status: 202,
          headers: { location: `/erasures/${erasure.id}` },
          // Answers are kept for a day: the addresses would be.
          body: presentErasure({ ...erasure, addresses: undefined }, await heldUntil(erasure)),
          keep: true,
          resumable: false,
        }
      })
    },
  )
}

/** @throws Problem that names each address that is none, or says that there is none */
function addressesOf({ phone, email, whatsapp }: Static<typeof NewErasureSchema>): ErasedAddresses {
  const given = {
    ...(phone !== undefined && { phone }),
    ...(email !== undefined && { email }),
    ...(whatsapp !== undefined && { whatsapp }),
  }
  const addresses = readAddresses(given)
  if (Object.keys(given).length === 0)
    throw invalid({ pointer: '', code: 'one_address_required', detail: 'Give phone, email or whatsapp, one at least.' })
  const read = addresses.email === undefined ? undefined : readSuppressedEmail(addresses.email)
  if (read !== undefined && 'code' in read) throw invalid({ pointer: '#/email', ...read })
  return addresses
}

function receivedAtOf({ receivedAt }: Static<typeof NewErasureSchema>): number | undefined {
  if (receivedAt === undefined) return undefined
  const at = Date.parse(receivedAt)
  if (at > 0 && at <= Date.now() + clockSkewMs) return at
  const detail = 'This is no time between 1970 and now. Give when the person asked for it, or leave it out.'
  throw invalid({ pointer: '#/receivedAt', code: 'time_invalid', detail })
}
