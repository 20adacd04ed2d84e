import { type TObject, type TSchema, Type } from 'typebox'
import type { CallerEventType } from '../../domain/caller-event.ts'
import { ErasureSchema } from '../erasures/erasure-schema.ts'
import { ListedImportSchema } from '../imports/import-schema.ts'

const time = (description: string) => Type.String({ format: 'date-time', description: `${description} RFC 3339, UTC.` })

const account = Type.String({ description: 'The account, as the configuration calls it.' })

const ReachSchema = Type.Object(
  {
    account,
    since: time('Since when nothing has succeeded there.'),
    lastFailure: Type.Optional(Type.String({ description: 'How the last call failed that one process saw.' })),
  },
  { title: 'AccountReach', description: 'An account whose provider went away, or came back.' },
)

const AccountChangeSchema = Type.Object(
  {
    account,
    operation: Type.String({ description: 'The call that was answered.' }),
    change: Type.String({
      description: 'What differs from the documented form, or the header by which the provider announces a change.',
    }),
    shape: Type.String({ description: 'The form of the answer: types and names, never a value.' }),
  },
  { title: 'AccountChange', description: 'An answer of a provider that was not as it is documented.' },
)

const SuppressionsChangedSchema = Type.Object(
  {
    created: Type.Integer({ description: 'Entries that are new.' }),
    updated: Type.Integer({ description: 'Entries that hold on more channels, or for a stronger reason.' }),
    removed: Type.Integer({ description: 'Entries that were taken off.' }),
    ids: Type.Array(Type.String(), { description: 'The first 200 of these entries.' }),
    since: time('From when on GET /suppressions?since= shows what is new.'),
    entries: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Type.String({ description: 'The entry.' }),
            phone: Type.Optional(Type.String({ description: 'The number, in the form in which it is compared.' })),
            email: Type.Optional(Type.String({ description: 'The address, in the form in which it is compared.' })),
          },
          { title: 'ChangedSuppression', description: 'An entry with its address.' },
        ),
        { description: 'For endpoints with `addresses: true`, of at most 20 changes. Those of erasures are left out.' },
      ),
    ),
  },
  { title: 'SuppressionsChanged', description: 'What one write changed on the suppression list.' },
)

const TestSchema = Type.Object(
  { message: Type.String({ description: 'Who sends it.' }) },
  { title: 'TestData', description: 'An operator tries the endpoint.' },
)

/** Which request is told with an event; others have none. */
const requestWords: Partial<Readonly<Record<CallerEventType, string>>> = {
  'import.finished': 'Id of the request that made the import.',
  'erasure.finished': 'Id of the request that asked for the erasure.',
  'erasure.needs_person': 'Id of the request that asked for the erasure.',
  'suppressions.changed': "Id of the request that changed the list; of a provider's opt-out, that of its callback.",
}

function requestMember(type: CallerEventType) {
  const description = requestWords[type]
  return description === undefined ? {} : { request: Type.Optional(Type.String({ description })) }
}

const eventOf = (title: string, type: CallerEventType, data: TSchema) =>
  Type.Object(
    {
      type: Type.String({ enum: [type], description: 'What the event is.' }),
      timestamp: time('When it came up.'),
      data,
      ...requestMember(type),
      truncated: Type.Optional(Type.Boolean({ description: 'True where data was cut, so that all of it has 20 KB.' })),
    },
    { title, description: `The event ${type}.` },
  )

type Described = {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly schema: TObject
}

/** What is said of each event in the document of the API. */
export const describedEvents: Readonly<Record<CallerEventType, Described>> = {
  'import.finished': {
    operationId: 'onImportFinished',
    summary: 'An import came to its end',
    description: 'To the client whose import it is. The data is the import, as the list of imports shows it.',
    schema: eventOf('ImportFinishedEvent', 'import.finished', ListedImportSchema),
  },
  'erasure.finished': {
    operationId: 'onErasureFinished',
    summary: 'A person was forgotten everywhere',
    description: 'To the client that asked for it. The data is the receipt; no address is in it.',
    schema: eventOf('ErasureFinishedEvent', 'erasure.finished', ErasureSchema),
  },
  'erasure.needs_person': {
    operationId: 'onErasureNeedsPerson',
    summary: 'An erasure needs a person',
    description: 'To the client that asked for it: at some account somebody has to do it by hand.',
    schema: eventOf('ErasureNeedsPersonEvent', 'erasure.needs_person', ErasureSchema),
  },
  'suppressions.changed': {
    operationId: 'onSuppressionsChanged',
    summary: 'The suppression list changed',
    description:
      'To clients with suppressions:read, after each write that changed anything and each opt-out that a provider told of.',
    schema: eventOf('SuppressionsChangedEvent', 'suppressions.changed', SuppressionsChangedSchema),
  },
  'account.unavailable': {
    operationId: 'onAccountUnavailable',
    summary: 'A provider went away',
    description:
      'To clients that may use the account: nothing has succeeded there for 60 s, and calls are not made any more for now. All processes agree on it, so that it is told once.',
    schema: eventOf('AccountUnavailableEvent', 'account.unavailable', ReachSchema),
  },
  'account.recovered': {
    operationId: 'onAccountRecovered',
    summary: 'A provider is back',
    description: 'To the same clients: calls succeed again, and have not been held back for 60 s.',
    schema: eventOf('AccountRecoveredEvent', 'account.recovered', ReachSchema),
  },
  'account.changed': {
    operationId: 'onAccountChanged',
    summary: 'A provider answers otherwise than documented',
    description:
      'To clients that may use the account: an answer had another form and was read all the same, or announces a change (Deprecation, Sunset). Once a day for an account, an operation and a form.',
    schema: eventOf('AccountChangedEvent', 'account.changed', AccountChangeSchema),
  },
  test: {
    operationId: 'onTest',
    summary: 'An operator tries the endpoint',
    description: 'Sent by `contact-gateway webhooks test <client>`, to every endpoint of the client.',
    schema: eventOf('TestEvent', 'test', TestSchema),
  },
}

/** What a test has for data. */
export const testData = { message: 'contact-gateway webhooks test' }
