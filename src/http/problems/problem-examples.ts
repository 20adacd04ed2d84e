import { type ProblemExtras, type ProblemSlug, problemBody, problemKinds } from './problems.ts'

/** Where the document has them; an answer refers to those that it can be. */
export const exampleReference = (slug: ProblemSlug) => ({ $ref: `#/components/examples/${slug}` })

const requestId = '0b0e0a52-8a61-4bd0-9b3c-5c7f6d3f2a10'

const retryAfter = (retryAfterSeconds: number) => ({ retryAfterSeconds })
const fromProvider = (status: number, message: string) => ({ provider: { account: 'sms-fr', status, message } })

/** What an occurrence adds, by kind; the others add nothing. */
const occurrences: { readonly [Slug in ProblemSlug]?: ProblemExtras } = {
  'idempotency-in-progress': retryAfter(1),
  'rate-limited': retryAfter(12),
  overloaded: retryAfter(1),
  'provider-busy': { ...retryAfter(5), ...fromProvider(429, 'Too many requests') },
  'provider-credentials': fromProvider(401, 'Invalid API key'),
  'provider-unavailable': fromProvider(500, 'Internal server error'),
  conflict: fromProvider(409, 'This contact exists already'),
  'validation-failed': {
    errors: [{ pointer: '#/query/limit', code: 'maximum', detail: 'It has to be at most 100.' }],
  },
  'loss-not-accepted': {
    errors: [
      { pointer: '#/name', code: 'name_not_split', detail: "The whole name goes into the provider's first name." },
    ],
  },
  'contact-rejected': {
    errors: [
      {
        pointer: '#/phone',
        code: 'phone_required',
        detail: 'The provider requires a phone number. Add it to reach this account.',
      },
    ],
  },
}

/** An example of each kind of problem that some operation refers to, by its slug. `base` is the gateway's public address. */
export function problemExamples(paths: object, base: string): Record<string, { summary: string; value: object }> {
  const referring = JSON.stringify(paths)
  const slugs = (Object.keys(problemKinds) as ProblemSlug[]).filter((slug) =>
    referring.includes(JSON.stringify(exampleReference(slug))),
  )
  const examples = slugs.map((slug) => {
    const value = problemBody(slug, occurrences[slug] ?? {}, base, requestId)
    return [slug, { summary: problemKinds[slug].title, value }]
  })
  return Object.fromEntries(examples)
}
