/** A header as the document describes it. */
export type DescribedHeader = {
  readonly description: string
  readonly schema: { readonly type: string; readonly [keyword: string]: unknown }
}

/** A header that one route alone has. */
export type OwnHeader = DescribedHeader & { readonly name: string }

/** The name of one that is known here, or a route's own. */
export type AnswerHeader = KnownHeader | OwnHeader

export type KnownHeader = keyof typeof answerHeaders

const text = (description: string, maxLength: number, example?: string) => ({
  description,
  schema: { type: 'string', maxLength, ...(example !== undefined && { examples: [example] }) },
})
const integer = (description: string) => ({
  description,
  schema: { type: 'integer', format: 'int32', minimum: 0, maximum: 2_147_483_647 },
})

/** The headers that belong to several operations: described once, as components of the document, and referred to. */
const answerHeaders = {
  'X-Request-Id': {
    component: 'RequestId',
    ...text('Names the request: the one that was sent, else a new one. It stands in the log.', 128),
  },
  'RateLimit-Policy': {
    component: 'RateLimitPolicy',
    ...text("The client's quota. Only on answers to a known client.", 200, '"client";q=600;w=60'),
  },
  RateLimit: {
    component: 'RateLimit',
    ...text('What is left of the quota. Only on answers to a known client.', 200, '"client";r=599;t=60'),
  },
  'Retry-After': { component: 'RetryAfter', ...integer('Seconds to wait before the next try.') },
  'WWW-Authenticate': { component: 'Authenticate', ...text('Always Bearer.', 50, 'Bearer') },
  Location: { component: 'Location', ...text('Path of what was made.', 1000) },
  Link: { component: 'Link', ...text('Where the next page is; absent on the last one.', 4000) },
  'X-Items-Failed': { component: 'ItemsFailed', ...integer('Outcomes that are rejected, failed or unknown.') },
  'Idempotency-Replayed': {
    component: 'Replayed',
    ...text('`true`: the stored answer. `resumed`: what had failed was tried again.', 10),
  },
  'Idempotency-Stored': {
    component: 'Stored',
    ...text('`false`: the answer could not be stored under its key.', 10),
  },
  'Access-Control-Allow-Origin': {
    component: 'Access-Control-Allow-Origin',
    ...text('Never sent: callers are servers, and pages of other origins get no answer.', 1),
  },
  'Preference-Applied': { component: 'PreferenceApplied', ...text('The preferences that were followed.', 500) },
}

/** For `components.headers`. */
export const headerComponents: Readonly<Record<string, DescribedHeader>> = Object.fromEntries(
  Object.values(answerHeaders).map(({ component, ...described }) => [component, described]),
)

/** Headers as an answer has them, by name. */
export function headersByName(headers: readonly AnswerHeader[]): Record<string, object> {
  return Object.fromEntries(
    headers.map((header) => {
      if (typeof header === 'string')
        return [header, { $ref: `#/components/headers/${answerHeaders[header].component}` }]
      const { name, ...described } = header
      return [name, described]
    }),
  )
}
