import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problems/problems.ts'

/** Mean delays of the event loop within a sample: from these on imports, or all that needs a client, are refused. */
export type LoadLimits = {
  readonly importDelayMs: number
  readonly anyDelayMs: number
  readonly sampleIntervalMs: number
}

/** The limits for a delay from which imports are refused. */
export function loadLimits(importDelayMs: number): LoadLimits {
  return { importDelayMs, anyDelayMs: 4 * importDelayMs, sampleIntervalMs: 1_000 }
}

/** Of the heap that the process may have. */
const fullHeap = 0.9
const retryAfterSeconds = 5

/**
 * Refuses work while the process cannot keep up: imports first, everything that needs a client later; health, readiness
 * and documentation never. Runs before the caller is identified and the body is read, so that a refusal costs little.
 */
export async function limitLoad(app: FastifyInstance, limits: LoadLimits): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: limits.importDelayMs,
    sampleInterval: limits.sampleIntervalMs,
    maxHeapUsedBytes: fullHeap * getHeapStatistics().heap_size_limit,
    pressureHandler: (request, _reply, type, value) => {
      if (mustGo(request, type, value ?? 0, limits.anyDelayMs)) throw new Problem('overloaded', { retryAfterSeconds })
    },
  })
}

function mustGo(request: FastifyRequest, type: string, value: number, anyDelayMs: number): boolean {
  const { scope } = request.routeOptions.config
  if (scope === undefined || scope === 'open') return false
  // The delay is infinite when a whole sample was one turn of the loop.
  return type !== underPressure.TYPE_EVENT_LOOP_DELAY || scope === 'imports' || value > anyDelayMs
}
