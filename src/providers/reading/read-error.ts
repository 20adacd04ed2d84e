import type { ProviderResponse } from '../port.ts'
import { codeText } from '../read-answer.ts'
import { isRecord, parseText } from './coercions.ts'
import { deniesSuccess } from './judge-body.ts'

/** What a provider says of a failure: a code, as a text, and a message. */
export type ErrorSaid = { readonly code: string | undefined; readonly message: string | undefined }

const nothing: ErrorSaid = { code: undefined, message: undefined }
/** A code is a word; anything else in its place may be data. */
const codeForm = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}$/
const wordCode = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/
const fieldForm = /^[A-Za-z_][A-Za-z0-9_.[\]]{0,63}$/
/** A page of a proxy says it all in its title. */
const longestLine = 200

/**
 * Reads an error in any form that is known. Only members that hold messages are read, never a body as a whole: it may
 * hold somebody's data. Of a success that is none only its own words on the error are read; of a page one line.
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
  return isRecord(said) ? readRecord(said) : nothing
}

function readRecord(body: Record<string, unknown>): ErrorSaid {
  const first = firstOf(body.errors)
  const error = body.error
  const inner = isRecord(error) ? error : undefined
  const flat = typeof error === 'string' && wordCode.test(error) ? error : undefined
  const details = inner?.details ?? body.details
  const message = [
    messageOf(first),
    messageOf(error === flat ? undefined : error),
    textOf(body.message),
    messageOf(firstOf(body.detail) ?? body.detail),
    textOf(body.error_description),
    textOf(body.msg),
    textOf(body.title),
    flat,
  ].find((one) => one !== undefined)
  const code = [codeOf(first), codeOf(inner), codeOf(body), flat].find((one) => one !== undefined)
  return { code, message: withDetail(message, detailOf(details) ?? fieldErrorOf(body.errors)) }
}

/** The first of a list, or the list's only value where it came bare. */
function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined
}

function messageOf(value: unknown): string | undefined {
  return isRecord(value) ? (textOf(value.message) ?? textOf(value.msg) ?? textOf(value.detail)) : textOf(value)
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
  const first = firstOf(isRecord(details) ? details.errors : details)
  const message = messageOf(first)
  const field = isRecord(first) ? textOf(first.field) : undefined
  return message !== undefined && field !== undefined && fieldForm.test(field) ? `${field}: ${message}` : message
}

/** `errors` by field: `{"phone_number": ["The number is taken."]}`. */
function fieldErrorOf(errors: unknown): string | undefined {
  if (!isRecord(errors)) return undefined
  const [field = '', value] = Object.entries(errors)[0] ?? []
  const message = textOf(firstOf(value) ?? value)
  return message !== undefined && fieldForm.test(field) ? `${field}: ${message}` : undefined
}

function withDetail(message: string | undefined, detail: string | undefined): string | undefined {
  if (detail === undefined || message === undefined) return message ?? detail
  return message === detail ? message : `${message} (${detail})`
}

/** What a program quotes is data, and so is all that stands in it as JSON: perhaps somebody's. */
const quoted = /"[^"]*"|(?<!\w)'[^']*'(?!\w)|`[^`]*`|“[^”]*”|«[^»]*»/g
const data = /[{[<].*$/s

/** One line of what is no JSON: the title of a page, else the first line of a text, without the data in it. */
function lineOf(text: string): string | undefined {
  const start = text.slice(0, 4096)
  const title = /<title[^>]*>([^<]*)/i.exec(start)?.[1]
  const line = title ?? (/^\s*</.test(start) ? '' : (start.trim().split(/[\r\n]/, 1)[0] ?? ''))
  return textOf(line.replace(quoted, '…').replace(data, '').trim().slice(0, longestLine))
}
