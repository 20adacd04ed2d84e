import { explanationExamples } from './explanation-examples.ts'

const contact = {
  id: 'wa-in:00000000-0000-4000-8000-000000000001',
  provider: 'acme',
  account: 'wa-in',
  name: 'Jane Smith',
  email: 'jane@example.com',
  phone: '+919876543210',
  tags: ['newsletter', 'vip'],
  attributes: { city: 'Pune' },
  createdAt: '2026-11-24T23:22:22.692Z',
  updatedAt: '2026-11-24T23:22:22.692Z',
}

const erasure = {
  id: '7a1e4b0c-5d3f-4c86-9b1e-0f6a2d9c8e51',
  reference: 'DSR-17',
  hints: ['+91••••10', 'j••••@e••••.com'],
  status: 'needs_person',
  createdAt: '2026-11-24T23:22:22.692Z',
  dueAt: '2026-12-24T23:22:22.692Z',
  suppressionIds: ['Zk9yIGV4YW1wbGUgb25seQ', 'QW5kIGFub3RoZXIgb25lLg'],
  accounts: [
    {
      account: 'wa-in',
      provider: 'acme',
      status: 'deleted',
      at: '2026-11-24T23:23:25.112Z',
      detail: 'The provider has deleted everybody with this address.',
      attempts: 2,
    },
    {
      account: 'sms-fr',
      provider: 'other',
      status: 'by_hand',
      at: '2026-11-24T23:22:22.692Z',
      detail: 'Other has no call that deletes somebody by this. Look in the account there, and delete what you find.',
      attempts: 0,
    },
  ],
  gateway: { status: 'done', importRowsErased: 2, heldUntil: '2026-12-01T23:22:22.692Z' },
}

const counts = { created: 0, updated: 0, skipped: 0, accepted: 0, rejected: 0, failed: 0, unknown: 0, pending: 0 }
/** What an event tells of an import. */
export const exampleOfProgress = {
  id: '3ea587df-eada-4a1f-8198-f17ec7f388f9',
  status: 'running',
  rows: 3,
  progress: { 'sms-fr': { ...counts, created: 1, rejected: 1, pending: 1 } },
  losses: { 'sms-fr': { attribute_dropped: 1 } },
  skippedBecause: {},
  startedAt: '2026-11-24T23:22:22.700Z',
  etaSeconds: 2,
}
const listedImport = {
  ...exampleOfProgress,
  listId: 'newsletter',
  client: 'crm',
  validateOnly: false,
  options: { onConflict: 'update' },
  createdAt: '2026-11-24T23:22:22.692Z',
}
const anImport = {
  ...listedImport,
  options: { mapping: { City: 'attributes.city' }, onConflict: 'update' },
  warnings: [
    {
      code: 'attribute_dropped',
      column: 'City',
      accounts: ['sms-fr'],
      detail: 'Column 4 “City” at sms-fr: it is not sent, unless the attribute is mapped in the list’s target there.',
    },
  ],
}

const inspection = {
  encoding: 'windows-1252',
  delimiter: ';',
  headerRow: 1,
  columns: [
    { index: 0, header: 'Vorname', field: 'firstName', confidence: 0.9, samples: ['Zoé', 'Jürgen'] },
    { index: 1, header: 'Handy', field: 'phone', confidence: 0.9, place: 1, samples: ['+49 151 23456789'] },
    { index: 2, header: 'Telefon', field: 'phone', confidence: 0.9, place: 2, samples: ['+49 30 901820'] },
    { index: 3, header: 'Notiz', field: null, confidence: 0, samples: [] },
  ],
  rowsSeen: 3120,
  complete: false,
  warnings: [
    {
      code: 'column_ignored',
      column: 'Notiz',
      detail: 'Column 4 “Notiz” is not sent. Map it to a field or an attribute, or to null if it is not wanted.',
    },
  ],
}

const list = {
  id: 'sms',
  title: 'SMS',
  targets: [
    {
      account: 'sms-fr',
      provider: 'acme',
      target: { list: 'sms' },
      requiredFields: ['phone'],
      droppedFields: ['whatsapp', 'attributes'],
    },
  ],
}

const outcome = {
  account: 'sms-fr',
  provider: 'acme',
  status: 'created',
  id: 'sms-fr:+919876543210',
  warnings: [
    {
      code: 'name_not_split',
      pointer: '#/contacts/0/name',
      detail: "The whole name goes into the provider's first name.",
    },
  ],
}

const importError = {
  row: 3,
  line: 4,
  column: 'Mobile',
  value: '',
  account: 'sms-fr',
  status: 'rejected',
  code: 'phone_required',
  detail: 'The provider requires a phone number. Add it to reach this account.',
}

const suppression = {
  id: 'mXq1yqk0Q2hW3V4uN5b6cA',
  kind: 'phone',
  hint: '+33••••78',
  channels: ['*'],
  reason: 'opt_out',
  source: 'preference centre',
  saidAt: '2026-11-30T09:00:00.000Z',
  createdAt: '2026-11-30T09:00:01.204Z',
  updatedAt: '2026-11-30T09:00:01.204Z',
  createdBy: 'crm',
}

const delivery = {
  id: 'c0a8f3d2b1e94c7795a6d3f20b8e1a4c',
  eventId: '5f3a9c0e7b1d48a2b6c4d0e9f1a37c58',
  type: 'import.finished',
  url: 'https://crm.example/gateway-events',
  state: 'pending',
  tries: 1,
  createdAt: '2026-11-24T23:22:22.692Z',
  lastTryAt: '2026-11-24T23:22:22.741Z',
  lastStatus: 503,
  lastFailure: 'status',
  nextTryAt: '2026-11-24T23:22:27.902Z',
}

/** An answer of each form, by the title of its schema. */
export const answerExamples: Readonly<Record<string, unknown>> = {
  Import: anImport,
  ListedImport: listedImport,
  Inspection: inspection,
  ImportPage: { items: [listedImport] },
  ImportErrorPage: { items: [importError] },
  BatchResult: {
    summary: { contacts: 1, outcomes: { created: 1 } },
    results: [{ index: 0, ref: 'crm-17', outcomes: [outcome] }],
  },
  CreatedContact: {
    account: 'wa-in',
    provider: 'acme',
    status: 'created',
    id: contact.id,
    warnings: [],
    contact,
  },
  StoredContact: contact,
  PatchedContact: { ...contact, warnings: [] },
  PersonSearch: {
    suppressions: [],
    accounts: [
      { account: 'wa-in', provider: 'acme', status: 'found', contacts: [contact] },
      {
        account: 'sms-fr',
        provider: 'other',
        status: 'not_readable',
        detail: 'Other has no call that finds a person: look in the account there.',
      },
    ],
    complete: true,
  },
  Me: {
    client: 'crm',
    scopes: ['contacts:read', 'imports'],
    lists: [{ id: 'sms', title: 'SMS' }],
    accounts: ['sms-fr'],
    importBytes: 52_428_800,
  },
  ErasurePreview: { accounts: erasure.accounts },
  Erasure: erasure,
  ErasurePage: { items: [erasure], nextCursor: null },
  Delivery: delivery,
  DeliveryPage: { items: [delivery], nextCursor: null },
  ContactPage: { items: [contact], nextCursor: null },
  List: list,
  Suppression: suppression,
  FoundSuppressions: { items: [suppression] },
  SuppressionPage: { items: [suppression], nextCursor: null },
  AddedSuppressions: {
    summary: { suppressions: 2, statuses: { created: 1, rejected: 1 } },
    results: [
      { index: 0, status: 'created', id: suppression.id },
      {
        index: 1,
        status: 'rejected',
        error: {
          code: 'email_invalid',
          pointer: '#/suppressions/1/email',
          detail: 'This is no e-mail address. Write it as name@domain.example, without a name beside it.',
        },
      },
    ],
  },
  ...explanationExamples,
  Lists: { items: [list] },
  ProviderAccounts: {
    items: [
      {
        account: 'sms-fr',
        provider: 'acme',
        operations: ['addContactsToList', 'createContact', 'updateContact', 'deleteContact', 'removeContactFromList'],
        batchSize: 200,
        filters: [],
        requiredFields: ['phone'],
        droppedFields: ['whatsapp', 'attributes'],
        breaker: 'closed',
      },
    ],
  },
}

type Media = { readonly schema?: { readonly title?: string }; example?: unknown }

/** Gives each answer an example. */
export function exampleAnswers(paths: object): void {
  for (const operations of Object.values(paths))
    for (const { responses = {} } of Object.values(operations as Record<string, { responses?: object }>))
      for (const { content = {} } of Object.values(responses as Record<string, { content?: Record<string, Media> }>))
        for (const media of Object.values(content)) {
          const example = answerExamples[media.schema?.title ?? '']
          if (example !== undefined) media.example = example
        }
}
