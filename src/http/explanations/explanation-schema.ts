import { Type } from 'typebox'
import { nextSteps } from '../../domain/attempt.ts'
import { breakerStates } from '../../domain/breaker-state.ts'
import { keyedResults } from '../../domain/explanation.ts'
import { oneOf } from '../openapi/one-of.ts'

const ms = (description: string) => Type.Number({ description: `${description} In milliseconds.` })

const AttemptSchema = Type.Object(
  {
    atMs: ms('When it was sent, or was not, counted from when the request came.'),
    waitedMs: Type.Optional(
      Type.Object(
        { place: ms('For a place among the calls at once.'), pace: ms('For its turn in requestsPerSecond.') },
        { description: 'What it waited for before.' },
      ),
    ),
    breaker: oneOf(breakerStates, 'How the breaker of the account stood.', 'BreakerState'),
    tookMs: Type.Optional(ms('How long the provider took; absent: it was not sent.')),
    result: Type.String({
      description: '`ok`, or the kind of its failure.',
      examples: ['ok', 'unavailable', 'timeout'],
    }),
    providerStatus: Type.Optional(Type.Integer({ description: 'HTTP status of the provider.' })),
    providerCode: Type.Optional(
      Type.String({ description: "The provider's own code, where it is a short number or made of technical words." }),
    ),
    next: oneOf(
      nextSteps,
      '`again`: it was sent once more. `done`. `deadline`: no time was left. `retry_budget`: the retries of the account are used up for now. `not_repeatable`: it may have been applied, and a second time would do harm. `breaker`: the account is not called for a while. `final`: nothing is to be won by another try, or as many were made as are configured.',
      'NextStep',
    ),
    nextInMs: Type.Optional(ms('How long it was waited for then.')),
  },
  { title: 'ExplainedAttempt', description: 'One attempt of a call.' },
)

const CallSchema = Type.Object(
  {
    operation: Type.String({ description: 'What the provider was called for.', examples: ['addContacts'] }),
    contacts: Type.Integer({ description: 'How many contacts it was about.' }),
    attempts: Type.Immutable(Type.Array(AttemptSchema, { description: 'From the first.' })),
  },
  { title: 'ExplainedCall', description: 'One call, with all of its attempts.' },
)

const AccountSchema = Type.Object(
  {
    account: Type.String({ description: 'The account.' }),
    contacts: Type.Integer({ description: 'How many contacts were for it.' }),
    outcomes: Type.Record(Type.String(), Type.Integer({ minimum: 1, description: 'How many.' }), {
      description: 'What became of them, by status.',
    }),
    callsLeftOut: Type.Integer({ description: 'Calls that are not told: those that went better than the others.' }),
    calls: Type.Immutable(Type.Array(CallSchema, { description: 'Its calls, from the first; the 20 worst at most.' })),
  },
  { title: 'ExplainedAccount', description: 'What was done at one account.' },
)

const head = {
  id: Type.String({ description: 'Its X-Request-Id; the last part of `instance` in a problem.' }),
  client: Type.String({ description: 'The client that sent it.' }),
  method: Type.String({ description: 'Its method.' }),
  route: Type.String({ description: 'Its path, with names in the place of ids.' }),
  list: Type.Optional(Type.String({ description: 'The list that it was about.' })),
  status: Type.Integer({ description: 'What it was answered with.' }),
  code: Type.Optional(Type.String({ description: 'The code of its problem.' })),
  receivedAt: Type.String({ format: 'date-time', description: 'When it came. RFC 3339, UTC.' }),
  durationMs: ms('How long it took.'),
  deadlineMs: ms('How long it could have taken.'),
  replica: Type.String({ description: 'The machine that answered it.' }),
  sameId: Type.Integer({ description: 'How many requests of the client had this id; this is the newest.' }),
  idempotency: Type.Object(
    {
      result: oneOf(
        keyedResults,
        '`none`: it had no Idempotency-Key. `new`: it did the work. `replayed`: it got a stored answer. `resumed`: it tried again what was open. `taken_over`: an earlier try had ended without an answer. `refused`: nothing was done.',
        'KeyedResult',
      ),
      firstRequest: Type.Optional(Type.String({ description: 'The request that did the work, where that is known.' })),
      storeMs: Type.Optional(ms('How long it took to learn that.')),
    },
    { title: 'KeyedUse', description: 'What its Idempotency-Key meant.' },
  ),
  explanation: Type.Immutable(
    Type.Array(Type.String(), { description: 'What happened, in words; ten sentences at most.' }),
  ),
}

export const ListedRequestSchema = Type.Object(head, {
  title: 'ListedRequest',
  description: 'A request in a list; `GET /requests/{requestId}` has its calls.',
})

export const ExplainedRequestSchema = Type.Object(
  {
    ...head,
    accounts: Type.Immutable(Type.Array(AccountSchema, { description: 'What was done at each account.' })),
    accountsLeftOut: Type.Optional(Type.Integer({ description: 'Accounts for which there was no room.' })),
  },
  { title: 'ExplainedRequest', description: 'What was done for a request, and why no more.' },
)

export const RequestPageSchema = Type.Object(
  {
    items: Type.Array(ListedRequestSchema, { description: 'The requests, the newest first.' }),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'For the next page; null on the last one.' }),
  },
  { title: 'RequestPage', description: 'A page of requests.' },
)
