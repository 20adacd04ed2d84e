import { type Static, Type } from 'typebox'
import { answerReader } from '../../../src/providers/read-answer.ts'

/** One member as it is sent. `mobile` is E.164 with a plus. */
export type PigeonMember = { email: string; full_name?: string; mobile?: string }

/** 200 of `POST /oauth/token`: seconds (docs.pigeon.example/access). */
export const readTokenBody = answerReader(Type.Object({ access_token: Type.String(), expires_in: Type.Number() }))

/** 201, or 200 where it is there, of `POST /audiences` (docs.pigeon.example/audiences). */
export const readAudience = answerReader(Type.Object({ audience: Type.String({ minLength: 1 }) }))

/** 200: one result per member, found by its e-mail address. */
export const readResults = answerReader(
  Type.Object({
    results: Type.Array(
      Type.Object({
        email: Type.String(),
        state: Type.String(),
        member: Type.Optional(Type.String()),
        reason: Type.Optional(Type.String()),
      }),
    ),
  }),
)

const Text = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const Member = Type.Object({
  member: Type.String({ minLength: 1 }),
  email: Type.String(),
  full_name: Text,
  mobile: Text,
  joined: Type.Optional(Type.String()),
})
export type StoredMember = Static<typeof Member>

/** 200 of `GET` and `PATCH /members/{member}` (docs.pigeon.example/members). */
export const readMember = answerReader(Member)

/** 200 of `GET /members`; `after` is the cursor of the next page. */
export const readPage = answerReader(
  Type.Object({ members: Type.Array(Member), after: Type.Union([Type.String(), Type.Null()]) }),
)

/** 4xx: `{"error": {"code": "no_such_audience", "message": "…"}}`. */
export const readErrorBody = answerReader(
  Type.Object({ error: Type.Object({ code: Type.String(), message: Type.Optional(Type.String()) }) }),
)
