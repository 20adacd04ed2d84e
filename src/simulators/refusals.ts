/** A refusal in the provider's own form of an error, with a code and words that are made up. */
export interface Refusal {
  status: number
  code: string
  message: string
}

/** Why a provider may refuse every call of a kind, whatever is in it. All assumed. */
export const refusals = {
  balance: { status: 402, code: 'INSUFFICIENT_BALANCE', message: 'Insufficient balance. Please top up your account.' },
  plan: { status: 402, code: 'PLAN_LIMIT', message: 'Your plan allows 5000 contacts. Please upgrade your plan.' },
  'plan-403': { status: 403, code: 'PLAN_LIMIT', message: 'Contact limit of your current plan reached.' },
  quota: { status: 403, code: 'QUOTA_EXCEEDED', message: 'Daily quota exceeded.' },
  'quota-400': { status: 400, code: 'QUOTA_EXCEEDED', message: 'You have reached the maximum number of contacts.' },
  suspended: { status: 403, code: 'ACCOUNT_SUSPENDED', message: 'Your account is suspended.' },
  method: { status: 405, code: 'METHOD_NOT_ALLOWED', message: 'The method is not supported for this route.' },
  acceptable: { status: 406, code: 'NOT_ACCEPTABLE', message: 'Not acceptable.' },
  gone: { status: 410, code: 'GONE', message: 'This version of the API was retired. See the changelog.' },
  length: { status: 411, code: 'LENGTH_REQUIRED', message: 'Length required.' },
  'uri-length': { status: 414, code: 'URI_TOO_LONG', message: 'URI too long.' },
  'media-type': { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Unsupported media type.' },
  upgrade: { status: 426, code: 'UPGRADE_REQUIRED', message: 'Please use API v2.' },
  'not-implemented': { status: 501, code: 'NOT_IMPLEMENTED', message: 'Not implemented.' },
  form: { status: 400, code: 'INVALID_REQUEST', message: 'The field full_name is required.' },
  'form-422': { status: 422, code: 'VALIDATION_ERROR', message: 'The given data was invalid.' },
  legal: { status: 451, code: 'UNAVAILABLE_FOR_LEGAL_REASONS', message: 'Not available in your region.' },
  'too-early': { status: 425, code: 'TOO_EARLY', message: 'Too early.' },
  maintenance: { status: 503, code: 'MAINTENANCE', message: 'Down for maintenance.' },
} as const satisfies Record<string, Refusal>

export type RefusalName = keyof typeof refusals
export const refusalNames = Object.keys(refusals) as RefusalName[]
