import { Type } from 'typebox'
import { outcomeErrorCodes, outcomeStatuses, warningCodes } from '../../domain/outcome.ts'
import { oneOf } from '../openapi/one-of.ts'

const pointer = Type.String({ description: 'JSON Pointer into the request body, in fragment form.' })
const detail = Type.String({ description: 'What happened and how to mend it.' })

export const WarningSchema = Type.Object(
  { code: oneOf(warningCodes, 'What was lost, tidied or left open.', 'WarningCode'), pointer, detail },
  { title: 'Warning', description: 'Something that was lost, tidied or left open. The contact went on all the same.' },
)

export const OutcomeErrorSchema = Type.Object(
  {
    code: oneOf(outcomeErrorCodes, 'Stable word for what went wrong. More may be added.', 'OutcomeErrorCode'),
    detail,
    pointer: Type.Optional(pointer),
    retriable: Type.Boolean({ description: 'Whether sending the same again can help, and does no harm.' }),
    provider: Type.Optional(
      Type.Object(
        {
          status: Type.Optional(Type.Integer({ description: 'HTTP status of the provider.' })),
          code: Type.Optional(Type.String({ maxLength: 500, description: "The provider's own code." })),
          message: Type.Optional(
            Type.String({ maxLength: 500, description: "The provider's own text, cut and redacted." }),
          ),
        },
        { description: 'What the provider said.' },
      ),
    ),
  },
  { title: 'OutcomeError', description: 'Why a contact is rejected, failed or unknown.' },
)

export const OutcomeSchema = Type.Object(
  {
    account: Type.String({ description: 'The account.' }),
    provider: Type.String({ description: "The account's provider." }),
    status: oneOf(
      outcomeStatuses,
      'created, updated, skipped: the provider said so. accepted: the provider took it and says nothing of this contact. rejected: not acceptable there. failed: certainly not applied. unknown: it may have been applied.',
      'OutcomeStatus',
    ),
    id: Type.Optional(Type.String({ description: '<account>:<key>, where the provider tells a key.' })),
    warnings: Type.Immutable(
      Type.Array(WarningSchema, { description: 'Everything that was lost or tidied on the way.' }),
    ),
    error: Type.Optional(OutcomeErrorSchema),
  },
  { title: 'Outcome', description: 'The state of one contact at one account.' },
)
