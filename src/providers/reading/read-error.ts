import type { ProviderResponse } from '../adapter-port.ts'
import { codeText } from '../read-answer.ts'
import { asList, isRecord, parseText } from './coercions.ts'
import { unnoted } from './drift.ts'
import { deniesSuccess } from './judge-body.ts'
import { wrappers } from './open-envelope.ts'

/** What a provider says of a failure: a code, as a text, and a message. */
export type ErrorSaid = { readonly code: string | undefined; readonly message: string | undefined }

const nothing: ErrorSaid = { code: undefined, message: undefined }
/** A code is a word; anything else in its place may be data. */
const codeForm = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$/
const wordCode = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/
const fieldForm = /^[A-Za-z_][A-Za-z0-9_.[\]]{0,63}$/
/** A page of a proxy says it all in its title. */
const longestLine = 200

/** What HTTP says of a code, which is in words what the status says already: anything else says more. */
const phrase =
  /^(?:error|(?:http )?[45]\d\d|bad request|unauthori[sz]ed|forbidden|(?:resource )?not found|method not allowed|not acceptable|conflict|gone|(?:payload|content|request entity) too large|unprocessable (?:entity|content)|too many requests|(?:internal )?server error|bad gateway|service unavailable|gateway time-?out|invalid request|validation(?:error| failed)?)[.!]?$/i

/**
 * Reads an error in any form that is known. Only members that hold messages are read, never a body as a whole: it may
 * hold somebody's data. Where a success denies itself, only its own words on the error are read; a page gives one line.
 */
export function readError({ status, body, text }: ProviderResponse): ErrorSaid {
  if (status < 300 && !deniesSuccess(body) && !(isRecord(body) && ('code' in body || 'errors' in body))) return nothing
  if (body === undefined) return status >= 400 ? { code: undefined, message: lineOf(text) } : nothing
  if (typeof body === 'string') {
    const inner = parseText(body)
    if (isRecord(inner)) return readRecord(inner)
    return status >= 400 ? { code: undefined, message: lineOf(body) } : nothing
  }
  const said = Array.isArray(body) ? body[0] : body
  if (!isRecord(said)) return nothing
  const direct = readRecord(said)
  if (status < 400 || saysSomething(direct)) return direct
  const inner = errorWrappers.map((name) => said[name]).filter(isRecord)
  return inner.map(readRecord).find(saysSomething) ?? direct
}

function saysSomething({ code, message }: ErrorSaid): boolean {
  return code !== undefined || message !== undefined
}

/** True for an answer that has nothing to say but the name of its status: any server on the way may have made it. */
export function saysStatusAlone(response: ProviderResponse): boolean {
  const { message } = readError(response)
  return message !== undefined && phrase.test(message)
}

/** The members under which a refusal may stand as a whole. */
const errorWrappers = [...wrappers, 'meta', 'status'] as const

function readRecord(body: Record<string, unknown>): ErrorSaid {
  const first = firstOf(body.errors)
  const error = body.error ?? body.Error ?? body.fault
  const inner = isRecord(error) ? error : undefined
  const flat = typeof error === 'string' && wordCode.test(error) ? error : undefined
  const details = inner?.details ?? body.details
  const messages = [
    messageOf(first),
    messageOf(error === flat ? undefined : error),
    messageIn(body),
    messageOf(firstOf(body.detail) ?? body.detail),
    fieldErrorOf(inner ?? body.message, isList),
    textOf(body.error_description),
    textOf(body.title),
    flat,
  ].filter((one) => one !== undefined)
  const code = [codeOf(first), codeOf(inner), codeOf(inner?.error), codeOf(body), flat].find((one) => one !== undefined)
  const message = messages.find((one) => !phrase.test(one)) ?? messages[0]
  return { code, message: withDetail(message, detailOf(details) ?? fieldErrorOf(body.errors)) }
}

/** The first of a list, of an object whose names are places, or the one text that came bare. */
function firstOf(value: unknown): unknown {
  return typeof value === 'string' ? value : asList(value, unnoted)?.[0]
}

/** The members in which an error says what is wrong, wherever it stands. */
const messageNames = ['message', 'Message', 'msg', 'error_message', 'errorMessage', 'faultstring', 'reason'] as const
const deepest = 3

function messageOf(value: unknown, depth = 0): string | undefined {
  if (depth > deepest) return undefined
  if (Array.isArray(value)) return messageOf(value[0], depth + 1)
  if (!isRecord(value)) return textOf(value)
  const { detail, description, title, error, errors } = value
  return (
    messageIn(value) ??
    textOf(detail) ??
    textOf(description) ??
    messageOf(error ?? firstOf(errors), depth + 1) ??
    textOf(title)
  )
}

function messageIn(value: Record<string, unknown>): string | undefined {
  for (const name of messageNames) {
    const said = value[name]
    const text = textOf(Array.isArray(said) ? said[0] : said)
    if (text !== undefined) return text
  }
  return undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function codeOf(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined
  const code = value.cd ?? value.code ?? value.error_code ?? value.errorCode
  const text = codeText(code)?.trim() ?? ''
  return codeForm.test(text) ? text : undefined
}

/** `details`: a list of texts or of `{field, message}`, alone or under `errors`. */
function detailOf(details: unknown): string | undefined {
  const list = isRecord(details) ? details.errors : details
  const first = Array.isArray(list) ? list[0] : undefined
  const message = messageOf(first)
  const field = isRecord(first) ? textOf(first.field) : undefined
  return message !== undefined && field !== undefined && fieldForm.test(field) ? `${field}: ${message}` : message
}

/** Errors by field: `{"phone_number": ["The number is taken."]}`. `isError`: what under a field is one, and no value of it. */
function fieldErrorOf(errors: unknown, isError: (value: unknown) => boolean = () => true): string | undefined {
  if (!isRecord(errors)) return undefined
  const [field = '', value] = Object.entries(errors)[0] ?? []
  const message = isError(value) ? messageOf(value) : undefined
  return message !== undefined && fieldForm.test(field) ? `${field}: ${message}` : undefined
}

function isList(value: unknown): boolean {
  return Array.isArray(value)
}

function withDetail(message: string | undefined, detail: string | undefined): string | undefined {
  if (detail === undefined || message === undefined) return message ?? detail
  return message === detail ? message : `${message} (${detail})`
}

/** What a program quotes is data, and so is all that stands in it as JSON: perhaps somebody's. */
// eslint-disable-next-line regexp/no-super-linear-move -- of at most 4,096 characters
const quoted = /"[^"]*"|(?<!\w)'[^']*'(?!\w)|`[^`]*`|“[^”]*”|«[^»]*»/g
const data = /[{[<].*/s

/** One line of what is no JSON: the title of a page, else the first line of a text, without the data in it. */
function lineOf(text: string): string | undefined {
  const start = text.slice(0, 4096)
  const title = /<title[^>]*>([^<]*)/i.exec(start)?.[1]
  const line = title ?? (/^\s*</.test(start) ? '' : (start.trim().split(/[\r\n]/, 1)[0] ?? ''))
  return textOf(line.replace(quoted, '…').replace(data, '').trim().slice(0, longestLine))
}
