import type { OutcomeErrorCode, ProviderDetail } from './outcome.ts'

/** Every way in which a call to a provider ends without a result, or is not made at all. */
export type FailureKind =
  | 'invalid'
  | 'notFound'
  | 'conflict'
  | 'limitReached'
  | 'tooLarge'
  | 'misaddressed'
  | 'credentials'
  | 'rateLimited'
  | 'unreachable'
  | 'breakerOpen'
  | 'busy'
  | 'deadline'
  | 'unrecorded'
  | 'takenOver'
  | 'suppressed'
  | 'unasked'
  | 'unavailable'
  | 'timeout'
  | 'unreadable'
  | 'redirected'
  | 'defect'

/** A failed call, as a value. */
export type Failure = {
  readonly kind: FailureKind
  readonly provider?: ProviderDetail
  /** What the provider asked for, already clamped. */
  readonly retryAfterMs?: number
  /** It was a reading or preparing call that failed: the contact itself was not sent, whatever the kind says. */
  readonly beforeSending?: true
  /**
   * An earlier attempt of the same call may have been applied: a contact that is not there now may have been removed by
   * it.
   */
  readonly afterAmbiguous?: true
  /** The reason, where more is known of it than the rule's detail says. */
  readonly because?: FailureCause
  /** The contact was made just before, and may show a moment later. */
  readonly soon?: true
  /** The token that the call was sent with is given up: with another one it may be taken. */
  readonly tokenGivenUp?: true
  /** The places, in the batch, of the contacts that the provider's own words name as refused. */
  readonly named?: readonly number[]
}

/**
 * `foreign`: what answered is not the provider. `oversized`: the answer is larger than what is taken. `allowlist`: the
 * provider also refuses callers whose address it does not know. The others: it was the proxy on the way.
 */
export type FailureCause =
  | 'foreign'
  | 'oversized'
  | 'allowlist'
  | 'proxyAway'
  | 'proxyCredentials'
  | 'proxyRefuses'
  | 'proxyCannotReach'

/** A call's result: the value, or the failure. */
export type Result<Value> = { readonly ok: Value } | { readonly failure: Failure }

type FailureRule = {
  /** May the provider have done what it was asked? */
  readonly applied: 'no' | 'maybe'
  /** Is it likely to go away by itself? */
  readonly transient: boolean
  readonly code: OutcomeErrorCode
  /** For the caller: what happened, and what mends it. */
  readonly detail: string
}

/** A kind without a row here does not compile. */
export const failureRules: Readonly<Record<FailureKind, FailureRule>> = {
  invalid: {
    applied: 'no',
    transient: false,
    code: 'rejected_by_provider',
    detail: 'The provider refused this data. Change the contact as the provider says and send it again.',
  },
  notFound: {
    applied: 'no',
    transient: false,
    code: 'not_found',
    detail: 'The provider does not know this list or contact. Check the list in the gateway configuration.',
  },
  conflict: {
    applied: 'no',
    transient: false,
    code: 'conflict',
    detail:
      'The provider says that it has this number, and does not show it, perhaps not yet. Nothing was changed. Send it again in a moment.',
  },
  limitReached: {
    applied: 'no',
    transient: false,
    code: 'provider_limit_reached',
    detail:
      'The balance, the plan or a limit of the account at the provider is used up; nothing was applied. An operator has to see to it.',
  },
  tooLarge: {
    applied: 'no',
    transient: false,
    code: 'provider_too_large',
    detail:
      'The provider refused the call for its size, and takes no smaller one; nothing was applied. An operator has to lower batchSize of the account; a contact that is too large alone has to be shortened.',
  },
  misaddressed: {
    applied: 'no',
    transient: false,
    code: 'provider_misaddressed',
    detail:
      'The provider does not take this call at this address: it was moved or retired, or baseUrl is wrong. Nothing was applied. An operator has to check baseUrl and the news of the provider.',
  },
  credentials: {
    applied: 'no',
    transient: false,
    code: 'provider_credentials',
    detail: "The provider refused the gateway's credentials for this account. An operator has to mend them.",
  },
  rateLimited: {
    applied: 'no',
    transient: true,
    code: 'provider_rate_limited',
    detail: 'The provider asks for fewer requests. Send it again later.',
  },
  unreachable: {
    applied: 'no',
    transient: true,
    code: 'provider_unreachable',
    detail: 'No connection to the provider could be made; nothing was sent. Send it again.',
  },
  breakerOpen: {
    applied: 'no',
    transient: true,
    code: 'breaker_open',
    detail: 'The provider failed too often just now; nothing was sent. Send it again in a few seconds.',
  },
  busy: {
    applied: 'no',
    transient: true,
    code: 'provider_busy',
    detail: 'Too many calls to this account are waiting; nothing was sent. Send it again later.',
  },
  deadline: {
    applied: 'no',
    transient: true,
    code: 'deadline_exceeded',
    detail: 'The deadline of the request came before this was sent. Send it again, or in smaller batches.',
  },
  unrecorded: {
    applied: 'no',
    transient: true,
    code: 'store_unavailable',
    detail:
      'The gateway could not note in its store that this was about to be sent, so it was not sent. Repeat the request under the same Idempotency-Key.',
  },
  takenOver: {
    applied: 'maybe',
    transient: true,
    code: 'taken_over',
    detail:
      'Another try of the same request has the key now: this one did not send it, the other one may have. Repeat the request under the same Idempotency-Key to learn what became of it.',
  },
  suppressed: {
    applied: 'no',
    transient: false,
    code: 'suppressed',
    detail: 'The person is suppressed on a channel that this account uses; nothing was sent.',
  },
  unasked: {
    applied: 'no',
    transient: true,
    code: 'suppressions_unavailable',
    detail:
      'The gateway could not ask its store whether the person is suppressed, so it was not sent. Repeat the request.',
  },
  unavailable: {
    applied: 'maybe',
    transient: true,
    code: 'provider_unavailable',
    detail: 'The provider failed with a server error after the request was sent; it may have been applied.',
  },
  timeout: {
    applied: 'maybe',
    transient: true,
    code: 'provider_timeout',
    detail: 'The request was sent and no complete answer came; it may have been applied.',
  },
  unreadable: {
    applied: 'maybe',
    transient: false,
    code: 'provider_unreadable',
    detail: 'The provider answered with something that is not its documented form; it may have been applied.',
  },
  redirected: {
    applied: 'maybe',
    transient: false,
    code: 'provider_redirect',
    detail: 'The provider answered with a redirect, which is not followed. An operator has to check its address.',
  },
  defect: {
    applied: 'maybe',
    transient: false,
    code: 'internal',
    detail:
      'The gateway failed in a way that it should not; it may have been applied. Report the id of the request to the operators.',
  },
}

/** May the same request help if it is sent again? What a provider has and does not show may show a moment later. */
export function isWorthRepeating({ kind, soon }: Pick<Failure, 'kind' | 'soon'>): boolean {
  return failureRules[kind].transient || kind === 'conflict' || soon === true
}

const detailOfCause: Readonly<Record<FailureCause, string>> = {
  foreign: 'It looks like the page of a proxy or of another server: an operator has to check baseUrl.',
  oversized:
    'It is larger than what the gateway takes, even for the smallest part of it: ask for fewer contacts with limit.',
  allowlist:
    'Either they are wrong, or the address that the gateway calls from is not on the allowlist of the account there, where a change can take some minutes.',
  proxyAway:
    "The proxy on the gateway's way out cannot be reached, or does not answer as one: an operator has to see to it.",
  proxyCredentials:
    "The proxy on the gateway's way out refused its user name and password: an operator has to mend them.",
  proxyRefuses: "The proxy on the gateway's way out does not let it through: an operator has to see to its rules.",
  proxyCannotReach: "The proxy on the gateway's way out could not reach the provider.",
}

/** For the caller: what happened, and what mends it. */
export function detailOfFailure(failure: Failure): string {
  return failureRules[failure.kind].detail + causeOf(failure) + (failure.soon === true ? madeJustNow : '')
}

const madeJustNow = ' The list was made just before, and may not show yet: send it again in a moment.'

/** What is known of the reason, to be put after another sentence; empty where nothing is. */
export function causeOf({ because }: Failure): string {
  return because === undefined ? '' : ` ${detailOfCause[because]}`
}

/** True when the call certainly left the contact at the provider as it was. */
export function certainlyNotApplied(failure: Failure): boolean {
  return failure.beforeSending === true || failureRules[failure.kind].applied === 'no'
}

/**
 * The failure of a later try of a request of which an earlier one may have been applied. That this one was certainly not
 * applied says nothing of that one; a refusal of the same data does.
 */
export function afterEarlierTry(failure: Failure): Failure {
  const isOfTheData = failure.kind === 'invalid' && failure.beforeSending !== true
  return isOfTheData || !certainlyNotApplied(failure) ? failure : { kind: 'timeout' }
}

/** Marks the failure of a call that only read or prepared. */
export function beforeSending(failure: Failure): Failure {
  return certainlyNotApplied(failure) ? failure : { ...failure, beforeSending: true }
}
