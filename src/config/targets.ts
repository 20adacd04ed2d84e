import { Type } from 'typebox'
import type { Adapter, ListTarget } from '../providers/adapter-port.ts'
import type { Path } from './mistakes.ts'
import { type Mapping, readShape } from './read-shape.ts'
import type { Reading } from './reading.ts'

/** Reads the members of a list's target but `account`, by the adapter's schema and then by its `checkTarget`. */
export function readTarget(adapter: Adapter, entry: Mapping, path: Path, reading: Reading): ListTarget | undefined {
  const before = reading.mistakes.count
  const schema = Type.Object({ account: Type.String(), ...adapter.target.properties })
  const { account: _, ...target } = readShape(schema, entry, path, reading) ?? {}
  if (reading.mistakes.count > before) return undefined
  for (const { path: pointer, message } of adapter.checkTarget?.(target) ?? []) {
    reading.mistakes.add([...path, ...stepsOf(pointer)], message)
  }
  return reading.mistakes.count > before ? undefined : target
}

/** An adapter that needs nothing but a `list` to know one can have a default list. */
export function takesDefaultList({ target }: Adapter): boolean {
  const required: readonly string[] = target.required ?? []
  return required.length === 1 && required[0] === 'list'
}

/** The target that `defaultList` stands for. Whatever is wrong with it is wrong at `path`. */
export function readDefaultTarget(
  adapter: Adapter,
  value: unknown,
  path: Path,
  reading: Reading,
): ListTarget | undefined {
  const before = reading.mistakes.count
  const list = readShape(adapter.target.properties.list ?? Type.String(), value, path, reading)
  if (reading.mistakes.count > before) return undefined
  const target = { list }
  for (const { message } of adapter.checkTarget?.(target) ?? []) reading.mistakes.add(path, message)
  return target
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
