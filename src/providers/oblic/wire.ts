import { Type } from 'typebox'
import { answerReader } from '../read-answer.ts'

/**
 * One contact of the array that is the body (docs/providers.md, "Oblic: adding contacts"). Numbers are digits without a
 * plus.
 */
export type OblicContact = { name?: string; email?: string; phone?: string; whatsApp?: string }

/**
 * The envelope of every answer. Each error has `cd`, not `code`; no index or field names the contact. See
 * docs/providers.md, "Oblic: errors".
 */
export const Envelope = Type.Object({
  status: Type.String(),
  errors: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Array(Type.Object({ cd: Type.Optional(Type.Unknown()), message: Type.Optional(Type.String()) })),
    ]),
  ),
})
export const readEnvelope = answerReader(Envelope)
