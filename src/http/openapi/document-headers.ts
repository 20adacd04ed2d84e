/** The headers that belong to many operations: described once, and referred to where they are of use. */

type Operation = {
  readonly operationId?: string
  readonly responses?: Record<string, { description?: string; headers?: object }>
  parameters?: object[]
}

const text = (description: string, maxLength: number, example?: string) => ({
  description,
  schema: { type: 'string', maxLength, ...(example !== undefined && { examples: [example] }) },
})
const integer = (description: string) => ({
  description,
  schema: { type: 'integer', format: 'int32', minimum: 0, maximum: 2_147_483_647 },
})

/** For `components.headers`. */
export const answerHeaders = {
  RequestId: text('Names the request: the one that was sent, else a new one. It stands in the log.', 128),
  RateLimitPolicy: text("The client's quota. Only on answers to a known client.", 200, '"client";q=600;w=60'),
  RateLimit: text('What is left of the quota. Only on answers to a known client.', 200, '"client";r=599;t=60'),
  RetryAfter: integer('Seconds to wait before the next try.'),
  Authenticate: text('Always Bearer.', 50, 'Bearer'),
  Location: text('Path of what was made.', 1000),
  Link: text('Where the next page is; absent on the last one.', 4000),
  ItemsFailed: integer('Outcomes that are rejected, failed or unknown.'),
  Replayed: text('`true`: the stored answer. `resumed`: what had failed was tried again.', 10),
  Stored: text('`false`: the answer could not be stored under its key.', 10),
  'Access-Control-Allow-Origin': text('Never sent: callers are servers, and pages of other origins get no answer.', 1),
  PreferenceApplied: text('The preferences that were followed.', 500),
}

const requestHeaders = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Unique to this request. The same request under the same key is answered again without being carried out again; what had failed is tried again.',
    schema: { type: 'string', minLength: 16, maxLength: 257, pattern: '^"?[A-Za-z0-9_.:-]{16,255}"?$' },
  },
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    required: false,
    description: 'Names the request in the log and in problems; one of another form is replaced.',
    schema: { type: 'string', minLength: 8, maxLength: 128, pattern: '^[A-Za-z0-9._-]{8,128}$' },
  },
}

const wait = '`wait=<seconds>`: a shorter deadline.'
const strict = '`handling=strict`: refuse whatever would lose something.'
const minimal = '`return=minimal`: leave out what went without a remark.'

/** The preferences (RFC 7240) of each operation that has some. */
const preferences: Readonly<Record<string, string>> = {
  addContactsToList: [wait, strict, minimal, '`respond-async`: make an import of the batch.'].join(' '),
  createContact: [wait, strict, minimal].join(' '),
  updateContact: [wait, strict].join(' '),
  deleteContact: wait,
  removeContactFromList: wait,
  getContact: wait,
  listContacts: wait,
  listContactsOfList: wait,
}

/** Further headers of single answers. */
const special: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  'addContactsToList 207': { 'X-Items-Failed': header('ItemsFailed') },
  'addContactsToList 202': { Location: header('Location'), 'Retry-After': header('RetryAfter') },
  'startImport 202': { Location: header('Location'), 'Retry-After': header('RetryAfter') },
  'createContact 201': { Location: header('Location') },
  'createContact 200': { Location: header('Location') },
  'listContacts 200': { Link: header('Link') },
  'listContactsOfList 200': { Link: header('Link') },
}

/** Adds the headers to every operation, by what it can answer. */
export function describeHeaders(paths: object): void {
  for (const operations of Object.values(paths))
    for (const operation of Object.values(operations as Record<string, Operation>)) {
      const { operationId = '', responses = {} } = operation
      const keyed = responses['400']?.description?.includes('idempotency-key-invalid') === true
      const preference = preferences[operationId]
      operation.parameters = [
        ...(operation.parameters ?? []),
        ...(keyed ? [requestHeaders.IdempotencyKey] : []),
        ...(preference === undefined ? [] : [preferParameter(preference)]),
        ...(operationId === 'watchImport' ? [lastEventId] : []),
        requestHeaders.RequestId,
      ]
      for (const [status, response] of Object.entries(responses))
        response.headers = {
          ...response.headers,
          ...headersOf(status),
          ...(keyed &&
            status < '300' && { 'Idempotency-Replayed': header('Replayed'), 'Idempotency-Stored': header('Stored') }),
          ...(preference !== undefined && status < '300' && { 'Preference-Applied': header('PreferenceApplied') }),
          ...special[`${operationId} ${status}`],
        }
    }
}

function headersOf(status: string): Readonly<Record<string, object>> {
  return {
    'X-Request-Id': header('RequestId'),
    'RateLimit-Policy': header('RateLimitPolicy'),
    RateLimit: header('RateLimit'),
    'Access-Control-Allow-Origin': header('Access-Control-Allow-Origin'),
    ...(status === '401' && { 'WWW-Authenticate': header('Authenticate') }),
    ...(['409', '429', '503'].includes(status) && { 'Retry-After': header('RetryAfter') }),
  }
}

function header(name: keyof typeof answerHeaders): object {
  return { $ref: `#/components/headers/${name}` }
}

function preferParameter(description: string): object {
  return { name: 'Prefer', in: 'header', required: false, description, schema: { type: 'string', maxLength: 500 } }
}

const lastEventId = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'The id of the last event that was seen: only later ones are sent.',
  schema: { type: 'string', maxLength: 20 },
}
