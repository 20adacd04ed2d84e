import {
  causeOf,
  certainlyNotApplied,
  detailOfFailure,
  type Failure,
  type FailureKind,
  failureRules,
  isWorthRepeating,
} from '../../domain/failure.ts'
import type { OutcomeError } from '../../domain/outcome.ts'
import { Problem, type ProblemExtras, type ProblemSlug } from './problems.ts'

/** What a failed call about one contact is to the caller, when nothing was applied. A kind without a row does not compile. */
const slugOfKind: Readonly<Record<FailureKind, ProblemSlug>> = {
  invalid: 'contact-rejected',
  notFound: 'not-found',
  conflict: 'conflict',
  limitReached: 'provider-unavailable',
  tooLarge: 'provider-unavailable',
  misaddressed: 'provider-unavailable',
  credentials: 'provider-credentials',
  rateLimited: 'provider-busy',
  unreachable: 'provider-busy',
  breakerOpen: 'provider-busy',
  busy: 'provider-busy',
  deadline: 'deadline-exceeded',
  unrecorded: 'idempotency-unavailable',
  takenOver: 'idempotency-in-progress',
  suppressed: 'contact-rejected',
  unasked: 'store-unavailable',
  unavailable: 'provider-unavailable',
  timeout: 'deadline-exceeded',
  unreadable: 'provider-unreadable',
  redirected: 'provider-unreadable',
  defect: 'internal',
}

/** How long a 503 asks the caller to wait where the provider asks for nothing. */
const defaultWaitMs = 1_000

export type FailedCall = {
  readonly account: string
  readonly failure: Failure
  /** `read`: nothing can have been applied. `create`: the request names nothing that could be missing. */
  readonly doing: 'read' | 'create' | 'change'
  /** The same request can be sent again without harm. */
  readonly settleable: boolean
}

/** The problem that a failed call is; `outcome-unknown` for every write that may have been applied. */
export function problemOfFailure({ account, failure, doing, settleable }: FailedCall): Problem {
  const rule = failureRules[failure.kind]
  const provider = { account, ...failure.provider }
  if (doing !== 'read' && !certainlyNotApplied(failure)) {
    return new Problem('outcome-unknown', {
      detail: `${detailOfFailure(failure)}${advice(settleable)}`,
      retriable: settleable,
      provider,
    })
  }
  const slug = slugFor(failure.kind, doing)
  if (slug === 'not-found') return new Problem(slug)
  const wait = slug === 'provider-busy' ? (failure.retryAfterMs ?? defaultWaitMs) : undefined
  return new Problem(slug, {
    detail: rule.applied === 'no' ? detailOfFailure(failure) : nothingChanged + causeOf(failure),
    retriable: isWorthRepeating(failure),
    provider,
    ...(wait !== undefined && { retryAfterSeconds: Math.max(1, Math.ceil(wait / 1000)) }),
    ...(slug === 'contact-rejected' && { errors: [{ pointer: '#', code: rule.code, detail: rule.detail }] }),
  })
}

function slugFor(kind: FailureKind, doing: FailedCall['doing']): ProblemSlug {
  // The list that is configured is not there, or the query is refused: no contact is at fault.
  if (kind === 'notFound' && doing === 'create') return 'provider-unavailable'
  if (kind === 'invalid' && doing === 'read') return 'validation-failed'
  return slugOfKind[kind]
}

const nothingChanged =
  'The provider gave no usable answer in time. Nothing was changed; send the request again later, or report it to the operators.'

function advice(settleable: boolean): string {
  return settleable
    ? ' Repeat the request under the same Idempotency-Key: it is then settled.'
    : ' This provider can neither be asked nor told twice: look there before you send it again.'
}

/** The problem of a contact whose fate is not known. */
export function outcomeUnknown(account: string, { detail, retriable, provider }: OutcomeError): Problem {
  return new Problem('outcome-unknown', {
    detail: `${detail}${advice(retriable)}`,
    retriable,
    provider: { account, ...provider },
  })
}

/** The problem of a contact that is not acceptable at the account. */
export function rejection(account: string, error: OutcomeError): Problem {
  const { code, detail, pointer = '', provider } = error
  const extras: ProblemExtras = {
    errors: [{ pointer: `#${pointer}`, code, detail }],
    ...(provider !== undefined && { provider: { account, ...provider } }),
  }
  return new Problem('contact-rejected', extras)
}
