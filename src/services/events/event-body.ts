import { hash } from 'node:crypto'
import type { CallerEventType } from '../../domain/caller-event.ts'

const idDigits = 32
/** Of the whole body, in bytes. */
const mostBytes = 20 * 1024

/** The `webhook-id` of an event: the same for the same cause, whoever writes it and however often. No caller's text is in it. */
export function eventIdOf(client: string, type: CallerEventType, cause: string): string {
  return hash('sha256', JSON.stringify([client, type, cause])).slice(0, idDigits)
}

export function deliveryIdOf(eventId: string, endpoint: string): string {
  return hash('sha256', `${eventId} ${endpoint}`).slice(0, idDigits)
}

export type EventBody = {
  readonly type: CallerEventType
  readonly at: number
  readonly request?: string | undefined
  readonly data: Readonly<Record<string, unknown>>
  /** Something was left out before. */
  readonly isCut?: boolean
}

/** The body that is sent, of at most 20 KB: where there is more, the largest members of the data are cut, and that is said. */
export function bodyOf({ type, at, request, data, isCut = false }: EventBody): string {
  const write = (kept: EventBody['data'], truncated: boolean) =>
    JSON.stringify({
      type,
      timestamp: new Date(at).toISOString(),
      data: kept,
      ...(request !== undefined && { request }),
      ...(truncated && { truncated }),
    })
  let kept = data
  let text = write(kept, isCut)
  while (Buffer.byteLength(text) > mostBytes) {
    kept = cutLargest(kept)
    text = write(kept, true)
  }
  return text
}

/** Half of the largest list goes, or else the largest member. */
function cutLargest(data: EventBody['data']): EventBody['data'] {
  const sizes = Object.entries(data).map(([name, value]) => [name, (JSON.stringify(value) ?? '').length] as const)
  const [largest] = sizes.sort(([, one], [, other]) => other - one)
  if (largest === undefined) throw new RangeError('an event without data does not fit')
  const [name] = largest
  const { [name]: value, ...rest } = data
  return Array.isArray(value) && value.length > 1 ? { ...data, [name]: value.slice(0, value.length >> 1) } : rest
}
