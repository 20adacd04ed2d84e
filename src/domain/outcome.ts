/**
 * The state of one contact at one account. No other words exist; the API's schema (`http/lists/outcome-schema.ts`) says
 * what each promises.
 */
export type OutcomeStatus = 'created' | 'updated' | 'skipped' | 'accepted' | 'rejected' | 'failed' | 'unknown'

export const outcomeStatuses: readonly OutcomeStatus[] = [
  'created',
  'updated',
  'skipped',
  'accepted',
  'rejected',
  'failed',
  'unknown',
]

/** Statuses that a caller has to do something about; `X-Items-Failed` counts them. */
export const unsuccessful: ReadonlySet<OutcomeStatus> = new Set(['rejected', 'failed', 'unknown'])

export const warningCodes = [
  'field_dropped',
  'tag_dropped',
  'attribute_dropped',
  'name_not_split',
  'value_normalized',
  'best_effort',
  'policy_not_enforced',
  'tags_may_be_replaced',
  'not_cleared',
  'created_by_update',
  'changed_by_provider',
  'not_on_list',
  'duplicate_in_batch',
  'duplicate_in_file',
  'placeholder_ignored',
  'group_ignored',
  'column_merged',
  'formula_without_value',
  'validate_only',
  'shown_as_sent',
  'contacts_left_out',
  'not_for_this_target',
  'no_target',
] as const
export type WarningCode = (typeof warningCodes)[number]

/** `pointer` is relative to the contact (`/attributes/city`, `''` for the whole contact). */
export type Warning = { readonly code: WarningCode; readonly pointer: string; readonly detail: string }

/**
 * True when more than the spelling of a value is lost, or left open: what `handling=strict` refuses. A target that is for
 * other contacts loses nothing.
 */
export function isLoss({ code }: Pick<Warning, 'code'>): boolean {
  return code !== 'value_normalized' && code !== 'not_for_this_target'
}

export const outcomeErrorCodes = [
  'identifier_required',
  'name_required',
  'email_required',
  'phone_required',
  'phone_not_e164',
  'phone_invalid',
  'phone_ambiguous',
  'phone_not_changeable',
  'email_invalid',
  'tag_too_long',
  'value_too_long',
  'rejected_by_provider',
  'blacklisted',
  'conflict',
  'not_found',
  'not_on_list',
  'provider_credentials',
  'provider_limit_reached',
  'provider_too_large',
  'provider_misaddressed',
  'provider_rate_limited',
  'provider_unreachable',
  'provider_unavailable',
  'provider_timeout',
  'provider_unreadable',
  'provider_redirect',
  'provider_busy',
  'breaker_open',
  'deadline_exceeded',
  'isolation_budget_exhausted',
  'store_unavailable',
  'taken_over',
  'internal',
] as const
export type OutcomeErrorCode = (typeof outcomeErrorCodes)[number]

/** What the provider itself said, cut to size and free of credentials. */
export type ProviderDetail = { readonly status?: number; readonly code?: string; readonly message?: string }

/** `pointer` is relative to the contact. `retriable`: may the same request help if it is sent again? */
export type OutcomeError = {
  readonly code: OutcomeErrorCode
  readonly detail: string
  readonly pointer?: string
  readonly retriable: boolean
  readonly provider?: ProviderDetail
}

/** What happened to one contact at one account. `id` is `<account>:<provider's key>`, where the provider tells a key. */
export type Outcome = {
  readonly account: string
  readonly provider: string
  readonly status: OutcomeStatus
  readonly id?: string | undefined
  readonly warnings: readonly Warning[]
  readonly error?: OutcomeError | undefined
}

/** True when a repeat of the request should try this contact again: it failed, or can still be settled. */
export function isOpen({ status, error }: Outcome): boolean {
  return status === 'failed' || (status === 'unknown' && error?.retriable === true)
}

/** True when the provider may hold something of this contact because of the request. */
export function mayBeApplied({ status }: Outcome): boolean {
  return status !== 'failed' && status !== 'rejected' && status !== 'skipped'
}

/** Counts of outcomes by status, without zeros. */
export type OutcomeSummary = Partial<Record<OutcomeStatus, number>>
