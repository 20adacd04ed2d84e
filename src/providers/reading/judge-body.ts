import type { ProviderResponse } from '../port.ts'
import { isRecord } from './coercions.ts'

/**
 * What a body says of the request. `silent`: nothing at all, or nothing of success and nothing of an error. `skipped`: that
 * it left things as they were. `unclear`: words that are not known, which are no success.
 */
export type BodyVerdict = 'succeeded' | 'silent' | 'skipped' | 'refused' | 'unclear'

const successWord =
  /^(?:ok|okay|true|success(?:ful|fully)?|succeeded|done|complete[d]?|created|updated|deleted|removed|added|saved|stored|2\d\d)$/i
const skipWord = /^(?:skip(?:ped)?|ignored|exists|already_exists|duplicate|conflict|unchanged|not_modified)$/i
const errorWord =
  /err(?:or)?|fail|invalid|reject|refus|denied|forbidden|unauthori[sz]ed|not[ _-]?found|unavailable|exception|unable|could ?n.t|cannot|[45]\d\d/i
/** What a record may say of itself, and not of the request. */
const recordWord = /^(?:active|inactive|enabled|valid|verified|subscribed|opted[_ -]?in|new|lead|customer)$/i

/** Judges the body of a 2xx by its words alone. */
export function judgeBody({ body, text }: Pick<ProviderResponse, 'body' | 'text'>): BodyVerdict {
  if (body === undefined) return text.trim() === '' ? 'silent' : 'unclear'
  if (!isRecord(body)) return 'unclear'
  if (deniesSuccess(body) || isError(body.errors)) return 'refused'
  const isRecordItself = 'id' in body
  const said = verdictOfWords(body, isRecordItself)
  if (said === 'skipped' || said === 'unclear') return said
  if (hasStrangeCode(body) || didNothing(body)) return 'unclear'
  if (said === 'succeeded' || body.success !== undefined || body.ok !== undefined) return 'succeeded'
  return !isRecordItself && typeof body.message === 'string' && errorWord.test(body.message) ? 'unclear' : 'silent'
}

function verdictOfWords(body: Record<string, unknown>, isRecordItself: boolean): BodyVerdict {
  const { status, state, result } = body
  if (status === undefined && state === undefined && result === undefined) return 'silent'
  const words = [status, state, result].filter(isWord).map(String)
  if (words.some((word) => skipWord.test(word))) return 'skipped'
  const isKnown = (word: string) => successWord.test(word) || (isRecordItself && recordWord.test(word))
  if (!words.every(isKnown)) return 'unclear'
  return words.some((word) => successWord.test(word)) ? 'succeeded' : 'silent'
}

/**
 * True when a body says in so many words that the request did not succeed: whatever code it came with, and whatever else
 * is in it, that is no success.
 */
export function deniesSuccess(body: unknown): boolean {
  if (!isRecord(body)) return false
  if ('success' in body && !isYes(body.success)) return true
  if ('ok' in body && !isYes(body.ok)) return true
  if ('error' in body && isError(body.error)) return true
  return isWord(body.status) && !successWord.test(String(body.status)) && errorWord.test(String(body.status))
}

function isYes(value: unknown): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(?:true|1|yes|ok)$/i.test(value))
}

/** `error: null`, `false`, `0`, an empty text or list say that there is none. */
function isError(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false
  return !Array.isArray(value) || value.length > 0
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** A code in the body that is neither 0 nor one of success. */
function hasStrangeCode(body: Record<string, unknown>): boolean {
  const code = body.code ?? body.error_code
  return isWord(code) && code !== 0 && code !== '0' && code !== '' && !successWord.test(String(code))
}

/** Counts, or yes or no, of what was done. */
function didNothing(body: Record<string, unknown>): boolean {
  return isNone(body.deleted) || isNone(body.removed) || isNone(body.updated) || isNone(body.affected)
}

function isNone(count: unknown): boolean {
  return count === 0 || count === false
}

/** True for a 2xx that means that the thing is done; 202 only promises it. */
export function isDone(response: ProviderResponse): boolean {
  const { status } = response
  if (status < 200 || status > 299) return false
  const verdict = judgeBody(response)
  return verdict === 'succeeded' || (verdict === 'silent' && status !== 202)
}
