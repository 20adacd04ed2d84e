import { type TObject, type TSchema, Type } from 'typebox'
import type { When } from '../domain/routing/when.ts'
import type { Adapter, ListTarget } from '../providers/adapter-port.ts'
import type { Path } from './mistakes.ts'
import { type Mapping, readShape } from './read-shape.ts'
import type { Reading } from './reading.ts'
import { checkWhen, WhenSchema } from './when.ts'

/** A target of a list: the list as the provider names it, and which contacts it is for; `undefined`: all. */
export type ReadTarget = { readonly target: ListTarget; readonly when: When | undefined }

/** What a target of a list may hold, besides what its provider needs to know the list. */
export function targetSchema({ target }: Adapter): TObject {
  return Type.Object({ account: Type.String(), ...target.properties, when: Type.Optional(WhenSchema) })
}

/** Reads the members of a list's target but `account`, by the adapter's schema and then by its `checkTarget`. */
export function readTarget(adapter: Adapter, entry: Mapping, path: Path, reading: Reading): ReadTarget | undefined {
  const before = reading.mistakes.count
  const read = readShape(targetSchema(adapter), entry, path, reading) ?? {}
  if (reading.mistakes.count > before) return undefined
  const { account: _, when, ...target } = read as { readonly account: string; readonly when?: When }
  if (when !== undefined) checkWhen(when, [...path, 'when'], reading)
  for (const { path: pointer, message } of adapter.checkTarget?.(target) ?? []) {
    reading.mistakes.add([...path, ...stepsOf(pointer)], message)
  }
  return reading.mistakes.count > before ? undefined : { target, when }
}

/** The target that `defaultList` stands for. Whatever is wrong with it is wrong at `path`. */
export function readDefaultTarget(
  { target: { properties }, listMember, checkTarget }: Adapter,
  value: unknown,
  path: Path,
  reading: Reading,
): ListTarget | undefined {
  if (value === undefined || listMember === undefined) return undefined
  const before = reading.mistakes.count
  const target = { [listMember]: readShape(properties[listMember] as TSchema, value, path, reading) }
  if (reading.mistakes.count > before) return undefined
  for (const { message } of checkTarget?.(target) ?? []) reading.mistakes.add(path, message)
  return target
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
