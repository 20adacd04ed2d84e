import type { Answer } from './answer.ts'
import { tooManyCode } from './general-habits.ts'
import { octopushHabits } from './octopush-habits.ts'
import type { Quirks } from './quirk-table.ts'
import type { Refusal } from './refusals.ts'

/**
 * What is not documented, or said in two ways (the first value is the default), and the habits. What is known stands in
 * docs/providers.md, from "Octopush: calls and credentials" on.
 */
export const octopushQuirks = {
  ...octopushHabits,
  /** Whether `true` keeps what is there or overwrites it: docs/providers.md, "Octopush: do_not_overwrite". */
  doNotOverwrite: ['keeps', 'overwrites'],
  /** The name of the flag that drops opted-out numbers: docs/providers.md, "Octopush: the opt-out flag". */
  optOutFlag: ['either', 'auto_remove_blacklisted_numbers', 'auto_delete_optout_contacts'],
  /** Whether an e-mail that was sent is kept: docs/providers.md, "Octopush: e-mail addresses". */
  storesEmail: [true, false],
  /** Whether a list that is not there is made: docs/providers.md, "Octopush: whether adding makes a list". */
  createsMissingLists: [false, true],
  /** How an error has its code: `{"code":303}`, `{"code":"303"}` or `{"error_code":303}`. */
  errorCode: ['number', 'text', 'error_code'],
  /** The form of `phone_number` in the answer; not documented. */
  answersWithoutPlus: [false, true],
  /** The order of `items`; not documented. */
  reversesItems: [false, true],
} as const
export type OctopushQuirks = Quirks<typeof octopushQuirks>

export interface OctopushError {
  /** Left out where an answer has words alone. */
  code?: number
  message: string
}

const badRequest: OctopushError = { code: 100, message: 'POST request missing.' }
const wrongLogin: OctopushError = { code: 101, message: 'Incorrect login details.' }
const noAccess: OctopushError = { code: 207, message: 'You do not have access to this feature.' }
const undefinedError: OctopushError = { code: 125, message: 'An undefined error has occurred.' }
const unknownAction: OctopushError = { code: 306, message: 'Unknown action.' }
const cannotProcess: OctopushError = { code: 500, message: 'Impossible to process the requested action.' }
const connectionError: OctopushError = { code: 501, message: 'A connection error has occurred.' }

/**
 * Codes of the older API (docs/providers.md, "Octopush: error codes"); the HTTP status that goes with each is assumed.
 */
export const octopushErrors = {
  badRequest,
  wrongLogin,
  loginMissing: { code: 108, message: 'The login is missing.' },
  keyMissing: { code: 109, message: 'The api-key is missing.' },
  recipientsMissing: { code: 110, message: 'The recipients are missing.' },
  noCorrectNumber: { code: 117, message: 'The recipient list contains no correct number.' },
  listExists: { code: 302, message: 'A list with this name already exists.' },
  listUnknown: { code: 303, message: 'This list does not exist.' },
  callRefused: { code: 100, message: 'A parameter is not allowed.' },
  tooManyContacts: { code: 305, message: 'Too many contacts in the query.' },
  unknownAction,
  /** The code that comes closest to a status; 429 has none in the table, so it gets "undefined error" (assumed). */
  forStatus(status: number): OctopushError {
    if (status === 401) return wrongLogin
    if (status === 403) return noAccess
    if (status === 404) return unknownAction
    if (status === 429) return undefinedError
    if (status >= 502) return connectionError
    return status >= 500 ? cannotProcess : badRequest
  },
} as const

/** The code that comes closest to words that are made up; none where they are about too many contacts without its code. */
export function errorInWords({ status, code, message }: Refusal): OctopushError {
  if (code === tooManyCode) return octopushErrors.tooManyContacts
  const nearest = octopushErrors.forStatus(status).code
  return status === 413 || code === 'INVALID_REQUEST' || nearest === undefined
    ? { message }
    : { code: nearest, message }
}

/** The form of errors that was observed, or one of its possible variants. */
export function errorAnswer(status: number, { code, message }: OctopushError, { errorCode }: OctopushQuirks): Answer {
  if (code === undefined) return { status, body: { message }, applied: false }
  if (errorCode === 'error_code') return { status, body: { error_code: code, message }, applied: false }
  return { status, body: { code: errorCode === 'text' ? String(code) : code, message }, applied: false }
}
