import { randomBytes } from 'node:crypto'
import type { Answer } from './answer.ts'
import type { Quirks } from './quirk-table.ts'
import { vobizHabits } from './vobiz-habits.ts'

/**
 * What is not documented, or said in two ways (the first value is the default), and the habits. What is known stands in
 * docs/providers.md, from "Vobiz: calls and credentials" on.
 */
export const vobizQuirks = {
  ...vobizHabits,
  /** A number that exists: 409 is assumed; it may be updated silently and answered with 200 or 201. */
  duplicateCreate: ['refused', 'updated-200', 'updated-201'],
  /** What `custom_attributes` of a PUT does is not documented; that it replaces is assumed. */
  attributesUpdate: ['replaced', 'merged'],
  /** What the tags of a CSV row do to those of a contact that exists is not documented. */
  importTags: ['replaced', 'merged'],
  /** `row` counts rows of data (assumed) or lines of the file. */
  importRow: ['data', 'line'],
  /** The form of a list: docs/providers.md, "Vobiz: the older contacts page". */
  listShape: ['current', 'old'],
  /** docs/providers.md, "Vobiz: the status of a refused contact". */
  validationStatus: [422, 400],
  /**
   * The forms of docs/providers.md, "Vobiz: the form of errors", in this order: documented; without timestamp and
   * requestId; seen live; the SDK's 404; the SDK's 400; a bare message; no message at all.
   */
  errorShape: ['documented', 'short', 'live', 'error-text', 'status-message', 'message', 'unavailable'],
  /** What becomes of a page or limit out of range is not documented. */
  outOfRange: ['clamped', 'refused'],
  /** What a search matches is not documented; a part of the text, in any case, is assumed. */
  search: ['substring', 'exact'],
  /** What a PUT with nothing in it gets is not documented. */
  emptyUpdate: ['accepted', 'refused'],
  /** New members may come at any time, as is documented. */
  extraFields: [false, true],
  /** `TOKEN_EXPIRED`, for callers with a JWT. */
  tokenExpired: [false, true],
} as const
export type VobizQuirks = Quirks<typeof vobizQuirks>

export interface VobizError {
  code: string
  message: string
  details?: Record<string, unknown>
}

/** One of `details.errors` (docs/providers.md, "Vobiz: errors"). */
export interface FieldError {
  field: string
  message: string
  code: 'REQUIRED' | 'INVALID_FORMAT' | 'MIN_LENGTH' | 'OUT_OF_RANGE'
  value: unknown
}

/** Names in the documented patterns; those for contacts are assumed. */
export const vobizErrors = {
  badRequest: (message: string): VobizError => ({ code: 'BAD_REQUEST', message }),
  credentials: { code: 'INVALID_CREDENTIALS', message: 'Missing or invalid credentials' },
  tokenExpired: { code: 'TOKEN_EXPIRED', message: 'The access token has expired' },
  notFound: { code: 'RESOURCE_NOT_FOUND', message: 'The requested resource was not found' },
  contactNotFound: { code: 'CONTACT_NOT_FOUND', message: 'Contact not found' },
  duplicate: (phoneNumber: string): VobizError => ({
    code: 'DUPLICATE_CONTACT',
    message: 'A contact with this phone number already exists',
    details: { phone_number: phoneNumber },
  }),
  validation: (errors: FieldError[]): VobizError => ({
    code: 'VALIDATION_ERROR',
    message: 'Request validation failed',
    details: { errors },
  }),
}

/** `details` of the 429 is documented, its numbers are made up. */
const errorsByStatus: Readonly<Record<number, VobizError>> = {
  401: vobizErrors.credentials,
  402: { code: 'INSUFFICIENT_BALANCE', message: 'Insufficient balance' },
  403: { code: 'ACCOUNT_INACTIVE', message: 'The account is not active' },
  404: vobizErrors.notFound,
  409: { code: 'CONFLICT', message: 'The request conflicts with the current state' },
  422: vobizErrors.validation([]),
  429: {
    code: 'RATE_LIMIT_EXCEEDED',
    message: 'Too many requests',
    details: { limitType: 'requests', limit: 10, current: 11, retryAfter: 1 },
  },
}

export function vobizErrorFor(status: number): VobizError {
  const internal = { code: 'INTERNAL_ERROR', message: 'An internal error occurred' }
  return errorsByStatus[status] ?? (status >= 500 ? internal : vobizErrors.badRequest('Bad request'))
}

/** The documented error body, or one of the flatter ones that were seen. */
export function errorAnswer(
  status: number,
  { code, message, details }: VobizError,
  { errorShape }: VobizQuirks,
): Answer {
  return { status, body: errorBody({ code, message, ...(details && { details }) }, errorShape), applied: false }
}

function errorBody(error: VobizError, shape: VobizQuirks['errorShape']): unknown {
  const { code, message } = error
  switch (shape) {
    case 'documented':
      return { status: 'error', error, timestamp: new Date().toISOString(), requestId: requestId() }
    case 'short':
      return { status: 'error', error }
    case 'live':
      return { error: { code: code.toLowerCase(), message } }
    case 'error-text':
      return { error: message, api_id: requestId() }
    case 'status-message':
      return { status: 'error', message }
    case 'message':
      return { message }
    case 'unavailable':
      return { status: 'unavailable' }
  }
}

const requestId = () => `req_${randomBytes(6).toString('hex')}`
