import { describePreferences } from '../requests/preferences.ts'
import type { RouteConfig } from '../route-config.ts'
import { type AnswerHeader, headersByName, type OwnHeader } from './answer-headers.ts'
import { operationsOf, type RouteConfigs } from './operations.ts'

/** Adds to every operation the headers that it reads and answers with, by what its route says of itself. */
export function describeHeaders(paths: object, configs: RouteConfigs): void {
  for (const [operation, config] of operationsOf(paths, configs)) {
    operation.parameters = [...(operation.parameters ?? []), ...requestHeadersOf(config).map(parameter)]
    for (const [status, response] of Object.entries(operation.responses ?? {}))
      response.headers = { ...response.headers, ...headersByName(answerHeadersOf(status, config)) }
  }
}

const idempotencyKey: OwnHeader = {
  name: 'Idempotency-Key',
  description:
    'Unique to the request, without personal data. A repeat under it is answered, not carried out; what failed is tried again.',
  schema: { type: 'string', minLength: 16, maxLength: 255, pattern: '^[A-Za-z0-9_.:-]{16,255}$' },
}

const requestId: OwnHeader = {
  name: 'X-Request-Id',
  description: 'Names the request in the log and in problems; one of another form is replaced.',
  schema: { type: 'string', minLength: 8, maxLength: 128, pattern: '^[A-Za-z0-9._-]{8,128}$' },
}

function requestHeadersOf({ keyed, prefers, reads = [] }: Partial<RouteConfig>): OwnHeader[] {
  return [
    ...(keyed === true ? [idempotencyKey] : []),
    ...(prefers === undefined ? [] : [preferHeader(describePreferences(prefers))]),
    ...reads,
    requestId,
  ]
}

function preferHeader(description: string): OwnHeader {
  return { name: 'Prefer', description, schema: { type: 'string', maxLength: 500 } }
}

function parameter({ name, description, schema }: OwnHeader) {
  return { name, in: 'header', required: false, description, schema }
}

const onEveryAnswer = ['X-Request-Id', 'RateLimit-Policy', 'RateLimit', 'Access-Control-Allow-Origin'] as const

function answerHeadersOf(status: string, { keyed, prefers, answers = {} }: Partial<RouteConfig>): AnswerHeader[] {
  const success = status < '300'
  return [
    ...onEveryAnswer,
    ...(status === '401' ? (['WWW-Authenticate'] as const) : []),
    ...(['409', '429', '503'].includes(status) ? (['Retry-After'] as const) : []),
    ...(keyed === true && success ? (['Idempotency-Replayed', 'Idempotency-Stored'] as const) : []),
    ...(prefers !== undefined && success ? (['Preference-Applied'] as const) : []),
    ...(answers[Number(status)] ?? []),
  ]
}
