import type { Answer } from './answer.ts'

/** Where a 429 says how long to wait; all but `header` are assumed. */
export const rateLimitForms = [
  'header',
  'details',
  'details-text',
  'body-text',
  'reset-epoch',
  'reset-seconds',
  'reset-milliseconds',
  'ratelimit',
] as const

export interface RateLimit {
  /** Seconds, or an HTTP date as a text. */
  retryAfter?: number | string
  as?: (typeof rateLimitForms)[number]
}

/** Adds to a 429 how long to wait, in one place only. */
export function withRetryAfter(answer: Answer, { retryAfter, as = 'header' }: RateLimit): Answer {
  if (retryAfter === undefined) return answer
  const seconds = Number(retryAfter)
  const text = String(retryAfter)
  switch (as) {
    case 'header':
      return { ...answer, headers: { ...answer.headers, 'retry-after': text } }
    case 'details':
    case 'details-text':
      return withDetails(answer, as === 'details' ? retryAfter : text)
    case 'body-text':
      return { ...answer, body: { ...(answer.body as object), retry_after: text } }
    case 'reset-epoch':
      return withHeader(answer, 'X-RateLimit-Reset', String(Math.ceil(Date.now() / 1000) + seconds))
    case 'reset-seconds':
      return withHeader(answer, 'X-RateLimit-Reset', text)
    case 'reset-milliseconds':
      return withHeader(answer, 'X-RateLimit-Reset', String(Date.now() + seconds * 1000))
    case 'ratelimit':
      return withHeader(answer, 'RateLimit', `"default";r=0;t=${text}`)
  }
}

function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, body: withoutRetryAfter(answer.body), headers: { ...answer.headers, [name]: value } }
}

/** Without the number that the error's own `details` have, so that the header stands alone. */
function withoutRetryAfter(body: unknown): unknown {
  const { error, ...rest } = body as { error?: { details?: { retryAfter?: unknown } } }
  if (error?.details?.retryAfter === undefined) return body
  const { retryAfter: _number, ...details } = error.details
  return { ...rest, error: { ...error, details } }
}

/** In the error's own `details`, where it has an `error`, else at the top. */
function withDetails(answer: Answer, retryAfter: number | string): Answer {
  const body = answer.body as Record<string, unknown>
  const { error } = body
  if (typeof error !== 'object' || error === null) return { ...answer, body: { ...body, details: { retryAfter } } }
  const { details } = error as { details?: object }
  return { ...answer, body: { ...body, error: { ...error, details: { ...details, retryAfter } } } }
}
