import type { ToldAccount, ToldAttempt } from '../domain/explanation.ts'
import type { ExplainedRequest } from '../services/explanations/explanations.ts'
import { gatewayCalls } from './gateway-calls.ts'

export type ExplainCommand = {
  readonly id: string
  readonly url: string
  /** Of another client: for admins. */
  readonly client: string | undefined
}

/** Prints what was done for a request as a small timeline. */
export async function explainRequest(
  { id, url, client }: ExplainCommand,
  key: string,
  output: NodeJS.WritableStream,
): Promise<void> {
  const query = client === undefined ? '' : `?client=${encodeURIComponent(client)}`
  const answer = await gatewayCalls(url, key)(`/requests/${encodeURIComponent(id)}${query}`)
  output.write(timelineOf((await answer.json()) as ExplainedRequest))
}

/** The request, each account with its calls, and what happened in words. */
export function timelineOf(request: ExplainedRequest): string {
  return [...aboutRequest(request), ...request.accounts.flatMap(aboutAccount), '', ...request.explanation, ''].join(
    '\n',
  )
}

function aboutRequest(request: ExplainedRequest): readonly string[] {
  const { id, method, route, list, status, code, receivedAt, durationMs, deadlineMs, replica, sameId } = request
  const { result, firstRequest, storeMs } = request.idempotency
  const store = storeMs === undefined ? '' : `, known after ${ms(storeMs)}`
  return [
    `${id}  ${method} ${route}${list === undefined ? '' : ` (${list})`}  ${status}${code === undefined ? '' : ` ${code}`}`,
    `${receivedAt}, took ${ms(durationMs)} of ${ms(deadlineMs)}, answered by ${replica}`,
    ...(result === 'none'
      ? []
      : [`idempotency key: ${result}${firstRequest === undefined ? '' : `, first ${firstRequest}`}${store}`]),
    ...(sameId > 1 ? [`the newest of ${sameId} requests with this id`] : []),
  ]
}

function aboutAccount({ account, contacts, outcomes, calls, callsLeftOut }: ToldAccount): readonly string[] {
  const told = Object.entries(outcomes).map(([status, count]) => `${count} ${status}`)
  return [
    '',
    `${account}  ${contacts === 1 ? '1 contact' : `${contacts} contacts`}${told.length === 0 ? '' : `: ${told.join(', ')}`}`,
    ...calls.flatMap(({ operation, attempts }) => attempts.map((attempt) => aboutAttempt(operation, attempt))),
    ...(callsLeftOut > 0 ? [`  … and ${callsLeftOut} calls that went better`] : []),
  ]
}

function aboutAttempt(operation: string, attempt: ToldAttempt): string {
  const { atMs, waitedMs, breaker, tookMs, result, providerStatus, providerCode, next, nextInMs } = attempt
  const notes = [
    tookMs === undefined ? 'not sent' : `took ${ms(tookMs)}`,
    ...(waitedMs !== undefined && waitedMs.place >= 1 ? [`waited ${ms(waitedMs.place)} for a place`] : []),
    ...(waitedMs !== undefined && waitedMs.pace >= 1 ? [`waited ${ms(waitedMs.pace)} for the pace`] : []),
    ...(breaker === 'closed' ? [] : [`breaker ${breaker}`]),
    next === 'again' ? `again in ${ms(nextInMs ?? 0)}` : next,
  ]
  const said = [result, providerStatus, providerCode].filter((part) => part !== undefined)
  return `  +${ms(atMs)}  ${operation}  ${said.join(' ')}  ${notes.join(', ')}`
}

function ms(value: number): string {
  return `${Math.round(value).toLocaleString('en')} ms`
}
