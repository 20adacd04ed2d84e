import { type Attempt, attemptsOf, type NextStep } from './attempt.ts'
import type { CallsAt } from './calls-made.ts'
import type { AnsweredRequest, ExplainedOutcome, ExplanationHead, KeyedResult } from './explanation.ts'
import { type FailureKind, failureRules } from './failure.ts'
import { aboutTakeover } from './takeover-sentences.ts'

const mostSentences = 10
/** Less than this nobody asks about. */
const worthTellingMs = 100

type Known = Omit<ExplanationHead, 'explanation'> & Pick<AnsweredRequest, 'outcomes' | 'left'>

/** What happened, for a person: the key first, then each account, then what became of the contacts. */
export function sentencesOf(request: Known, accounts: readonly CallsAt[]): readonly string[] {
  const told = [
    ...aboutKey(request),
    ...aboutTakeover(request, accounts),
    ...accounts.flatMap((one) => aboutCalls(one)),
    ...aboutOutcomes(request.outcomes),
    ...accounts.flatMap((one) => aboutWaits(one)),
    ...aboutTime(request),
  ]
  // The same happens to many calls.
  const sentences = [...new Set(told)]
  if (sentences.length === 0) return [accounts.length === 0 ? 'No provider was called.' : 'All went well.']
  return sentences.length <= mostSentences
    ? sentences
    : [
        ...sentences.slice(0, mostSentences - 1),
        `There is more: ${sentences.length - mostSentences + 1} sentences are left out.`,
      ]
}

const ofKey: Readonly<Record<KeyedResult, (first: string) => string | undefined>> = {
  none: () => undefined,
  new: () => undefined,
  replayed: (first) => `The stored answer of ${first} was given again; nothing was sent.`,
  resumed: (first) => `It went on with what ${first} had left open, and did nothing twice.`,
  taken_over: (first) => `It took over from ${first}, which ended without an answer.`,
  refused: () => 'Nothing was sent: the Idempotency-Key could not be used.',
}

function aboutKey({ idempotency: { result, firstRequest, storeMs = 0 }, code }: Known): readonly string[] {
  const told = ofKey[result](firstRequest === undefined ? 'an earlier request' : `request ${firstRequest}`)
  const because = (code !== undefined && ofProblem[code]) || undefined
  return [
    ...(told === undefined ? [] : [told]),
    ...(because === undefined ? [] : [because]),
    ...(storeMs < worthTellingMs ? [] : [`The store took ${ms(storeMs)} over the Idempotency-Key.`]),
  ]
}

/** Problems that are not a provider's. */
const ofProblem: Readonly<Record<string, string>> = {
  'idempotency-unavailable': 'The store of idempotency keys could not be reached.',
  'idempotency-in-progress': 'Another try of the same request has the key.',
  'store-unavailable': 'The store could not be reached.',
  'deadline-exceeded': 'The deadline came before it was done.',
  internal: 'The gateway failed in a way that it should not; its log says more.',
}

/** What went wrong with the calls to an account, in its order; those that went alike are told once. */
function aboutCalls({ account, calls }: CallsAt): readonly string[] {
  return calls
    .filter((last) => last.result !== 'ok' || last.before !== undefined)
    .flatMap((last) => aboutCall(account, last))
}

function aboutCall(account: string, last: Attempt): readonly string[] {
  const attempts = attemptsOf(last)
  const again = attempts.filter(({ next }) => next === 'again')
  const pauses = again.map(({ nextIn }) => ms(nextIn)).join(' and ')
  const renewed = again.length === 1 && again[0]?.result === 'credentials'
  const first =
    again.length === 0
      ? []
      : [
          renewed
            ? `${account} refused a token, and was asked again with a new one.`
            : `${account} ${wordsOf(again[0] as Attempt)}${times(again.length)} and was asked again after ${pauses}.`,
        ]
  if (last.result === 'ok') return first
  const doing = last.took === undefined ? '' : ` (${last.operation})`
  return [...first, `${account} ${wordsOf(last)}${doing}: ${why(last, attempts.length)}.`]
}

function times(count: number): string {
  return count === 1 ? ' once' : count === 2 ? ' twice' : ` ${count} times`
}

const words: Readonly<Record<FailureKind, string>> = {
  invalid: 'refused the data',
  notFound: 'does not know it',
  conflict: 'says that it has it already',
  limitReached: 'refused it for its plan or a limit of the account',
  tooLarge: 'refused the call for its size',
  misaddressed: 'does not take this call at this address',
  credentials: 'refused the credentials of the account',
  rateLimited: 'asked for fewer requests',
  unreachable: 'could not be reached',
  breakerOpen: 'was not called',
  busy: 'was not called',
  deadline: 'was not called',
  unrecorded: 'was not called',
  takenOver: 'was not called',
  suppressed: 'was not called',
  unasked: 'was not called',
  unavailable: 'failed',
  timeout: 'did not answer in time',
  unreadable: 'answered in another form than it documents',
  redirected: 'answered with a redirect',
  defect: 'was called, and the gateway failed',
}

function wordsOf({ result, providerStatus }: Attempt): string {
  if (result === 'ok') return 'answered'
  if (result === 'unavailable' && providerStatus !== undefined) return `answered ${providerStatus}`
  return providerStatus === undefined ? words[result] : `${words[result]} (${providerStatus})`
}

/** Why a call was not sent at all, where it is not its next step that says so. */
const unsent: Partial<Record<FailureKind, string>> = {
  busy: 'too many calls were waiting for it',
  suppressed: 'the person is suppressed',
  unasked: 'the store could not be asked who is suppressed',
  unrecorded: 'the store could not note it',
  takenOver: 'another try of the same request has the key',
}

const whyNoMore: Readonly<Record<Exclude<NextStep, 'final'>, string>> = {
  again: 'it was asked again',
  done: 'it was done',
  deadline: 'no time was left before the deadline',
  retry_budget: 'it was not sent again, since the retries of the account are used up for now',
  not_repeatable: 'it was not sent again, since it may have been applied, and a second time would do harm',
  breaker: 'the account is not called for a while, since too many calls failed',
}

function why({ result, next }: Attempt, attempts: number): string {
  if (result === 'ok') return whyNoMore.done
  const because = unsent[result]
  if (because !== undefined) return because
  if (next !== 'final') return whyNoMore[next]
  if (!failureRules[result].transient) return 'to send it again would not help'
  return `it was sent ${attempts === 1 ? 'once' : `${attempts} times`}, as often as is configured`
}

function aboutOutcomes(outcomes: readonly ExplainedOutcome[]): readonly string[] {
  const told = outcomes.filter(({ status }) => placedAs[status] !== undefined)
  const groups = Map.groupBy(told, ({ account, status, error }) => JSON.stringify([account, status, error?.code]))
  return [...groups.values()].map((group) => {
    const { account, status, error } = group[0] as ExplainedOutcome
    const contacts = group.length === 1 ? '1 contact was' : `${group.length.toLocaleString('en')} contacts were`
    return `${contacts} ${placedAs[status]} ${account}${error === undefined ? '' : `: ${error.code}`}.`
  })
}

const placedAs: Readonly<Record<string, string>> = {
  rejected: 'left out by',
  failed: 'not brought to',
  unknown: 'left in doubt at',
}

/** What calls waited for, of each account the longest wait. */
function aboutWaits({ account, calls }: CallsAt): readonly string[] {
  const attempts = calls.flatMap(attemptsOf)
  const place = Math.max(0, ...attempts.map(({ waitedForPlace }) => waitedForPlace))
  const pace = Math.max(0, ...attempts.map(({ waitedForPace }) => waitedForPace))
  return [
    ...(place < worthTellingMs ? [] : [`A call waited ${ms(place)} until ${account} had a place for it.`]),
    ...(pace < worthTellingMs ? [] : [`A call waited ${ms(pace)} for its turn in the pace of ${account}.`]),
  ]
}

function aboutTime({ durationMs, deadlineMs }: Known): readonly string[] {
  return durationMs < 2_000 ? [] : [`It took ${ms(durationMs)} of at most ${ms(deadlineMs)}.`]
}

function ms(value: number): string {
  return `${Math.round(value).toLocaleString('en')} ms`
}
