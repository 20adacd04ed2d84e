import type { Registry } from 'prom-client'
import { type Idempotency, type KeyedAnswer, KeyRefused, LeaseLost } from '../services/idempotency/idempotency.ts'
import { StoreUnavailable } from '../services/store-port.ts'
import { CountFamily } from './families.ts'

/** How a request with an `Idempotency-Key` ended, each in exactly one way. */
export const idempotencyResults = [
  /** Carried out for the first time. */
  'fresh',
  /** Answered with the stored answer. */
  'replayed',
  /** Taken over, or what had failed was tried again. */
  'resumed',
  /** Carried out, and the answer could not be stored. */
  'not_stored',
  /** Refused: the same request is being worked on. */
  'in_progress',
  /** Refused: the key belongs to another request. */
  'reused',
  /** Refused: the store cannot be reached. */
  'unavailable',
  /** Refused for another reason, with nothing sent: the key is free again. */
  'refused',
] as const
export type IdempotencyResult = (typeof idempotencyResults)[number]

/** Counts the results of an idempotency mechanism. */
export function idempotencyMetrics(registry: Registry): (idempotency: Idempotency) => Idempotency {
  const results = new CountFamily(registry, {
    name: 'contact_gateway_idempotency_results_total',
    help: 'Requests with an Idempotency-Key, by how they ended.',
    labels: ['result'],
  })
  const series = new Map(idempotencyResults.map((result) => [result, results.with({ result })]))
  const count = (result: IdempotencyResult) => series.get(result)?.add()
  const answered = (answer: KeyedAnswer): KeyedAnswer => {
    count(resultOf(answer))
    return answer
  }
  const failed = (error: unknown): never => {
    count(resultOfError(error))
    throw error
  }
  return (idempotency) => ({
    ...idempotency,
    run: (request, work) => idempotency.run(request, work).then(answered, failed),
  })
}

function resultOf({ replayed, stored }: KeyedAnswer): IdempotencyResult {
  if (replayed === 'true') return 'replayed'
  if (!stored) return 'not_stored'
  return replayed ?? 'fresh'
}

const resultOfReason = { running: 'in_progress', reused: 'reused', unavailable: 'unavailable' } as const

function resultOfError(error: unknown): IdempotencyResult {
  if (error instanceof KeyRefused) return resultOfReason[error.reason]
  if (error instanceof LeaseLost) return 'in_progress'
  return error instanceof StoreUnavailable ? 'unavailable' : 'refused'
}
