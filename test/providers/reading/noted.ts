import type { DriftKind, NoteDrift } from '../../../src/providers/reading/drift.ts'

/** Reads something, and tells what was noted meanwhile. */
export function noting<Value>(read: (drift: NoteDrift) => Value): {
  readonly value: Value
  readonly drift: DriftKind[]
} {
  const kinds = new Set<DriftKind>()
  const value = read((kind) => kinds.add(kind))
  return { value, drift: [...kinds].sort() }
}
