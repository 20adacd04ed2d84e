const importExplanation = {
  id: '3ea587df-eada-4a1f-8198-f17ec7f388f9',
  client: 'crm',
  list: 'newsletter',
  status: 'running',
  receivedAt: '2026-11-24T23:22:22.692Z',
  durationMs: 61_220,
  accounts: [
    {
      account: 'sms-fr',
      contacts: 12_000,
      outcomes: { created: 11_988, rejected: 12 },
      calls: [
        { operation: 'addContacts', result: 'ok', attempts: 60 },
        { operation: 'addContacts', result: 'rateLimited', attempts: 2 },
      ],
      waitedMs: { place: 0, pace: 41_300, breaker: 0, priority: 210, again: 800, provider: 18_450 },
    },
  ],
  explanation: [
    'What held it back most: its calls waited 41.3 s for their turn in the pace of sms-fr (requestsPerSecond), added up over all of its calls.',
    '2 of its calls to sms-fr (addContacts) ended with rateLimited.',
  ],
}

const listedRequest = {
  id: '5e0c1a52-3f0e-4d0a-9f8e-6b1f6f1f2c11',
  client: 'crm',
  method: 'POST',
  route: '/lists/{listId}/contacts',
  list: 'newsletter',
  status: 207,
  receivedAt: '2026-11-30T09:00:00.000Z',
  durationMs: 812.4,
  deadlineMs: 15_000,
  replica: 'gateway-7f9c',
  sameId: 1,
  idempotency: { result: 'new', storeMs: 1.1 },
  explanation: [
    'sms-fr answered 503 once and was asked again after 230 ms.',
    '1 contact was left out by sms-fr: blacklisted.',
  ],
}
const explainedRequest = {
  ...listedRequest,
  accounts: [
    {
      account: 'sms-fr',
      contacts: 120,
      outcomes: { created: 119, rejected: 1 },
      callsLeftOut: 0,
      calls: [
        {
          operation: 'addContacts',
          contacts: 120,
          attempts: [
            {
              atMs: 43.1,
              waitedMs: { place: 0, pace: 40 },
              breaker: 'closed',
              tookMs: 500,
              result: 'unavailable',
              providerStatus: 503,
              next: 'again',
              nextInMs: 230,
            },
            { atMs: 780, breaker: 'closed', tookMs: 30, result: 'ok', next: 'done' },
          ],
        },
      ],
    },
  ],
}

const activity = {
  items: [
    {
      account: 'sms-fr',
      minutes: [
        {
          at: '2026-11-30T08:59:00.000Z',
          calls: { ok: 118, unavailable: 2 },
          p95Ms: 240,
          waiting: 3,
          breaker: 'closed',
        },
        { at: '2026-11-30T09:00:00.000Z', calls: {}, waiting: 0, breaker: 'closed' },
      ],
    },
  ],
}

/** Answers that explain, by the title of their schema. */
export const explanationExamples = {
  AccountsActivity: activity,
  ImportExplanation: importExplanation,
  RequestPage: { items: [listedRequest], nextCursor: null },
  ExplainedRequest: explainedRequest,
}
