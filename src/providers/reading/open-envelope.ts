import { isRecord, parseText } from './coercions.ts'
import type { NoteDrift } from './drift.ts'

/** The names under which frameworks put what was asked for, or what went wrong. */
export const wrappers = ['data', 'result', 'response', 'payload', 'body'] as const
const deepest = 2

/**
 * All that an answer may mean by its body, from the outside in: the body itself, then what stands under a known wrapper or
 * under one of `names`, in a list of one, or in a JSON text.
 */
export function openEnvelope(body: unknown, names: readonly string[]): readonly unknown[] {
  const opened: unknown[] = [body]
  let inner = body
  for (let depth = 0; depth < deepest; depth++) {
    inner = contentOf(inner, names)
    if (inner === undefined) break
    opened.push(inner)
  }
  return opened
}

function contentOf(value: unknown, names: readonly string[]): unknown {
  if (typeof value === 'string') return parseText(value)
  if (Array.isArray(value)) return value.length === 1 ? value[0] : undefined
  if (!isRecord(value)) return undefined
  const name = [...names, ...wrappers].find((one) => Object.hasOwn(value, one) && isOpenable(value[one]))
  return name === undefined ? undefined : value[name]
}

function isOpenable(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || (typeof value === 'string' && parseText(value) !== undefined)
}

/** Notes what had to be opened to get at `depth`, the place of what was read in `openEnvelope`'s answer. */
export function noteEnvelope(body: unknown, depth: number, drift: NoteDrift): void {
  if (depth > 0) drift(typeof body === 'string' ? 'json_text' : 'envelope')
}
