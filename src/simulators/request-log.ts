import type { IncomingHttpHeaders } from 'node:http'
import type { Fault } from './behaviour.ts'
import type { AnswerStep } from './change-answer.ts'
import { parseExact } from './exact-json.ts'

/** A request as it was received, credentials included: tests assert exact requests, and the credentials are not real. */
export interface RecordedRequest {
  /** When its body had arrived, RFC 3339. */
  at: string
  /** The provider's operation; `elsewhere` for a path that is none of its own. */
  operation: string
  method: string
  /** The raw URL. */
  path: string
  headers: IncomingHttpHeaders
  /** Parsed when it is JSON, else its text; `null` when there was none or it was not kept. */
  body: unknown
  /** Whether the simulator acted on it; a request that was refused or never reached the provider was not applied. */
  applied: boolean
  /** What the simulator did wrong on this request. */
  fault?: Fault
  /** The steps by which the answer differs from the honest one. */
  changes?: readonly AnswerStep[]
}

export interface RequestLogOptions {
  /** Keep requests at all; they are counted in any case. Default true. */
  recordRequests?: boolean
  /** Keep their bodies. Default true. */
  recordBodies?: boolean
}

export interface RequestEntry extends Omit<RecordedRequest, 'body'> {
  rawBody: Buffer
}

export interface RequestLog {
  /** Adds a request; tell when it was applied, and how its answer was changed. */
  add(entry: RequestEntry): { applied(): void; changed(steps: readonly AnswerStep[]): void }
  /** The newest requests, oldest first. */
  list(limit?: number): RecordedRequest[]
  /** All ever received since the last clear, kept or not. */
  total(): number
  /** Resolves with the first request, past or future, that the predicate accepts. */
  waitFor(accepts: (request: RecordedRequest) => boolean): Promise<RecordedRequest>
  clear(): void
}

const keptRequests = 10_000
/** Over this, the bodies of the oldest requests are let go. */
const keptBodyBytes = 128 * 1024 * 1024
const noBody = Buffer.alloc(0)

export function createRequestLog({ recordRequests = true, recordBodies = true }: RequestLogOptions = {}): RequestLog {
  let ring: RequestEntry[] = []
  let total = 0
  let bodyBytes = 0
  let oldestBody = 0
  const waiting = new Set<(entry: RequestEntry) => void>()
  const announce = (entry: RequestEntry) => {
    for (const look of waiting) look(entry)
  }

  /** The entry number `sequence`, counted from the last clear. */
  const put = (sequence: number, entry: RequestEntry) => {
    const slot = sequence % keptRequests
    bodyBytes += entry.rawBody.length - (ring[slot]?.rawBody.length ?? 0)
    ring[slot] = entry
    oldestBody = Math.max(oldestBody, sequence - keptRequests + 1)
    while (bodyBytes > keptBodyBytes && oldestBody < sequence) {
      const old = ring[oldestBody % keptRequests]
      if (old !== undefined) {
        bodyBytes -= old.rawBody.length
        old.rawBody = noBody
      }
      oldestBody += 1
    }
  }

  const list = (limit = keptRequests): RecordedRequest[] => {
    const count = Math.max(0, Math.min(limit, ring.length))
    const start = recordRequests ? total - count : 0
    return Array.from({ length: count }, (_, index) => ring[(start + index) % keptRequests])
      .filter((entry) => entry !== undefined)
      .map(toRecorded)
  }

  return {
    add(entry) {
      const kept = recordBodies ? entry : { ...entry, rawBody: noBody }
      if (recordRequests) put(total, kept)
      total += 1
      announce(kept)
      return {
        applied() {
          kept.applied = true
          announce(kept)
        },
        changed(steps) {
          kept.changes = steps
        },
      }
    },
    list,
    total: () => total,
    waitFor(accepts) {
      const { promise, resolve } = Promise.withResolvers<RecordedRequest>()
      const seen = list().find(accepts)
      if (seen !== undefined) resolve(seen)
      else {
        const look = (entry: RequestEntry) => {
          const request = toRecorded(entry)
          if (!accepts(request)) return
          waiting.delete(look)
          resolve(request)
        }
        waiting.add(look)
      }
      return promise
    },
    clear() {
      ring = []
      total = 0
      bodyBytes = 0
      oldestBody = 0
    },
  }
}

function toRecorded({ rawBody, ...entry }: RequestEntry): RecordedRequest {
  return { ...entry, body: readBody(rawBody, entry.headers['content-type'] ?? '') }
}

function readBody(rawBody: Buffer, contentType: string): unknown {
  if (rawBody.length === 0) return null
  const text = rawBody.toString('utf8')
  if (contentType.startsWith('multipart/')) return text
  try {
    return parseExact(text)
  } catch {
    return text
  }
}
