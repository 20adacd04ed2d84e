import { type CallerEventType, callerEventTypes } from '../../domain/caller-event.ts'
import { answerExamples } from '../openapi/answer-examples.ts'
import { describedEvents, testData } from './event-schema.ts'

const since = '2026-11-24T23:20:00.000Z'
const aSuppression = { id: 'mXq1yqk0Q2hW3V4uN5b6cA' }

/** What each event has for data. */
const exampleData: Readonly<Record<CallerEventType, unknown>> = {
  'import.finished': answerExamples.ListedImport,
  'erasure.finished': { ...(answerExamples.Erasure as object), status: 'completed' },
  'erasure.needs_person': answerExamples.Erasure,
  'suppressions.changed': {
    created: 1,
    updated: 0,
    removed: 0,
    ids: [aSuppression.id],
    since,
    entries: [{ ...aSuppression, phone: '+33612345678' }],
  },
  'account.unavailable': { account: 'sms-fr', since, lastFailure: 'timeout' },
  'account.recovered': { account: 'sms-fr', since },
  'account.changed': {
    account: 'sms-fr',
    operation: 'addContacts',
    change: 'number_as_text',
    shape: '{sms_count: string}',
  },
  test: testData,
}

const exampleRequest = '5e0c6d3f-8a1b-4c2d-9e7f-0a1b2c3d4e5f'

const headers = [
  ['webhook-id', 'The same for every try of the same event.', '5f3a9c0e7b1d48a2b6c4d0e9f1a37c58'],
  ['webhook-timestamp', 'When this try was sent, in seconds since 1970.', '1764026542'],
  [
    'webhook-signature',
    'v1, and an HMAC-SHA-256 in base64, by each secret of the endpoint; blanks between.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ],
] as const

/** What the gateway sends by itself, for the member `webhooks` of the document. */
export function describeWebhooks(): Record<string, unknown> {
  return Object.fromEntries(callerEventTypes.map((type) => [type, { post: operationOf(type) }]))
}

function operationOf(type: CallerEventType) {
  const { schema, ...words } = describedEvents[type]
  const example = {
    type,
    timestamp: '2026-11-24T23:22:22.692Z',
    data: exampleData[type],
    ...('request' in schema.properties && { request: exampleRequest }),
  }
  return {
    ...words,
    tags: ['Webhooks'],
    security: [],
    parameters: headers.map(([name, description, value]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
      example: value,
    })),
    requestBody: { required: true, content: { 'application/json': { schema, example } } },
    responses: {
      204: { description: 'It is taken; any other 2xx will do. Everything else is tried again, for about three days.' },
      410: { description: 'The endpoint gets nothing more until its entry in the configuration changes.' },
    },
  }
}
