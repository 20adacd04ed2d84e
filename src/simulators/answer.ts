import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { FastifyReply } from 'fastify'

/** What a provider would answer. A `body` of undefined is an empty one. */
export interface Answer {
  status: number
  body?: unknown
  /** Sent in place of `body`, as it is. */
  text?: string
  headers?: Record<string, string>
  /** Whether the request had an effect; default: when the status is below 400. */
  applied?: boolean
  /** How it travels; default: JSON in UTF-8, with the headers that Node gives it. */
  wire?: Wire
}

export const encodings = ['gzip', 'deflate', 'br'] as const
export const charsets = ['utf8', 'latin1', 'utf16le'] as const
export const headerCases = ['lower', 'upper', 'title'] as const

export interface Wire {
  /** `null` = none is sent. */
  contentType?: string | null
  byteOrderMark?: boolean
  charset?: (typeof charsets)[number]
  encoding?: (typeof encodings)[number]
  headerCase?: (typeof headerCases)[number]
  /** The status of an answer before the answer. */
  informational?: number
}

const jsonType = 'application/json; charset=utf-8'
const compress = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }

/** The text that an answer's body is sent as; `''` when there is none. */
export function textOf({ body, text }: Pick<Answer, 'body' | 'text'>): string {
  return text ?? (body === undefined ? '' : JSON.stringify(body))
}

/** Sends an answer as it is, its body as JSON. */
export function sendAnswer(reply: FastifyReply, answer: Answer): void {
  const isTold = answer.wire !== undefined || answer.text !== undefined
  if (isTold) sendAsTold(reply, answer, answer.wire ?? {})
  else sendAsUsual(reply, answer)
}

function sendAsUsual(reply: FastifyReply, { status, headers, body }: Answer): void {
  reply.code(status)
  if (headers !== undefined) reply.headers(headers)
  if (body === undefined) reply.send()
  else reply.header('content-type', jsonType).send(JSON.stringify(body))
}

/** Past the framework, so that names keep their case and no header is added that was not told. */
function sendAsTold(reply: FastifyReply, answer: Answer, wire: Wire): void {
  const { raw } = reply.hijack()
  const payload = bytesOf(answer, wire)
  const { contentType = payload === undefined ? null : jsonType } = wire
  const headers: Record<string, string> = {
    ...(contentType !== null && { 'content-type': contentType }),
    ...(payload !== undefined && wire.encoding !== undefined && { 'content-encoding': wire.encoding }),
    ...(payload !== undefined && { 'content-length': String(payload.length) }),
    ...answer.headers,
    date: new Date().toUTCString(),
    connection: raw.shouldKeepAlive ? 'keep-alive' : 'close',
  }
  if (wire.informational === 100) raw.writeContinue()
  else if (wire.informational !== undefined) raw.writeProcessing()
  raw.sendDate = false
  for (const [name, value] of Object.entries(headers)) raw.setHeader(inCase(name, wire.headerCase), value)
  raw.writeHead(answer.status)
  raw.end(payload)
}

function bytesOf(answer: Answer, wire: Wire): Buffer | undefined {
  if (answer.body === undefined && answer.text === undefined) return undefined
  const bytes = Buffer.from((wire.byteOrderMark ? '\uFEFF' : '') + textOf(answer), wire.charset)
  return wire.encoding === undefined ? bytes : compress[wire.encoding](bytes)
}

function inCase(name: string, headerCase: Wire['headerCase']): string {
  if (headerCase === 'lower') return name.toLowerCase()
  if (headerCase === 'upper') return name.toUpperCase()
  return headerCase === 'title' ? name.replace(/(^|-)[a-z]/g, (first) => first.toUpperCase()) : name
}
