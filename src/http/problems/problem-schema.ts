import { Type } from 'typebox'
import { oneOf } from '../openapi/one-of.ts'
import { exampleReference } from './problem-examples.ts'
import { type ProblemSlug, problemKinds } from './problems.ts'

/** What a file would be read by. */
export const SuggestedOptionsSchema = Type.Object(
  {
    encoding: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: 'The encoding that the file seems to be in; null: it seems to need none, so leave it out.',
      }),
    ),
    headerRow: Type.Optional(Type.Integer({ description: 'The line on which the header seems to begin.' })),
  },
  {
    title: 'SuggestedOptions',
    description: 'Options of an import that seem to be right for this file, where that can be told.',
  },
)

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Address of a page about this kind of problem.' }),
    title: Type.String({ description: 'The kind of problem in words.' }),
    status: Type.Integer({ description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What happened this time and how to mend it.' }),
    instance: Type.String({ description: 'Names this occurrence; ends with the request id.' }),
    code: oneOf(Object.keys(problemKinds) as ProblemSlug[], 'The kind of problem as a stable word.', 'ProblemCode'),
    retriable: Type.Boolean({ description: 'Whether the same request can succeed later.' }),
    retryAfterSeconds: Type.Optional(Type.Integer({ description: 'Seconds to wait before that.' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            pointer: Type.String({ description: 'The place, as a JSON Pointer in fragment form.' }),
            code: Type.String({ description: 'What is wrong there, as a word.' }),
            detail: Type.String({ description: 'What is wrong there and how to mend it.' }),
          },
          { description: 'One place that is wrong.' },
        ),
        { maxItems: 100, description: 'All places that are wrong.' },
      ),
    ),
    truncated: Type.Optional(Type.Boolean({ description: 'There are more errors than these.' })),
    suggests: Type.Optional(SuggestedOptionsSchema),
    provider: Type.Optional(
      Type.Object(
        {
          account: Type.String({ description: 'The account.' }),
          status: Type.Optional(Type.Integer({ description: 'HTTP status of the provider.' })),
          code: Type.Optional(Type.String({ description: "The provider's own code." })),
          message: Type.Optional(Type.String({ description: "The provider's own text, cut and redacted." })),
        },
        { description: 'What the provider said.' },
      ),
    ),
  },
  { title: 'Problem', description: 'Problem details (RFC 9457).' },
)

/** The problem responses of an operation, one per status; each lists the kinds that it can be, with an example of each. */
export function problemResponses(...slugs: readonly ProblemSlug[]) {
  const byStatus = Map.groupBy(slugs, (slug) => problemKinds[slug].status)
  return Object.fromEntries(
    [...byStatus].map(([status, kinds]) => [
      status,
      {
        description: kinds.map((slug) => `\`${slug}\`: ${problemKinds[slug].title}.`).join(' '),
        content: {
          'application/problem+json': {
            schema: ProblemSchema,
            examples: Object.fromEntries(kinds.map((slug) => [slug, exampleReference(slug)])),
          },
        },
      },
    ]),
  )
}

/** What every route with a scope can answer. */
export const commonProblems = [
  'unauthorized',
  'network-not-allowed',
  'scope-missing',
  'rate-limited',
  'internal',
  'overloaded',
] as const
/** What every write that takes an `Idempotency-Key` can answer besides. */
export const idempotencyProblems = [
  'idempotency-key-missing',
  'idempotency-key-invalid',
  'idempotency-in-progress',
  'idempotency-key-reused',
  'idempotency-unavailable',
] as const
/** What every route with a JSON body can answer besides. */
export const bodyProblems = [
  'malformed-json',
  'request-timeout',
  'payload-too-large',
  'unsupported-media-type',
  'validation-failed',
] as const
/** How a call to the provider can fail, when it only reads. */
export const readFailures = [
  'validation-failed',
  'operation-not-supported',
  'provider-credentials',
  'provider-unavailable',
  'provider-unreadable',
  'provider-busy',
  'deadline-exceeded',
] as const
/** How a write at the provider can fail; a write may have been applied all the same. */
export const writeFailures = [
  ...idempotencyProblems,
  'provider-credentials',
  'provider-unavailable',
  'provider-unreadable',
  'provider-busy',
  'outcome-unknown',
  'deadline-exceeded',
] as const
