import type { Failure, FailureKind } from '../../domain/failure.ts'
import type { ProviderResponse } from '../adapter-port.ts'
import { failureFrom, failureOfStatus, providerDetail } from '../read-answer.ts'
import { deniesSuccess } from './judge-body.ts'
import { type ErrorSaid, readError } from './read-error.ts'
import { isDataCode, saysExists, saysListMissing, saysTooLarge } from './refusal-words.ts'

/** What an adapter knows of its provider's errors. */
export type ErrorWords = {
  /** What a code means; `undefined` for one that is not known. */
  kindOfCode(code: string): FailureKind | undefined
  /** Is a body an error of the documented form? */
  isDocumented(body: unknown): boolean
}

/** The codes of refusals that money or another plan would mend. */
const planCode = /BALANCE|QUOTA|BILLING|PAYMENT|SUBSCRIPTION|CREDITS?_|_CREDITS?\b|PLAN_|_PLAN\b|FUNDS/i
/** Words that say so in a refusal of the account; `certainPlanWords` leave no doubt even in a refusal of the data. */
const planWords = /\b(?:balance|quota|billing|payment|subscription plan|your plan|upgrade|insufficient credits?)\b/i

const certainPlanWords =
  /\b(?:(?:insufficient|not enough) (?:account )?(?:balance|credits?|funds)|(?:balance|credits?|funds) (?:is |are |has been )?(?:too low|exhausted|insufficient|used up)|quota (?:has been |is )?(?:exceeded|reached|exhausted)|limit of (?:your|the) (?:plan|account|subscription)|upgrade your (?:plan|account)|payment (?:is )?required|solde insuffisant|saldo insuficiente|crédit insuffisant)\b/i

/**
 * Makes a failure of an answer that is no success: by its status, and a refusal further by the code and the words in it. A
 * server error stays one whatever its code says, unless that names a field of the contact; 429 stays what it is. A 2xx that
 * says "error" is the refusal that its code means, if that is known; else nobody knows what was done.
 */
export function readFailure(response: ProviderResponse, words: ErrorWords): { readonly failure: Failure } {
  const { status, body } = response
  const said = readError(response)
  if (body !== undefined && (status >= 400 || deniesSuccess(body)) && !words.isDocumented(body))
    response.drift?.('error_form')
  const byStatus = failureOfStatus(status)
  return failureFrom(kindOf(response, said, byStatus, words), providerDetail(status, said.code, said.message))
}

function kindOf(response: ProviderResponse, said: ErrorSaid, byStatus: FailureKind, words: ErrorWords): FailureKind {
  // Frameworks repeat the status as a code, which is then none of the provider's.
  const own = said.code === String(response.status) ? { ...said, code: undefined } : said
  if (isRefusal(response, byStatus)) return kindOfRefusal(response.status, own, byStatus, words)
  const isOfTheData = response.status === 500 && said.code !== undefined && isDataCode(said.code)
  return isOfTheData ? 'invalid' : byStatus
}

function isRefusal({ status, body }: ProviderResponse, byStatus: FailureKind): boolean {
  if (status < 300) return deniesSuccess(body)
  return status >= 400 && byStatus !== 'unavailable' && byStatus !== 'rateLimited'
}

/**
 * The statuses that are certainly about the address or the form of a request, unless a code names a field of the
 * contact.
 */
const saysAddress: ReadonlySet<number> = new Set([405, 406, 407, 410, 411, 414, 415, 421, 426])

/** A code that says no more than "bad request" leaves it to the words to say what is bad. */
function kindOfRefusal(status: number, said: ErrorSaid, byStatus: FailureKind, words: ErrorWords): FailureKind {
  const { code } = said
  const known = code === undefined ? undefined : words.kindOfCode(code)
  if (known !== undefined && (known !== 'invalid' || isDataCode(code as string))) return known
  // Words beside a status of success contradict it: only the provider's own code outweighs that.
  if (byStatus === 'unreadable') return known ?? byStatus
  if (byStatus === 'tooLarge') return byStatus
  if (byStatus === 'misaddressed') {
    const isOfTheData = code !== undefined && (isDataCode(code) || (known === 'invalid' && !saysAddress.has(status)))
    return isOfTheData ? 'invalid' : byStatus
  }
  if (isOfPlan(said, byStatus)) return 'limitReached'
  if (saysTooLarge(said)) return 'tooLarge'
  if (byStatus !== 'notFound' && saysExists(said)) return 'conflict'
  if ((byStatus === 'invalid' || byStatus === 'conflict') && saysListMissing(said)) return 'notFound'
  return known ?? byStatus
}

function isOfPlan({ code, message }: ErrorSaid, byStatus: FailureKind): boolean {
  if (code !== undefined && planCode.test(code)) return true
  if (message === undefined) return false
  return (byStatus === 'credentials' && planWords.test(message)) || certainPlanWords.test(message)
}
