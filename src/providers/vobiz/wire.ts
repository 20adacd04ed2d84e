import { type Static, Type } from 'typebox'
import { ExactNumber } from '../../domain/exact-number.ts'
import { answerReader } from '../read-answer.ts'

/** The body of `POST /contacts` and, without the number, of `PUT /contacts/{id}` (docs.vobiz.ai/whatsapp/api/contacts). */
export type VobizContact = {
  phone_number?: string
  name?: string
  tags?: readonly string[]
  custom_attributes?: Readonly<Record<string, unknown>>
}

/** A number that is an object to a schema has no members that could be written back. */
const Attributes = Type.Refine(
  Type.Record(Type.String(), Type.Unknown()),
  (value) => !((value as unknown) instanceof ExactNumber),
)

/** A contact as Vobiz answers it. Only what names it is relied on; there is no `email` (facts 4.2). */
export const Stored = Type.Object({
  id: Type.String({ minLength: 1 }),
  phone_number: Type.Optional(Type.String()),
  name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  tags: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  custom_attributes: Type.Optional(Type.Union([Attributes, Type.Null()])),
  created_at: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  updated_at: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  last_active_at: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
export type Stored = Static<typeof Stored>
const readBare = answerReader(Stored)

const readWrapped = answerReader(
  Type.Union([Type.Object({ data: Stored }), Type.Object({ contact: Stored }), Type.Object({ item: Stored })]),
)

/** The contact in an answer whose form is not documented (create, update): bare, or under one member. */
export function readStored(body: unknown): Stored | undefined {
  const bare = readBare(body)
  if (bare !== undefined) return bare
  const wrapped = readWrapped(body)
  if (wrapped === undefined) return undefined
  if ('data' in wrapped) return wrapped.data
  return 'contact' in wrapped ? wrapped.contact : wrapped.item
}

/** The answer of `GET /contacts`; `data` and `meta` are its form before June 2026 (facts 4.9). */
const Page = Type.Union([
  Type.Object({
    items: Type.Array(Stored),
    total: Type.Optional(Type.Number()),
    limit: Type.Optional(Type.Number()),
    has_more: Type.Optional(Type.Boolean()),
  }),
  Type.Object({
    data: Type.Array(Stored),
    meta: Type.Optional(Type.Object({ total: Type.Optional(Type.Number()), limit: Type.Optional(Type.Number()) })),
  }),
])
const readEitherPage = answerReader(Page)

/** One page in the one form. `limit` is what the provider made of the one that was asked for. */
export type Page = {
  readonly items: readonly Stored[]
  readonly total: number | undefined
  readonly limit: number | undefined
  readonly hasMore: boolean | undefined
}

/** A page in its present or its old form; `undefined` when an item of it names no contact. */
export function readPage(body: unknown): Page | undefined {
  const page = readEitherPage(body)
  if (page === undefined) return undefined
  if ('items' in page) return { items: page.items, total: page.total, limit: page.limit, hasMore: page.has_more }
  return { items: page.data, total: page.meta?.total, limit: page.meta?.limit, hasMore: undefined }
}

/** The answer of `POST /contacts/import`. `row` is taken as the 1-based data row (facts 4.3). */
export const ImportSummary = Type.Object({
  total: Type.Integer({ minimum: 0 }),
  created: Type.Integer({ minimum: 0 }),
  updated: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  errors: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Array(
        Type.Object({
          row: Type.Optional(Type.Unknown()),
          phone_number: Type.Optional(Type.Unknown()),
          reason: Type.Optional(Type.Unknown()),
        }),
      ),
    ]),
  ),
})
export type ImportSummary = Static<typeof ImportSummary>
export const readImportSummary = answerReader(ImportSummary)

/** An error in the documented form. */
export const ErrorBody = Type.Object({
  error: Type.Object({
    code: Type.Optional(Type.Unknown()),
    message: Type.Optional(Type.Unknown()),
    details: Type.Optional(Type.Unknown()),
  }),
})
export const readErrorBody = answerReader(ErrorBody)

/** An error in one of the flat forms: `{error: "…"}`, `{message: "…"}`, `{status, message}`. */
export const FlatErrorBody = Type.Object({
  error: Type.Optional(Type.Unknown()),
  code: Type.Optional(Type.Unknown()),
  message: Type.Optional(Type.Unknown()),
})
export const readFlatErrorBody = answerReader(FlatErrorBody)

/** `details` of a validation error, and of a rate limit (seconds). */
export const Details = Type.Object({
  errors: Type.Optional(
    Type.Array(Type.Object({ field: Type.Optional(Type.Unknown()), message: Type.Optional(Type.Unknown()) })),
  ),
  retryAfter: Type.Optional(Type.Number({ minimum: 0 })),
})
export const readDetails = answerReader(Details)
