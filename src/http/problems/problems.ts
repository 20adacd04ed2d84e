/** What is always true of one kind of problem. `GET /problems/{slug}` documents it with these very texts. */
export type ProblemKind = {
  readonly status: number
  readonly title: string
  /** When it happens and how to mend it; the `detail` where an occurrence has nothing to add. */
  readonly meaning: string
  /** Whether the same request can succeed later; an occurrence may know better. */
  readonly retriable: boolean
}

const kind = (status: number, title: string, meaning: string, retriable = false): ProblemKind => ({
  status,
  title,
  meaning,
  retriable,
})

/** Every problem that the gateway can answer with, by its slug. The slug is the last part of `type` and is `code`. */
export const problemKinds = {
  'malformed-json': kind(
    400,
    'Malformed JSON',
    'The body is not valid JSON in UTF-8, or names a member twice. Mend it and send it again.',
  ),
  'malformed-request': kind(
    400,
    'Malformed request',
    'The request is not valid HTTP as this gateway accepts it. Mend it and send it again.',
  ),
  'account-required': kind(
    400,
    'Account required',
    'Several accounts can do this. Name one in the query parameter account.',
  ),
  'invalid-cursor': kind(
    400,
    'Invalid cursor',
    'The cursor was changed, has expired or belongs to another query. Start again without a cursor.',
  ),
  'idempotency-key-missing': kind(
    400,
    'Idempotency key missing',
    'This client has to send an Idempotency-Key header with every write. Add one that is unique to this request.',
  ),
  'idempotency-key-invalid': kind(
    400,
    'Idempotency key invalid',
    'An Idempotency-Key has 16 to 255 characters of A-Z, a-z, 0-9 and _ . : -, and is sent once, bare or in double quotes.',
  ),
  unauthorized: kind(401, 'Unauthorized', 'Send a valid client key in the header Authorization: Bearer <key>.'),
  'network-not-allowed': kind(
    403,
    'Network not allowed',
    'This client key may not be used from the address that the request comes from. Ask an operator to add the network.',
  ),
  'scope-missing': kind(
    403,
    'Scope missing',
    'This client key lacks the scope that the operation needs. Ask an operator to add it.',
  ),
  'not-found': kind(404, 'Not found', 'There is nothing at this address, or this client may not see it.'),
  'method-not-allowed': kind(
    405,
    'Method not allowed',
    'The address is right but has no such method. The header Allow lists those that it has.',
  ),
  'request-timeout': kind(
    408,
    'Request timeout',
    'The request did not arrive completely in time. Send it again.',
    true,
  ),
  'idempotency-in-progress': kind(
    409,
    'Idempotency in progress',
    'The same request is being worked on under this key. Repeat it after Retry-After seconds to receive its answer.',
    true,
  ),
  conflict: kind(409, 'Conflict', 'The provider has a conflicting contact.'),
  'import-unfinished': kind(409, 'Import unfinished', 'The import goes on. Cancel it first, or wait for its end.'),
  'payload-too-large': kind(413, 'Payload too large', 'The request is over a limit. Send it in smaller parts.'),
  'unsupported-media-type': kind(
    415,
    'Unsupported media type',
    'Send application/json in UTF-8 without a content encoding; for imports multipart/form-data.',
  ),
  'validation-failed': kind(
    422,
    'Validation failed',
    'The request is not of the documented form. Each place that is wrong stands in errors; nothing was changed.',
  ),
  'loss-not-accepted': kind(
    422,
    'Loss not accepted',
    'With Prefer: handling=strict nothing may be lost, and something would be. Each loss stands in errors; nothing was changed.',
  ),
  'unsupported-filter': kind(
    422,
    'Unsupported filter',
    'The provider of this account cannot filter by this parameter. Leave it out.',
  ),
  'contact-rejected': kind(
    422,
    'Contact rejected',
    'The contact is not acceptable as it is. Change what errors names and send it again.',
  ),
  'idempotency-key-reused': kind(
    422,
    'Idempotency key reused',
    'This key was used for another request. Use a fresh key, or send exactly the first request.',
  ),
  'file-unreadable': kind(
    422,
    'File unreadable',
    'The file is not a CSV file that can be read. Export it as CSV in UTF-8, or say its encoding.',
  ),
  'rate-limited': kind(429, 'Rate limited', 'This client sends too many requests. Wait Retry-After seconds.', true),
  'too-many-imports': kind(
    429,
    'Too many imports',
    'This client has too many unfinished imports. Wait for one to end.',
    true,
  ),
  'too-many-suppressions': kind(
    429,
    'Too many suppressions',
    'This client has made as many new entries of the suppression list today (UTC) as it may. Wait until tomorrow, or ask an operator.',
    true,
  ),
  'headers-too-large': kind(
    431,
    'Headers too large',
    'The headers of the request are too large. Send fewer or shorter ones.',
  ),
  internal: kind(
    500,
    'Internal error',
    'The gateway failed in a way that it should not. Report the value of instance to its operators.',
    true,
  ),
  'operation-not-supported': kind(
    501,
    'Operation not supported',
    'The provider of this account does not offer this operation.',
  ),
  'provider-credentials': kind(
    502,
    'Provider credentials refused',
    "The provider refused the gateway's credentials. An operator has to mend them; nothing was applied.",
  ),
  'provider-unavailable': kind(
    502,
    'Provider unavailable',
    'The provider failed. Send the request again later under the same Idempotency-Key.',
    true,
  ),
  'provider-unreadable': kind(
    502,
    'Provider unreadable',
    'The provider answered with something that is not its documented form. Report the value of instance to the operators.',
  ),
  'provider-busy': kind(
    503,
    'Provider busy',
    'The provider or the way to it is overloaded; nothing was applied. Wait Retry-After seconds.',
    true,
  ),
  'idempotency-unavailable': kind(
    503,
    'Idempotency unavailable',
    'The store of idempotency keys cannot be reached, so this try of the request sent nothing. Repeat it under the same key.',
    true,
  ),
  'store-unavailable': kind(
    503,
    'Store unavailable',
    'The store cannot be reached, so that there is no answer. Send the request again later; what a write asked for may have been done, and is not done twice under the same Idempotency-Key.',
    true,
  ),
  overloaded: kind(
    503,
    'Overloaded',
    'The gateway has too much to do just now; nothing was sent. Wait Retry-After seconds.',
    true,
  ),
  draining: kind(
    503,
    'Draining',
    'This instance is shutting down. Send the request again; another one will answer.',
    true,
  ),
  'outcome-unknown': kind(
    504,
    'Outcome unknown',
    'The request was sent to the provider and no usable answer came; it may have been applied. Repeat it under the same Idempotency-Key.',
    true,
  ),
  'deadline-exceeded': kind(
    504,
    'Deadline exceeded',
    'The deadline came before anything was changed at the provider. Send the request again.',
    true,
  ),
} as const satisfies Record<string, ProblemKind>

export type ProblemSlug = keyof typeof problemKinds

/** One place that is wrong. `pointer` is a JSON Pointer in fragment form into the body, or `#/query/<name>`. */
export type ProblemPlace = { readonly pointer: string; readonly code: string; readonly detail: string }

export type ProblemExtras = {
  readonly detail?: string
  readonly retriable?: boolean
  readonly retryAfterSeconds?: number
  readonly errors?: readonly ProblemPlace[]
  /** Options of an import by which the file would be read, most likely. */
  readonly suggests?: { readonly encoding?: string | null; readonly headerRow?: number }
  readonly provider?: {
    readonly account: string
    readonly status?: number
    readonly code?: string
    readonly message?: string
  }
  readonly headers?: Readonly<Record<string, string>>
}

/** Thrown by hooks and routes to end a request with a problem. Its message is for the log and has no caller's data. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly slug: ProblemSlug
  readonly extras: ProblemExtras

  constructor(slug: ProblemSlug, extras: ProblemExtras = {}) {
    super(slug)
    this.slug = slug
    this.extras = extras
  }
}

const mostErrors = 100

/** The body of an `application/problem+json` answer (RFC 9457). `base` is the gateway's public address. */
export function problemBody(slug: ProblemSlug, extras: ProblemExtras, base: string, requestId: string) {
  const { status, title, meaning, retriable } = problemKinds[slug]
  const { errors } = extras
  return {
    type: `${base}/problems/${slug}`,
    title,
    status,
    detail: extras.detail ?? meaning,
    instance: `${base}/requests/${requestId}`,
    code: slug,
    retriable: extras.retriable ?? retriable,
    ...(extras.retryAfterSeconds !== undefined && { retryAfterSeconds: extras.retryAfterSeconds }),
    ...(errors !== undefined && { errors: errors.slice(0, mostErrors) }),
    ...(errors !== undefined && errors.length > mostErrors && { truncated: true }),
    ...(extras.suggests !== undefined && { suggests: extras.suggests }),
    ...(extras.provider !== undefined && { provider: extras.provider }),
  }
}
