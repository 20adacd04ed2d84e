import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import type { FastifyInstance } from 'fastify'
import { Problem } from '../problems/problems.ts'
import { routeOf } from '../requests/route-of.ts'
import type { LoopDelay } from './loop-delay.ts'

/** Mean delays of the event loop within a sample: from these on imports, or all that needs a client, are refused. */
export type LoadLimits = {
  readonly importDelayMs: number
  readonly anyDelayMs: number
}

/** The limits for a delay from which imports are refused. */
export function loadLimits(importDelayMs: number): LoadLimits {
  return { importDelayMs, anyDelayMs: 4 * importDelayMs }
}

/** Of the heap that the process may have, and of the memory of its container. */
const full = 0.9
const retryAfterSeconds = 5

/**
 * Refuses work while the process cannot keep up: imports first, everything that needs a client later; health, readiness
 * and documentation never. Runs before the caller is identified and the body is read, so that a refusal costs little.
 */
export function limitLoad(app: FastifyInstance, { importDelayMs, anyDelayMs }: LoadLimits, delay: LoopDelay): void {
  const mostHeapBytes = full * getHeapStatistics().heap_size_limit
  const mostResidentBytes = full * memoryLimit()
  app.addHook('onRequest', (request, _reply, done) => {
    const { scope } = routeOf(request).config
    if (scope === undefined || scope === 'open') return done()
    const { meanMs } = delay
    const isLate = meanMs > (scope === 'imports' ? importDelayMs : anyDelayMs)
    const isFull = delay.heapBytes > mostHeapBytes || delay.residentBytes > mostResidentBytes
    if (isLate || isFull) return done(new Problem('overloaded', { retryAfterSeconds }))
    done()
  })
  app.addHook('onClose', async () => delay.close())
}

/** What the container may have; infinite outside of one, where the process does not know what others need. */
function memoryLimit(): number {
  const bytes = process.constrainedMemory()
  return bytes > 0 && bytes < totalmem() ? bytes : Number.POSITIVE_INFINITY
}
