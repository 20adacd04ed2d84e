import type { ProviderResponse } from '../adapter-port.ts'
import { isRecord } from './coercions.ts'
import { wrappers } from './open-envelope.ts'

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
/** A message that takes back what stands beside it, or would be its success. */
const denyingWords =
  /\bnot (?:be |been )?(?:found|changed|modified|updated|deleted|removed|saved|stored|created|added|applied|exist|allowed|valid|permitted)\b|\b(?:nothing|no changes?|no such|unable to|failed to|could ?n[o.]t|can ?not|does ?n[o.]t exist|invalid)\b/i
/** What a record may say of itself, and not of the request. */
const recordWord = /^(?:active|inactive|enabled|valid|verified|subscribed|opted[_ -]?in|new|lead|customer)$/i

/** Judges the body of a 2xx by its words alone. */
export function judgeBody({ body, text }: Pick<ProviderResponse, 'body' | 'text'>): BodyVerdict {
  if (body === undefined) return text.trim() === '' ? 'silent' : 'unclear'
  return isRecord(body) ? judgeRecord(body, false) : 'unclear'
}

/** `isInner`: it stands in an envelope, so that a record in it says of itself what it says, and not of the request. */
function judgeRecord(body: Record<string, unknown>, isInner: boolean): BodyVerdict {
  if (deniesSuccess(body) || (isError(body.errors) && !isEmptyRecord(body.errors))) return 'refused'
  const isRecordItself = 'id' in body
  const said = verdictOfWords(body, isRecordItself, isInner)
  if (said === 'skipped' || said === 'unclear') return said
  if (isSome(body.skipped)) return 'skipped'
  if (hasStrangeCode(body) || countsAgainst(body)) return 'unclear'
  const inner = isInner ? 'silent' : judgeInner(body)
  if (inner !== 'silent' && inner !== 'succeeded') return inner
  if (said === 'succeeded' || successNames.some((name) => body[name] !== undefined))
    return saysOtherwise(body, denyingWords) ? 'unclear' : 'succeeded'
  if (!isRecordItself && (saysOtherwise(body, errorWord) || saysOtherwise(body, denyingWords))) return 'unclear'
  return inner
}

function judgeInner(body: Record<string, unknown>): BodyVerdict {
  for (const name of wrappers) {
    const inner = body[name]
    if (isRecord(inner)) return judgeRecord(inner, true)
  }
  return 'silent'
}

function saysOtherwise({ message }: Record<string, unknown>, words: RegExp): boolean {
  return typeof message === 'string' && words.test(message)
}

function verdictOfWords(body: Record<string, unknown>, isRecordItself: boolean, isInner: boolean): BodyVerdict {
  const { status, state, result } = body
  if (status === undefined && state === undefined && result === undefined) return 'silent'
  const words = [status, state, result].filter(isWord).map(String)
  if (words.some((word) => skipWord.test(word))) return 'skipped'
  const isOfRecord = (word: string) => isRecordItself && (recordWord.test(word) || (isInner && !errorWord.test(word)))
  const isKnown = (word: string) => successWord.test(word) || isOfRecord(word)
  if (!words.every(isKnown)) return 'unclear'
  return words.some((word) => successWord.test(word)) ? 'succeeded' : 'silent'
}

const successNames = ['success', 'ok', 'Success', 'isSuccess', 'is_success', 'succeeded', 'successful'] as const
const errorNames = ['error', 'Error', 'exception', 'fault', 'hasError', 'has_error', 'isError', 'is_error'] as const
const codeNames = ['statusCode', 'status_code', 'httpStatus', 'http_status'] as const

/** By the names of members, whether a value says that the request failed. */
const denials: ReadonlyMap<string, (value: unknown) => boolean> = new Map<string, (value: unknown) => boolean>([
  ...successNames.map((name) => [name, (value: unknown) => !isYes(value)] as const),
  ...errorNames.map((name) => [name, isError] as const),
  ...codeNames.map((name) => [name, isErrorCode] as const),
  ['status', isErrorWord],
  ['Status', isErrorWord],
])

/**
 * True when a body says in so many words that the request did not succeed: whatever code it came with, and whatever else
 * is in it, that is no success. So does what stands in its envelope.
 */
export function deniesSuccess(body: unknown): boolean {
  if (!isRecord(body)) return false
  return denies(body) || wrappers.some((name) => isRecord(body[name]) && denies(body[name]))
}

function denies(body: Record<string, unknown>): boolean {
  for (const name in body) if (denials.get(name)?.(body[name]) === true) return true
  return false
}

function isErrorWord(value: unknown): boolean {
  return isWord(value) && !successWord.test(String(value)) && errorWord.test(String(value))
}

function isErrorCode(value: unknown): boolean {
  return isWord(value) && /^[45]\d\d$/.test(String(value))
}

/** A number counts those that succeeded. */
function isYes(value: unknown): boolean {
  if (typeof value === 'number') return value > 0
  return value === true || (typeof value === 'string' && /^(?:true|1|yes|ok)$/i.test(value))
}

/** `error: null`, `false`, `0`, an empty text or list say that there is none. */
function isError(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false
  return !Array.isArray(value) || value.length > 0
}

/** The form in which some languages write an empty list. */
function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** A code in the body that is neither 0 nor one of success. */
function hasStrangeCode(body: Record<string, unknown>): boolean {
  const code = body.code ?? body.error_code ?? body.errorCode ?? body.errcode
  return isWord(code) && code !== 0 && code !== '0' && code !== '' && !successWord.test(String(code))
}

/** Names of a count, or of yes or no, of what was done, and of what was not. */
const doneName =
  /^(?:(?:deleted|removed|updated|affected|modified|changed|saved|applied|matched)(?:_?(?:count|rows|contacts|records))?|rows_?affected|n_?modified|n_?removed)$/i
const undoneName =
  /^(?:(?:failed|failures?|rejected|refused|invalid|errors?|not_?(?:found|deleted|updated|added))(?:_?(?:count|rows|contacts|records))?|errored)$/i

/** It says that nothing was done, or that something was not. */
function countsAgainst(body: Record<string, unknown>): boolean {
  for (const name in body) {
    if (isNone(body[name]) && doneName.test(name)) return true
    if (isSome(body[name]) && undoneName.test(name)) return true
  }
  return false
}

function isNone(count: unknown): boolean {
  return count === 0 || count === false || (typeof count === 'string' && /^(?:0|false|no)$/i.test(count))
}

function isSome(count: unknown): boolean {
  if (typeof count === 'number') return count > 0
  if (typeof count === 'string') return /^(?:[1-9]\d*|true|yes)$/i.test(count)
  return count === true || (Array.isArray(count) && count.length > 0)
}

/** The members that are looked at by their whole name. */
const judgedNames: ReadonlySet<string> = new Set([
  ...[...successNames, ...errorNames, 'status', 'Status', ...codeNames, ...wrappers],
  ...['errors', 'state', 'skipped', 'message', 'code', 'error_code', 'errorCode', 'errcode'],
])

/** False: whatever stands under this name, a body is judged as it would be without it. */
export function isJudged(name: string): boolean {
  return judgedNames.has(name) || doneName.test(name) || undoneName.test(name)
}

/** True for a 2xx that means that the thing is done; 202 only promises it. */
export function isDone(response: ProviderResponse): boolean {
  const { status } = response
  if (status < 200 || status > 299) return false
  const verdict = judgeBody(response)
  return verdict === 'succeeded' || (verdict === 'silent' && status !== 202)
}
